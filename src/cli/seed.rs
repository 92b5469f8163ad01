//! `zorgkaart seed`: fill the database.

use chrono::NaiveDate;
use clap::{Args, builder::BoolishValueParser};
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
    /// Add the demo: plainly fictional providers, places, contacts and passports
    #[arg(long, env = "ZORGKAART_DEMO", value_parser = BoolishValueParser::new())]
    demo: bool,
    /// The date on which the demo begins, and at which its clock stands [default: today, and the clock runs]
    #[arg(long, env = "ZORGKAART_DEMO_DATE", value_name = "DATE", requires = "demo")]
    demo_date: Option<NaiveDate>,
    /// Add N synthetic places
    #[arg(long, env = "ZORGKAART_SYNTHETIC", value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    synthetic: Option<u64>,
}

/// What `--demo` and `--demo-date` ask for.
pub(super) fn filling(demo: bool, date: Option<NaiveDate>) -> Filling {
    match (demo, date) {
        (false, _) => Filling::None,
        (true, None) => Filling::Demo,
        (true, Some(date)) => Filling::DemoOn(date),
    }
}

pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    let database = app::open_database(config).await?;
    let clock = app::fill(&database, filling(options.demo, options.demo_date), Clock::System).await?;
    if let Some(places) = options.synthetic {
        let bar = ProgressBar::new(places).with_style(ProgressStyle::with_template(
            "{bar:40} {human_pos} of {human_len} places, {per_sec}, {eta} to go",
        )?);
        database.seed_synthetic(places, dutch_date(clock.now()), |written| bar.set_position(written)).await?;
        bar.finish();
    }
    output::note("The database is filled.");
    Ok(())
}
