//! `zorgkaart seed`: fill the database.

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::{
    app::{self, Filling},
    care::calendar::dutch_date,
    clock::Clock,
    config::Config,
};

/// Fills the database; reference data always, if they are absent.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart seed --demo
  zorgkaart seed --demo --demo-date 2026-12-01
  zorgkaart --data-dir large seed --synthetic 1000000")]
pub(super) struct Options {
    #[command(flatten)]
    pub(super) demo: super::DemoOptions,
    /// Add N synthetic places
    #[arg(long, env = "ZORGKAART_SYNTHETIC", value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    synthetic: Option<u64>,
}

/// What the configuration asks the database to hold.
pub(super) fn filling(config: &Config) -> Filling {
    match (config.demo, config.demo_date) {
        (false, _) => Filling::None,
        (true, None) => Filling::Demo,
        (true, Some(date)) => Filling::DemoOn(date),
    }
}

pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    let database = app::open_database(config).await?;
    let clock = app::fill(&database, filling(config), Clock::System).await?;
    if let Some(places) = options.synthetic {
        let bar = ProgressBar::new(places).with_style(ProgressStyle::with_template(
            "{bar:40} {human_pos} of {human_len} places, {per_sec}, {eta} to go",
        )?);
        database.seed_synthetic(places, dutch_date(clock.now()), |written| bar.set_position(written)).await?;
        bar.finish();
    }
    database.close().await?;
    output::note("The database is filled.");
    Ok(())
}
