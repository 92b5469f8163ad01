//! What changed in an entry, field by field; and back.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Contact;
use crate::care::vocabulary::ContactField;

/// A field that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Which.
    pub field: ContactField,
    /// What it held, as an entry serializes it; null: nothing.
    pub from: Value,
    /// What it holds.
    pub to: Value,
}

impl Contact {
    /// What an entry holds, by the codes of its fields.
    fn values(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(values)) => values,
            // Every entry is an object.
            _ => Map::new(),
        }
    }

    /// What a field holds; null or an empty list: nothing.
    pub fn value(&self, field: ContactField) -> Value {
        self.values().remove(field.code()).unwrap_or_default()
    }

    /// The fields in which `next` differs, in the order of [`ContactField::ALL`]. What has no entry before it differs in all
    /// that it states.
    pub fn differences(before: Option<&Self>, next: &Self) -> Vec<Difference> {
        let (mut held, mut holds) = (before.map(Self::values).unwrap_or_default(), next.values());
        let both = ContactField::ALL.iter().map(|field| Difference {
            field: *field,
            from: held.remove(field.code()).unwrap_or_default(),
            to: holds.remove(field.code()).unwrap_or_default(),
        });
        both.filter(|one| one.from != one.to && !(is_nothing(&one.from) && is_nothing(&one.to))).collect()
    }

    /// The entry with other values in some fields.
    ///
    /// # Errors
    /// When a field cannot hold such a value.
    pub fn with(&self, changed: impl IntoIterator<Item = (ContactField, Value)>) -> Result<Self, serde_json::Error> {
        let mut values = self.values();
        values.extend(changed.into_iter().map(|(field, value)| (field.code().to_owned(), value)));
        serde_json::from_value(Value::Object(values))
    }

    /// The entry as it was before some changes, of which the latest comes first.
    ///
    /// # Errors
    /// When a field cannot hold what the changes say it held.
    pub fn before<'a>(&self, changes: impl IntoIterator<Item = &'a [Difference]>) -> Result<Self, serde_json::Error> {
        self.with(changes.into_iter().flatten().map(|one| (one.field, one.from.clone())))
    }
}

/// Whether a value says nothing.
pub fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}
