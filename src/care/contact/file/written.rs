//! An entry as a row of a file.

use chrono::SecondsFormat;

use super::{super::Contact, Column, guard::guarded};
use crate::care::{global_id::GlobalId, map::Map};

/// The names of all columns.
pub fn header() -> [&'static str; 20] {
    Column::ALL.map(Column::name)
}

/// The cells of an entry, in the order of [`Column::ALL`], none of which a spreadsheet takes for a formula.
pub fn cells(contact: &Contact, map: &Map) -> [String; 20] {
    let place = contact.place(map);
    let consent = contact.consent.as_ref();
    Column::ALL.map(|column| {
        let text = match column {
            Column::Id => Some(GlobalId::Contact(contact.id).text()),
            Column::ExternalId => contact.external_id.clone(),
            Column::Name => Some(contact.name.clone()),
            Column::Function => contact.function.clone(),
            Column::Organisation => Some(contact.organisation.clone()),
            Column::OrganisationKind => Some(contact.organisation_kind.code().to_owned()),
            Column::Provider => contact.provider_id.map(|id| GlobalId::Provider(id).text()),
            Column::Place => place.map(|id| GlobalId::Place(id).text()),
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
    })
}

/// A list in one cell: semicolons between its items, and two for one that is in an item.
fn list(items: &[String]) -> String {
    items.iter().map(|item| item.replace(';', ";;")).collect::<Vec<_>>().join("; ")
}

/// The items of a list in one cell.
pub(super) fn items(cell: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut rest = cell.chars().peekable();
    while let Some(c) = rest.next() {
        match items.last_mut() {
            _ if c == ';' && rest.next_if_eq(&';').is_none() => items.push(String::new()),
            Some(item) => item.push(c),
            None => {}
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_list_is_read_as_it_was_written(list_of in proptest::collection::vec("[a;=']{1,5}", 1..5)) {
            let read: Vec<String> = items(&list(&list_of)).iter().map(|item| item.trim().to_owned()).collect();
            prop_assert_eq!(read, list_of);
        }
    }
}
