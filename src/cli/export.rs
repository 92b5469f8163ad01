//! `zorgkaart export`: the contactenbestand, the places of the map and the gap analysis as files.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use futures::{Stream, TryStreamExt, stream};

use super::output;
use crate::{
    app::{App, Filling},
    auth::Scope,
    clock::Clock,
    config::Config,
    graphql::gap_question,
    store::{Access, ExportError, ExportFormat, Exporting, GapAsked, GapFormat, GapRefusal, StoreError},
};

/// Exports files, safe to open in a spreadsheet; it is recorded in the audit trail.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart export contacts > contacts.csv
  zorgkaart export contacts --output contacts.csv
  zorgkaart export places --format geojson --output places.geojson
  zorgkaart export gap --input '{\"careForm\":\"LOGEREN\"}' --format svg --output logeren.svg")]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Write all entries of the contactenbestand as CSV
    Contacts {
        #[command(flatten)]
        to: To,
    },
    /// Write all places of the map as the kenniscentrum sees them, with true addresses and free spots. docs/import-export.md
    /// lists the columns
    Places {
        /// As what to write them
        #[arg(long, value_enum, env = "ZORGKAART_EXPORT_FORMAT")]
        format: Format,
        #[command(flatten)]
        to: To,
    },
    /// Write the gap analysis as the kenniscentrum sees it: areas and cells of the country or of a region (geojson), a table of
    /// them (csv), or a map for a report (svg)
    Gap {
        /// What is asked: the input of the API's `gapAnalysis` as JSON, such as {"careForm":"LOGEREN","source":"ESTIMATE"}
        #[arg(long, value_name = "JSON", env = "ZORGKAART_EXPORT_INPUT")]
        input: String,
        /// The zorgkantoorregio that it is about, such as ZK23 [default: the country]
        #[arg(long, value_name = "CODE", env = "ZORGKAART_EXPORT_REGION")]
        region: Option<String>,
        /// As what to write it
        #[arg(long, value_enum, env = "ZORGKAART_EXPORT_FORMAT")]
        format: GapAs,
        #[command(flatten)]
        to: To,
    },
}

#[derive(Args)]
struct To {
    /// The file to make, which must not be there yet [default: standard output]
    #[arg(long, value_name = "FILE", env = "ZORGKAART_EXPORT_OUTPUT")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Rows with a header
    Csv,
    /// A feature collection (RFC 7946)
    Geojson,
}

#[derive(Clone, Copy, ValueEnum)]
enum GapAs {
    /// A feature collection (RFC 7946)
    Geojson,
    /// Rows with a header
    Csv,
    /// A picture
    Svg,
}

pub(super) async fn run(config: Config, options: &Options) -> anyhow::Result<()> {
    let app = App::start(config, Filling::None, Clock::System).await?;
    let view = app.store.view(Scope::operator(), app.clock.now());
    match &options.what {
        What::Contacts { to } => {
            let begun = Exporting::begin(app.store.clone(), view, Access::default()).await;
            let exporting = begun.map_err(|_| anyhow::anyhow!("only the kenniscentrum exports contacts"))?;
            let parts = stream::try_unfold(exporting, async |mut exporting| {
                Ok(exporting.next().await?.map(|part| (part, exporting)))
            });
            Box::pin(to.write(parts, "The contactenbestand is")).await?;
        }
        What::Places { format, to } => {
            let format = match format {
                Format::Csv => ExportFormat::Csv,
                Format::Geojson => ExportFormat::GeoJson,
            };
            let begun = app.store.export_places(view, &Access::default(), format).await;
            let exporting = begun.map_err(|error| match error {
                ExportError::Denied(_) => anyhow::anyhow!("only the kenniscentrum exports places here"),
                ExportError::Store(error) => error.into(),
            })?;
            let parts = stream::try_unfold(exporting, async |mut exporting| {
                Ok(exporting.part()?.map(|part| (part, exporting)))
            });
            to.write(parts, "The places are").await?;
        }
        What::Gap { input, region, format, to } => {
            let (question, region) = gap_question(input, region.clone(), &view)
                .map_err(|error| anyhow::anyhow!("{}: {}", error.argument().unwrap_or("input"), error.message()))?;
            let format = match format {
                GapAs::Geojson => GapFormat::GeoJson,
                GapAs::Csv => GapFormat::Csv,
                GapAs::Svg => GapFormat::Svg,
            };
            let asked = GapAsked { question, purpose: "exportGap" };
            let written = app.store.export_gap(&view, &Access::default(), &asked, region, format).await?;
            let bytes = written.map_err(|refusal| match refusal {
                GapRefusal::Denied(_) => anyhow::anyhow!("only zorgkantoren and the kenniscentrum analyse demand"),
                GapRefusal::NotPublished(_) => {
                    anyhow::anyhow!("no such demand is published; `zorgkaart demand publish`, or ask ESTIMATE")
                }
            })?;
            to.write(stream::iter([Ok(bytes)]), "The analysis is").await?;
        }
    }
    Ok(app.store.close().await?)
}

impl To {
    /// Writes a file, and says of `what` where it is.
    async fn write(&self, parts: impl Stream<Item = Result<Vec<u8>, StoreError>>, what: &str) -> anyhow::Result<()> {
        let Some(path) = &self.output else {
            return write(parts, io::stdout()).await.context("cannot write the export");
        };
        let unwritable = || format!("cannot write {}", path.display());
        let file = create(path).with_context(unwritable)?;
        if let Err(error) = write(parts, file).await {
            // Half an export looks like a whole one.
            let _ = fs::remove_file(path);
            return Err(error.context(unwritable()));
        }
        output::note(&format!("{what} in {}.", path.display()));
        Ok(())
    }
}

async fn write(parts: impl Stream<Item = Result<Vec<u8>, StoreError>>, mut to: impl Write) -> anyhow::Result<()> {
    let mut parts = std::pin::pin!(parts);
    while let Some(part) = parts.try_next().await? {
        to.write_all(&part)?;
    }
    Ok(to.flush()?)
}

/// Makes a file that others cannot read.
fn create(path: &std::path::Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
