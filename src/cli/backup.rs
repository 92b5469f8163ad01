//! `zorgkaart backup`: a copy of an `SQLite` database.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::output;
use crate::{config::Config, store::Database};

/// Copies an SQLite database to a new file, as of one moment, also while it is in use. For PostgreSQL see
/// docs/operations.md.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart backup zorgkaart-2026-12-01.db
  zorgkaart --data-dir /srv/zorgkaart backup /backup/zorgkaart.db")]
pub(super) struct Options {
    /// The file to make; it must not be there yet
    #[arg(value_name = "FILE", env = "ZORGKAART_BACKUP_FILE")]
    file: PathBuf,
}

pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    let url = config.main_database()?;
    if url.is_postgres() {
        anyhow::bail!("this database is of PostgreSQL: back it up with its own means, see docs/operations.md");
    }
    let database = Database::connect(&url.existing(), 1).await.context("there is no database to copy")?;
    database.backup(&options.file).await.with_context(|| format!("cannot write {}", options.file.display()))?;
    output::note(&format!("The database is copied to {}. The keys are not in it.", options.file.display()));
    Ok(())
}
