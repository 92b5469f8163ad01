//! `zorgkaart demand`: publishing demand.

use clap::{Args, Subcommand};

use super::output;
use crate::{
    app::{App, Filling},
    auth::Scope,
    clock::Clock,
    config::Config,
    store::{Access, PublishDemand, Request, WriteError},
};

/// Demand as zorgkantoren may know it (docs/demand.md).
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart demand publish
  zorgkaart demand publish --k 15")]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Publish demand for the quarter of today, once, from the active passports: areas of k families and more, with noise. What
    /// was published never changes
    Publish {
        /// The fewest families of an area, 10 or more; within a year it is that of the first publication [default: 10]
        #[arg(long, value_name = "FAMILIES", env = "ZORGKAART_DEMAND_K")]
        k: Option<u32>,
    },
}

pub(super) async fn run(config: Config, options: &Options) -> anyhow::Result<()> {
    let What::Publish { k } = &options.what;
    let app = App::start(config, Filling::None, Clock::System).await?;
    let view = app.store.view(Scope::operator(), app.clock.now());
    let access = Access::default();
    let request = Request { view: &view, access: &access, key: None };
    let done = app.store.publish_demand(request, &PublishDemand { k: *k }).await.map_err(|error| match error {
        WriteError::Refused(why) => anyhow::anyhow!("{why}"),
        WriteError::Store(error) => error.into(),
        _ => anyhow::anyhow!("only the kenniscentrum publishes demand"),
    })?;
    for region in &done.refused {
        output::note(&format!("The gate refused the areas of {region}: it is suppressed for the year."));
    }
    output::result(&format!("Demand is published for {}: {} areas.", done.quarter, done.areas));
    Ok(app.store.close().await?)
}
