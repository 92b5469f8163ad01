//! `zorgkaart export`: the contactenbestand as a file.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use anyhow::Context;
use clap::{Args, Subcommand};

use super::output;
use crate::{
    app::{App, Filling},
    auth::Scope,
    clock::Clock,
    config::Config,
    store::{Access, Exporting},
};

/// Exports what `import` reads.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart export contacts > contacts.csv
  zorgkaart export contacts --output contacts.csv")]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Write all entries of the contactenbestand as CSV, safe to open in a spreadsheet; it is recorded in the audit trail
    Contacts {
        /// The file to make, which must not be there yet [default: standard output]
        #[arg(long, value_name = "FILE", env = "ZORGKAART_EXPORT_OUTPUT")]
        output: Option<PathBuf>,
    },
}

pub(super) async fn run(config: Config, options: &Options) -> anyhow::Result<()> {
    let What::Contacts { output: path } = &options.what;
    let app = App::start(config, Filling::None, Clock::System).await?;
    let view = app.store.view(Scope::operator(), app.clock.now());
    let begun = Exporting::begin(app.store.clone(), view, Access::default()).await;
    let exporting = begun.map_err(|_| anyhow::anyhow!("only the kenniscentrum exports contacts"))?;
    match path {
        None => write(exporting, io::stdout()).await.context("cannot write the export")?,
        Some(path) => {
            let unwritable = || format!("cannot write {}", path.display());
            let file = create(path).with_context(unwritable)?;
            if let Err(error) = write(exporting, file).await {
                // Half an export looks like a whole one.
                let _ = fs::remove_file(path);
                return Err(error.context(unwritable()));
            }
            output::note(&format!("The contactenbestand is in {}.", path.display()));
        }
    }
    Ok(app.store.close().await?)
}

async fn write(mut exporting: Exporting, mut to: impl Write) -> anyhow::Result<()> {
    while let Some(part) = exporting.next().await? {
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
