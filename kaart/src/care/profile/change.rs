//! What changed in an object of the map, field by field; and back.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Profile, rules::fields};
use crate::care::vocabulary::{MapField, MapObject};

/// A field that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Which.
    pub field: MapField,
    /// What it held; null: nothing.
    pub from: Value,
    /// What it holds.
    pub to: Value,
}

/// Whether a value says nothing.
pub fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

impl Profile {
    /// What it holds, by the codes of its fields.
    pub(super) fn values(&self) -> Map<String, Value> {
        let values = match self {
            Self::Provider(profile) => serde_json::to_value(profile),
            Self::Location(profile) => serde_json::to_value(profile),
            Self::CareGroup(profile) => serde_json::to_value(profile),
            Self::Place(profile) => serde_json::to_value(profile),
        };
        match values {
            Ok(Value::Object(values)) => values,
            // Every profile is an object.
            _ => Map::new(),
        }
    }

    /// The profile of a kind with these values.
    pub(super) fn of(kind: MapObject, values: Map<String, Value>) -> Result<Self, serde_json::Error> {
        let values = Value::Object(values);
        Ok(match kind {
            MapObject::Provider => Self::Provider(serde_json::from_value(values)?),
            MapObject::Location => Self::Location(serde_json::from_value(values)?),
            MapObject::CareGroup => Self::CareGroup(serde_json::from_value(values)?),
            MapObject::Place => Self::Place(serde_json::from_value(values)?),
        })
    }

    /// What a field holds; null: nothing.
    pub fn value(&self, field: MapField) -> Value {
        self.values().remove(field.code()).unwrap_or_default()
    }

    /// The fields in which `next` differs, in the order of [`fields`]; of what was not there before, all that it states.
    pub fn differences(before: Option<&Self>, next: &Self) -> Vec<Difference> {
        let (mut held, mut holds) = (before.map(Self::values).unwrap_or_default(), next.values());
        let both = fields(next.kind()).iter().map(|field| Difference {
            field: *field,
            from: held.remove(field.code()).unwrap_or_default(),
            to: holds.remove(field.code()).unwrap_or_default(),
        });
        both.filter(|one| one.from != one.to && !(is_nothing(&one.from) && is_nothing(&one.to))).collect()
    }

    /// The profile with other values in some fields.
    ///
    /// # Errors
    /// When a field cannot hold such a value.
    pub fn with(&self, changed: impl IntoIterator<Item = (MapField, Value)>) -> Result<Self, serde_json::Error> {
        let mut values = self.values();
        values.extend(changed.into_iter().map(|(field, value)| (field.code().to_owned(), value)));
        Self::of(self.kind(), values)
    }
}
