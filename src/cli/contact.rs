//! `zorgkaart contact`: the rights of a person in the contactenbestand.

use anyhow::bail;
use clap::{Args, Subcommand};

use super::output;
use crate::{
    clock::Clock,
    config::Config,
    store::{Database, Dataset},
};

/// The rights of a person in the contactenbestand (AVG). Withdrawing is done with the API, and holds at once; what was
/// withdrawn `contact_retention_days` ago is erased by itself.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart contact export --email naam@organisatie.example > naam.json")]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Print all that is held on the person with a mail address, as JSON: entries, what changed in them, what was proposed,
    /// and who has read or changed them. The export is recorded in the audit trail
    Export {
        /// The mail address, now or before
        #[arg(long, value_name = "ADDRESS", env = "ZORGKAART_CONTACT_EMAIL")]
        email: String,
    },
}

pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    let What::Export { email } = &options.what;
    if email.trim().is_empty() {
        bail!("--email: give the mail address of the person");
    }
    let database = Database::connect(&config.main_database()?.existing(), 2).await?;
    let clock = Dataset::read(&database).await?.demo_clock.map_or(Clock::System, Clock::standing_on);
    let export = database.export_person(email, &config.replica, clock.now()).await?;
    database.close().await?;
    output::result(&serde_json::to_string_pretty(&export)?);
    if export.entries.is_empty() && export.proposals.is_empty() {
        output::note("Nothing is held on a person with this address.");
    }
    Ok(())
}
