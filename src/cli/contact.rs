//! `zorgkaart contact`: the rights of a person in the contactenbestand.

use std::collections::BTreeSet;

use anyhow::bail;
use clap::{Args, Subcommand};

use super::output;
use crate::{
    care::text::folded,
    clock::Clock,
    config::Config,
    graphql::id::GlobalId,
    store::{DataSubject, Database, Dataset},
};

/// The rights of a person in the contactenbestand (AVG). Withdrawing is done with the API, and holds at once; what was
/// withdrawn `contact_retention_days` ago is erased by itself.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart contact export --email naam@organisatie.example > naam.json
  zorgkaart contact export --contact contact_01a22ee6b00072bf9ddadd310bb2797c > naam.json")]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Print all that is held on a person, as JSON: entries, what changed in them, what was proposed, and who has read or
    /// changed them. The export is recorded in the audit trail
    Export(Whose),
}

/// Whose data: one of the two.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Whose {
    /// The mail address, now or before. Entries of different names are colleagues who share it: then ask for each --contact
    #[arg(long, value_name = "ADDRESS", env = "ZORGKAART_CONTACT_EMAIL")]
    email: Option<String>,
    /// The id of an entry, as the API shows it
    #[arg(long, value_name = "ID", env = "ZORGKAART_CONTACT_ID")]
    contact: Option<String>,
}

impl Whose {
    fn person(&self) -> anyhow::Result<DataSubject> {
        match (&self.email, self.contact.as_deref().map(GlobalId::parse)) {
            (_, Some(Some(GlobalId::Contact(id)))) => Ok(DataSubject::Entry(id)),
            (_, Some(_)) => bail!("--contact: this is not the id of a contact; the API shows it as contact_..."),
            (Some(email), None) if !email.trim().is_empty() => Ok(DataSubject::Email(email.clone())),
            _ => bail!("--email: give the mail address of the person"),
        }
    }
}

pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    let What::Export(whose) = &options.what;
    let person = whose.person()?;
    let database = Database::connect(&config.main_database()?.existing(), 2).await?;
    let clock = Dataset::read(&database).await?.demo_clock.map_or(Clock::System, Clock::standing_on);
    let export = database.export_person(&person, &config.replica, clock.now()).await?;
    database.close().await?;
    output::result(&serde_json::to_string_pretty(&export)?);
    if export.entries.is_empty() && export.proposals.is_empty() {
        output::note("Nothing is held on this person.");
    }
    let names: BTreeSet<String> = export.entries.iter().map(|one| folded(&one.entry.name)).collect();
    if names.len() > 1 {
        output::note(
            "The entries have different names: if these are people who share a mail address, give each their own with --contact.",
        );
    }
    Ok(())
}
