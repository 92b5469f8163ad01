//! `zorgkaart audit`: proving and keeping the audit trail.

use std::{fs, path::PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::{
    app::{self, HEAD_FILE},
    clock::Clock,
    config::Config,
    store::Database,
};

/// Proves and keeps the audit trail.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart audit verify
  zorgkaart audit head > head-2026-12-01.jws
  zorgkaart audit verify --head head-2026-12-01.jws
  zorgkaart audit cut")]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Look at every record: finds what was changed, removed or added, and an end that was cut off
    Verify {
        /// A signed head that was kept elsewhere [default: the last one that `serve` wrote in the data directory]
        #[arg(long, value_name = "FILE", env = "ZORGKAART_AUDIT_HEAD")]
        head: Option<PathBuf>,
    },
    /// Print the signed head, for keeping elsewhere
    Head,
    /// Remove the records of months that ended five years ago or more
    Cut,
}

pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    let database = Database::connect(&config.main_database()?.existing(), 2).await?;
    match &options.what {
        What::Verify { head } => verify(config, &database, head.clone()).await,
        What::Head => {
            let head = database.trail_head().await?;
            output::result(&app::authority(config)?.sign_head(head, Clock::System.now())?);
            Ok(())
        }
        What::Cut => {
            let (removed, before) = database.cut_trail(Clock::System.now()).await?;
            output::note(&format!("Removed {removed} records from before {}.", before.date_naive()));
            Ok(())
        }
    }
}

async fn verify(config: &Config, database: &Database, file: Option<PathBuf>) -> anyhow::Result<()> {
    let written = config.data_dir.join(HEAD_FILE);
    let file = file.or_else(|| written.exists().then_some(written));
    let signed = match &file {
        Some(file) => {
            let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            let head = app::authority(config)?.read_head(&text);
            let head =
                head.map_err(|_| anyhow::anyhow!("{} holds no head that our keys have signed", file.display()))?;
            Some((head.seq, head.hash))
        }
        None => None,
    };
    let against = signed.as_ref().map(|(seq, _)| *seq);
    let total = u64::try_from(database.trail_head().await?.0).unwrap_or(0);
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} records, {per_sec}, {eta} to go")?;
    let bar = ProgressBar::new(total).with_style(style);
    let verdict = database.verify_trail(signed, |records| bar.set_position(records)).await?;
    bar.finish_and_clear();
    for fault in &verdict.faults {
        output::result(&fault.to_string());
    }
    if !verdict.faults.is_empty() {
        bail!("the audit trail is not whole");
    }
    let against = against.map_or_else(
        || "no signed head to compare with, so an end that was cut off with its head would not show".to_owned(),
        |seq| format!("compared with the signed head of record {seq}"),
    );
    output::result(&format!("{} records after record {} are whole; {against}", verdict.records, verdict.begins_after));
    Ok(())
}
