//! `zorgkaart digest`: what a mailer tells each provider once a month.

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::output;
use crate::{
    app::{App, Filling},
    auth::Scope,
    care::calendar::{dutch_date, iso_date},
    clock::Clock,
    config::Config,
};

/// What to tell about which month.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart digest --month 2026-10
  zorgkaart digest --month 2026-10 --format json > digest.jsonl")]
pub(super) struct Options {
    /// The month whose looks are told; of the month after it, the free spots are
    #[arg(long, value_name = "YEAR-MONTH", value_parser = month, env = "ZORGKAART_DIGEST_MONTH")]
    month: NaiveDate,
    /// How it is written: `json` is one JSON object for each provider, each on a line
    #[arg(long, value_enum, default_value = "json", env = "ZORGKAART_DIGEST_FORMAT")]
    format: Format,
}

/// How a digest is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object on each line.
    Json,
}

fn month(text: &str) -> Result<NaiveDate, String> {
    iso_date(&format!("{text}-01")).ok_or_else(|| "a month looks like 2026-10".into())
}

pub(super) async fn run(config: Config, options: &Options) -> anyhow::Result<()> {
    let app = App::start(config, Filling::None, Clock::System).await?;
    let now = app.clock.now();
    if options.month > dutch_date(now) {
        anyhow::bail!("the month {} has not begun; name one that has", options.month.format("%Y-%m"));
    }
    let view = app.store.view(Scope::operator(), now);
    let digests = app.store.digests(&view, options.month).await?;
    match options.format {
        Format::Json => {
            for digest in digests {
                output::result(&serde_json::to_string(&digest)?);
            }
        }
    }
    Ok(app.store.close().await?)
}
