//! `zorgkaart keys`: the keys that sign tokens.

use clap::{Args, Subcommand};

use super::output;
use crate::{app, auth::Keys, clock::Clock, config::Config};

/// Keeps the keys that sign tokens.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart keys rotate
  zorgkaart --data-dir /srv/zorgkaart keys rotate")]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make another key: it verifies at once and signs in ten minutes, so hand it to the other replicas before; the one
    /// before verifies until its tokens are gone
    Rotate,
}

pub(super) fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    let What::Rotate = options.what;
    let rotated = Keys::rotate(&app::key_dir(config), Clock::System.now())?;
    output::result(&rotated.made);
    let from = rotated.signs_from.format("%H:%M:%S");
    output::note(&format!("The new key signs from {from} UTC. Copy it to the other replicas before."));
    for removed in rotated.removed {
        output::note(&format!("Removed {removed}, whose tokens are gone."));
    }
    Ok(())
}
