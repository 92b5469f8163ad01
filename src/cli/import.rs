//! `zorgkaart import`: files into the database.

use std::{fmt::Display, fs::File, path::PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand, builder::BoolishValueParser};
use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::{
    app::{App, Filling},
    auth::Scope,
    care::file::{Columns, Flaw, Mistake, Report},
    clock::Clock,
    config::Config,
    store::{Access, ImportOptions, Phase},
};

/// Imports a file.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart import contacts contacts.csv --dry-run
  zorgkaart import contacts contacts.csv
  zorgkaart import providers providers.csv
  zorgkaart import places places.csv
  zorgkaart import availability spots.csv --partial
  zorgkaart import postcodes pc4.csv

All rows of a file are taken, or none if one is bad. Bad rows are printed by line, column and reason.")]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make and change entries of the contactenbestand. README.md lists the columns
    Contacts(CsvFile),
    /// Make and change providers. docs/import-export.md lists the columns
    Providers(CsvFile),
    /// Make and change places with the locations and groups that they are in. docs/import-export.md lists the columns
    Places(CsvFile),
    /// State free spots of places. docs/import-export.md lists the columns
    Availability(CsvFile),
    /// Put postcodes where Statistics Netherlands (CBS) says, in their gemeenten. docs/import-export.md lists the columns
    Postcodes(CsvFile),
}

#[derive(Args)]
struct CsvFile {
    /// The CSV file
    #[arg(value_name = "FILE", env = "ZORGKAART_IMPORT_FILE")]
    file: PathBuf,
    /// Only look at the file
    #[arg(long, env = "ZORGKAART_IMPORT_DRY_RUN", value_parser = BoolishValueParser::new())]
    dry_run: bool,
    /// Take the good rows without the bad ones
    #[arg(long, env = "ZORGKAART_IMPORT_PARTIAL", value_parser = BoolishValueParser::new())]
    partial: bool,
}

pub(super) async fn run(config: Config, options: &Options) -> anyhow::Result<()> {
    let (What::Contacts(csv)
    | What::Providers(csv)
    | What::Places(csv)
    | What::Availability(csv)
    | What::Postcodes(csv)) = &options.what;
    let unreadable = || format!("cannot read {}", csv.file.display());
    let file = File::open(&csv.file).with_context(unreadable)?;
    let length = file.metadata().with_context(unreadable)?.len();
    let App { store, clock, .. } = App::start(config, Filling::None, Clock::System).await?;
    let (view, access) = (store.view(Scope::operator(), clock.now()), Access::default());
    let style = ProgressStyle::with_template("{msg} {bar:40} {bytes} of {total_bytes}, {eta} to go")?;
    let bar = ProgressBar::new(length).with_style(style);
    let progress = |phase, bytes| {
        bar.set_message(match phase {
            Phase::Checking => "checking",
            Phase::Writing => "writing",
        });
        bar.set_position(bytes);
    };
    let how = ImportOptions { dry_run: csv.dry_run, partial: csv.partial };
    let told = match &options.what {
        What::Contacts(_) => {
            store.import_contacts(&view, &access, &file, how, &progress).await.map(|report| Told::of(&report))
        }
        What::Providers(_) => {
            store.import_providers(&view, &access, &file, how, &progress).await.map(|report| Told::of(&report))
        }
        What::Places(_) => {
            store.import_places(&view, &access, &file, how, &progress).await.map(|report| Told::of(&report))
        }
        What::Availability(_) => {
            store.import_availability(&view, &access, &file, how, &progress).await.map(|report| Told::of(&report))
        }
        What::Postcodes(_) => {
            store.import_postcodes(&view, &access, &file, how, &progress).await.map(|report| Told::of(&report))
        }
    };
    bar.finish_and_clear();
    store.close().await?;
    told?.tell()
}

/// A report, as it is printed.
struct Told {
    lines: Vec<String>,
    dry_run: bool,
    forbids: bool,
}

impl Told {
    fn of<C: Columns, R: Display + From<Flaw>>(report: &Report<C, R>) -> Self {
        let line = |mark: &str, Mistake { line, column, reason }: &Mistake<C, R>| {
            let column = column.map(|column| format!(", column {}", column.name())).unwrap_or_default();
            format!("line {line}{column}: {mark}{reason}")
        };
        let mistakes = report.mistakes.iter().map(|mistake| line("", mistake));
        let warnings = report.warnings.iter().map(|warning| line("probably wrong: ", warning));
        let &Report { rows, created, updated, unchanged, bad, .. } = report;
        let sum = format!("{rows} rows: {created} new, {updated} changed, {unchanged} unchanged, {bad} bad");
        let lines = mistakes.chain(warnings).chain([sum]).collect();
        Self { lines, dry_run: report.dry_run, forbids: report.forbids() }
    }

    fn tell(&self) -> anyhow::Result<()> {
        for line in &self.lines {
            output::result(line);
        }
        if self.dry_run {
            output::note("This was a dry run: nothing was imported.");
        }
        if self.forbids {
            bail!(
                "nothing was imported, since there are bad rows; mend them, or take the good rows alone with --partial"
            );
        }
        Ok(())
    }
}
