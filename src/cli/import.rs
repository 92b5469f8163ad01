//! `zorgkaart import`: entries of the contactenbestand from a file.

use std::{fs::File, path::PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand, builder::BoolishValueParser};
use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::{
    app::{App, Filling},
    auth::Scope,
    care::contact::file::Report,
    clock::Clock,
    config::Config,
    store::{Access, ImportOptions, Phase},
};

/// Imports a file.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart import contacts contacts.csv --dry-run
  zorgkaart import contacts contacts.csv
  zorgkaart import contacts contacts.csv --partial")]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make and change entries of the contactenbestand: all rows of a CSV file, or none if one is bad. README.md lists the
    /// columns. Bad rows are printed by line, column and reason
    Contacts {
        /// The CSV file
        #[arg(value_name = "FILE", env = "ZORGKAART_IMPORT_FILE")]
        file: PathBuf,
        /// Only look at the file
        #[arg(long, env = "ZORGKAART_IMPORT_DRY_RUN", value_parser = BoolishValueParser::new())]
        dry_run: bool,
        /// Take the good rows without the bad ones
        #[arg(long, env = "ZORGKAART_IMPORT_PARTIAL", value_parser = BoolishValueParser::new())]
        partial: bool,
    },
}

pub(super) async fn run(config: Config, options: &Options) -> anyhow::Result<()> {
    let What::Contacts { file: path, dry_run, partial } = &options.what;
    let unreadable = || format!("cannot read {}", path.display());
    let file = File::open(path).with_context(unreadable)?;
    let length = file.metadata().with_context(unreadable)?.len();
    let app = App::start(config, Filling::None, Clock::System).await?;
    let view = app.store.view(Scope::operator(), app.clock.now());
    let style = ProgressStyle::with_template("{msg} {bar:40} {bytes} of {total_bytes}, {eta} to go")?;
    let bar = ProgressBar::new(length).with_style(style);
    let progress = |phase, bytes| {
        bar.set_message(match phase {
            Phase::Checking => "checking",
            Phase::Writing => "writing",
        });
        bar.set_position(bytes);
    };
    let options = ImportOptions { dry_run: *dry_run, partial: *partial };
    let report = app.store.import_contacts(&view, &Access::default(), &file, options, &progress).await;
    bar.finish_and_clear();
    app.store.close().await?;
    tell(&report?)
}

/// Prints a report.
fn tell(report: &Report) -> anyhow::Result<()> {
    for mistake in &report.mistakes {
        let column = mistake.column.map(|column| format!(", column {}", column.name())).unwrap_or_default();
        output::result(&format!("line {}{column}: {}", mistake.line, mistake.reason));
    }
    let Report { rows, created, updated, unchanged, bad, .. } = report;
    output::result(&format!("{rows} rows: {created} new, {updated} changed, {unchanged} unchanged, {bad} bad"));
    if report.dry_run {
        output::note("This was a dry run: nothing was imported.");
    }
    if report.forbids() {
        bail!("nothing was imported, since there are bad rows; mend them, or take the good rows alone with --partial");
    }
    Ok(())
}
