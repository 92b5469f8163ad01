//! A field of a contact that changed, in words.

use async_graphql::SimpleObject;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    care::{
        contact::change::{Difference, is_nothing},
        id::{ContactId, ProviderId},
        vocabulary,
    },
    graphql::{enums::ContactField, id::GlobalId},
};

/// A field of an entry that changed, or would.
#[derive(SimpleObject)]
pub(in crate::graphql) struct FieldChange {
    /// Which.
    field: ContactField,
    /// What it held, lists with commas; null: nothing.
    from: Option<String>,
    /// What it holds, lists with commas; null: nothing.
    to: Option<String>,
}

impl From<Difference> for FieldChange {
    fn from(one: Difference) -> Self {
        Self { field: one.field.into(), from: words(one.field, &one.from), to: words(one.field, &one.to) }
    }
}

fn words(field: vocabulary::ContactField, value: &Value) -> Option<String> {
    if is_nothing(value) {
        return None;
    }
    let id = || value.as_str().and_then(|text| Uuid::try_parse(text).ok());
    match field {
        vocabulary::ContactField::Provider => id().map(|id| GlobalId::Provider(ProviderId(id)).text()),
        vocabulary::ContactField::MergedInto => id().map(|id| GlobalId::Contact(ContactId(id)).text()),
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
