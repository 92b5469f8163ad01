//! The contactenbestand: people at organisations who know ZEVMB.

pub mod change;
pub mod duplicates;
pub mod file;
pub mod nearness;
pub mod rules;
pub mod stated;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    id::{ContactId, LocationId, PlaceId, ProviderId},
    map::Map,
    postcode::Pc4,
    text::folded,
    vocabulary::{ContactStatus, OrganisationKind, WithdrawalReason},
};

/// An entry of the contactenbestand. What it serializes to has the codes of `ContactField` as keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// How another register knows it; unique.
    pub external_id: Option<String>,
    /// The person's name.
    pub name: String,
    /// What the person does.
    pub function: Option<String>,
    /// Where the person works.
    pub organisation: String,
    /// What kind of organisation that is.
    pub organisation_kind: OrganisationKind,
    /// The provider, where the organisation is one on the map.
    #[serde(rename = "PROVIDER")]
    pub provider_id: Option<ProviderId>,
    /// The location, where the person works at one on the map.
    #[serde(rename = "LOCATION")]
    pub location_id: Option<LocationId>,
    /// A mail address.
    pub email: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The PC4 of the work address.
    #[serde(rename = "WORK_POSTCODE")]
    pub work_pc4: Option<Pc4>,
    /// The place of the work address.
    pub work_city: Option<String>,
    /// The gemeenten that the person works for, by code.
    pub gemeenten: Vec<String>,
    /// What the person knows about.
    pub expertise: Vec<String>,
    /// The zorgkantoorregio's that the person works for, by code.
    pub regions: Vec<String>,
    /// Where the entry is in its life.
    pub status: ContactStatus,
    /// That the person agreed to be in it; a published entry has this.
    pub consent: Option<Consent>,
    /// The version, for the optimistic lock.
    pub version: i32,
    /// When the kenniscentrum last verified it.
    pub verified_at: Option<DateTime<Utc>>,
    /// When it has to be verified again.
    pub due_on: NaiveDate,
    /// That it is no longer shown; a withdrawn entry has this.
    pub withdrawal: Option<Withdrawal>,
    /// The entry of the same person that goes on.
    pub merged_into: Option<ContactId>,
}

impl Contact {
    /// The place with the lowest id in the building where the person works.
    pub fn place(&self, map: &Map) -> Option<PlaceId> {
        let (provider, location) = self.provider_id.zip(self.location_id)?;
        map.place_in(provider, location)
    }
}

/// That an entry is no longer shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Since when.
    pub on: NaiveDate,
    /// Why.
    pub reason: WithdrawalReason,
}

/// That a person agreed to be in the contactenbestand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consent {
    /// When.
    pub on: NaiveDate,
    /// How this is known: a form, a mail, a call.
    pub source: String,
}

/// What contacts to look for: lists are OR within, fields are AND between; an empty list asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ContactFilter {
    /// Kinds of organisation.
    pub organisation_kinds: Vec<OrganisationKind>,
    /// A gemeente that they work for, by code.
    pub gemeente: Option<String>,
    /// A region that they work for, by code.
    pub region: Option<String>,
    /// What they know about.
    pub expertise: Vec<String>,
    /// The provider that they work at.
    pub provider: Option<ProviderId>,
    /// Words without case and accents ([`folded`]): see [`ContactFilter::says`].
    pub words: Vec<String>,
}

impl ContactFilter {
    /// Whether each of the words is somewhere in an entry's name, function or organisation.
    pub fn says(&self, name: &str, function: Option<&str>, organisation: &str) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let fields = [name, function.unwrap_or_default(), organisation].map(folded);
        self.words.iter().all(|word| fields.iter().any(|field| field.contains(word.as_str())))
    }
}
