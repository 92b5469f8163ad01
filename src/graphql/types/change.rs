//! A field of a contact that changed, in words.

use async_graphql::SimpleObject;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    care::{
        contact::change::{Difference, is_nothing},
        id::{ContactId, LocationId, ProviderId},
        vocabulary,
    },
    graphql::{enums::ContactField, id::GlobalId},
    store::View,
};

/// A field of an entry that changed, or would.
#[derive(SimpleObject)]
pub(in crate::graphql) struct FieldChange {
    /// Which.
    field: ContactField,
    /// What it held, lists with commas, a building as a place in it where there is one; null: nothing.
    from: Option<String>,
    /// What it holds, lists with commas; null: nothing.
    to: Option<String>,
}

impl FieldChange {
    /// A change as `view` shows it; a building is shown by a place in it, where `provider` has one there.
    pub(super) fn new(one: &Difference, view: &View, provider: Option<ProviderId>) -> Self {
        let words = |value| words(one.field, value, view, provider);
        Self { field: one.field.into(), from: words(&one.from), to: words(&one.to) }
    }
}

fn words(field: vocabulary::ContactField, value: &Value, view: &View, provider: Option<ProviderId>) -> Option<String> {
    if is_nothing(value) {
        return None;
    }
    let id = || value.as_str().and_then(|text| Uuid::try_parse(text).ok());
    match field {
        vocabulary::ContactField::Provider => id().map(|id| GlobalId::Provider(ProviderId(id)).to_string()),
        vocabulary::ContactField::MergedInto => id().map(|id| GlobalId::Contact(ContactId(id)).to_string()),
        vocabulary::ContactField::Location => {
            let location = LocationId(id()?);
            let place = provider.and_then(|provider| view.place_in(provider, location));
            Some(
                place.map_or_else(
                    || GlobalId::Location(location).to_string(),
                    |place| GlobalId::Place(place).to_string(),
                ),
            )
        }
        _ => Some(plain(value)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(members) => members.values().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
