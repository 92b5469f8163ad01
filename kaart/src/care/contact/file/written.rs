//! An entry as a row of a file.

use chrono::SecondsFormat;

use super::{super::Contact, Column};
use crate::care::{
    file::{Columns, guarded, list},
    global_id::GlobalId,
    map::Map,
};

/// The names of all columns.
pub const fn header() -> &'static [&'static str] {
    Column::NAMES
}

/// The cells of an entry, in the order of the header, none of which a spreadsheet takes for a formula.
pub fn cells(contact: &Contact, map: &Map) -> Vec<String> {
    let place = contact.place(map);
    let consent = contact.consent.as_ref();
    let written = |column: &Column| {
        let text = match column {
            Column::Id => Some(GlobalId::Contact(contact.id).to_string()),
            Column::ExternalId => contact.external_id.clone(),
            Column::Name => Some(contact.name.clone()),
            Column::Function => contact.function.clone(),
            Column::Organisation => Some(contact.organisation.clone()),
            Column::OrganisationKind => Some(contact.organisation_kind.code().to_owned()),
            Column::Provider => contact.provider_id.map(|id| GlobalId::Provider(id).to_string()),
            Column::Place => place.map(|id| GlobalId::Place(id).to_string()),
            Column::Email => contact.email.clone(),
            Column::Phone => contact.phone.clone(),
            Column::WorkPostcode => contact.work_pc4.map(|pc4| pc4.to_string()),
            Column::WorkCity => contact.work_city.clone(),
            Column::Gemeenten => Some(list(&contact.gemeenten)),
            Column::Regions => Some(list(&contact.regions)),
            Column::Expertise => Some(list(&contact.expertise)),
            Column::Status => Some(contact.status.code().to_owned()),
            Column::ConsentOn => consent.map(|consent| consent.on.to_string()),
            Column::ConsentSource => consent.map(|consent| consent.source.clone()),
            Column::Version => Some(contact.version.to_string()),
            Column::VerifiedAt => contact.verified_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        };
        guarded(&text.unwrap_or_default())
    };
    Column::ALL.iter().map(written).collect()
}
