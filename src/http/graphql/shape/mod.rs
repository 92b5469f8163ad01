//! The form of an answer, as the specification has it.
//!
//! The engine writes the fields of an object as they come in, leaves a field out when it fails, and makes null of an object
//! without fields, whether null may stand there or not. Here every answer is put in form before it is written:
//!
//! - Fields stand in the order of the question ("Serialized Map Ordering", section 7.2.2 of the specification of October
//!   2021, by `CollectFields`, section 6.3.2), so that two replicas give the same answer byte by byte.
//! - A field that failed is null; where null cannot stand, the nearest place above it where it can is ("Handling Field
//!   Errors", section 6.4.4). A client whose code is generated from the schema meets no null that the schema excludes.
//!
//! In two steps. Before execution [`Types::plan`] collects the fields of the operation once, however many objects will
//! be answered with them. After it [`Plan::shape`] walks the answer along the plan, in time linear in both; an answer that
//! has its form already is only looked at.

mod plan;
#[cfg(test)]
mod tests;
mod types;

use std::cmp::Ordering;
use std::collections::HashMap;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{BaseType, Type};
use async_graphql::{Name, PathSegment, Response, ServerError, Value};

pub(super) use plan::Plan;
use plan::Set;
pub(super) use types::Types;

use crate::graphql::json::TYPE_KEY;

impl Plan {
    /// Puts an answer in form: its data and the order of its errors.
    pub(super) fn shape(&self, response: &mut Response) {
        // Errors come in as fields end, too.
        response.errors.sort_by(by_place);
        let failures = Failures::of(&response.errors);
        if response.data == Value::Null && failures.is_none() && !response.errors.is_empty() {
            // The engine did not execute the document: there is no answer to shape.
            return;
        }
        complete(&mut response.data, None, &self.root, failures.as_ref());
    }
}

fn by_place(one: &ServerError, other: &ServerError) -> Ordering {
    let step = |segments: (&PathSegment, &PathSegment)| match segments {
        (PathSegment::Field(one), PathSegment::Field(other)) => one.cmp(other),
        (PathSegment::Index(one), PathSegment::Index(other)) => one.cmp(other),
        (PathSegment::Field(_), PathSegment::Index(_)) => Ordering::Less,
        (PathSegment::Index(_), PathSegment::Field(_)) => Ordering::Greater,
    };
    let along = || one.path.iter().zip(&other.path).map(step).find(|order| order.is_ne());
    one.locations.cmp(&other.locations).then_with(|| along().unwrap_or_else(|| one.path.len().cmp(&other.path.len())))
}

/// Where an answer failed: the paths of its errors as a tree.
#[derive(Debug, Default)]
struct Failures<'e> {
    /// An error is of this very place.
    here: bool,
    keys: HashMap<&'e str, Failures<'e>>,
    items: HashMap<usize, Failures<'e>>,
}

impl<'e> Failures<'e> {
    /// None if no error is of a place.
    fn of(errors: &'e [ServerError]) -> Option<Self> {
        let mut root = Self::default();
        for error in errors.iter().filter(|error| !error.path.is_empty()) {
            let place = error.path.iter().fold(&mut root, |place, segment| match segment {
                PathSegment::Field(key) => place.keys.entry(key).or_default(),
                PathSegment::Index(index) => place.items.entry(*index).or_default(),
            });
            place.here = true;
        }
        (!root.keys.is_empty() || !root.items.is_empty()).then_some(root)
    }
}

/// Puts `value` in form, which is of type `kind`. Null may stand wherever the type is not known.
///
/// Gives whether null stands there now and cannot, so that what it is part of must become null. Nothing becomes null
/// where `failures` does not lead: a null without an error would tell nobody why.
fn complete(value: &mut Value, kind: Option<&Type>, set: &Set, failures: Option<&Failures<'_>>) -> bool {
    if failures.is_none() && matches!(set, Set::Leaf) {
        return false;
    }
    let stands = match value {
        _ if failures.is_some_and(|failures| failures.here) => false,
        Value::List(items) => {
            let kind = kind.and_then(item);
            items.iter_mut().enumerate().all(|(index, item)| {
                let failures = failures.and_then(|failures| failures.items.get(&index));
                !complete(item, kind, set, failures)
            })
        }
        Value::Object(fields) => object(fields, set, failures),
        Value::Null if failures.is_some_and(|failures| !failures.keys.is_empty()) => {
            // An object whose fields all failed.
            let mut fields = IndexMap::new();
            let stands = matches!(set, Set::Object(_)) && object(&mut fields, set, failures);
            if stands {
                *value = Value::Object(fields);
            }
            stands
        }
        _ => true,
    };
    if !stands {
        *value = Value::Null;
    }
    failures.is_some() && *value == Value::Null && kind.is_some_and(|kind| !kind.nullable)
}

fn item(list: &Type) -> Option<&Type> {
    match &list.base {
        BaseType::List(item) => Some(item),
        BaseType::Named(_) => None,
    }
}

/// Puts the fields of an object in form. Gives whether the object can stand.
fn object(fields: &mut IndexMap<Name, Value>, set: &Set, failures: Option<&Failures<'_>>) -> bool {
    let Some(slots) = set.slots(fields) else {
        fields.shift_remove(TYPE_KEY);
        return true;
    };
    let below = |key: &Name| failures.and_then(|failures| failures.keys.get(key.as_str()));
    if fields.len() == slots.len() && fields.keys().zip(slots).all(|(key, slot)| *key == slot.key) {
        let mut in_order = fields.values_mut().zip(slots);
        return in_order.all(|(value, slot)| !complete(value, slot.kind.as_ref(), &slot.set, below(&slot.key)));
    }
    let mut found = std::mem::take(fields);
    fields.reserve(slots.len());
    for slot in slots {
        let failures = below(&slot.key);
        let (key, mut value) = match found.swap_remove_entry(&slot.key) {
            Some(field) => field,
            None if failures.is_some() => (slot.key.clone(), Value::Null),
            None => continue,
        };
        if complete(&mut value, slot.kind.as_ref(), &slot.set, failures) {
            return false;
        }
        fields.insert(key, value);
    }
    // What is left was not asked for: only what the plan added.
    true
}
