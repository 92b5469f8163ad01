//! What is asked of objects, found out once for all of a list.

use std::{collections::HashMap, ops::Range};

use async_graphql::{
    Name, Positioned,
    parser::types::{Field, FragmentDefinition, Selection, SelectionSet},
};

use super::{super::json, ready::InMemory};

pub(in crate::graphql) type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// Finds out what is asked of objects of some type; none: see [`of`].
pub(in crate::graphql) type FindOut =
    for<'a> fn(&'a SelectionSet, &'a Fragments, &mut Vec<u8>) -> Option<Vec<Asked<'a>>>;

/// A field that is asked.
pub(in crate::graphql) struct Asked<'a> {
    pub(in crate::graphql) field: &'a Positioned<Field>,
    /// What stands before its value, among the keys of all that is asked; after the first field, after a comma.
    pub(in crate::graphql) key: Range<usize>,
    pub(in crate::graphql) how: How,
    /// What is asked of the objects in it.
    pub(in crate::graphql) inside: Vec<Asked<'a>>,
}

/// How the value of a field is had.
pub(in crate::graphql) enum How {
    /// It is the name of the object's type.
    Kind,
    /// It is ready: that one of [`InMemory::READY`].
    Ready(usize),
    /// By the engine's way to one field.
    Engine,
}

/// The fields that `set` asks of objects of the type `T`, each with its own key, which is added to `keys`; none: there is more than
/// that, or the type is not `T` for certain.
pub(in crate::graphql) fn of<'a, T: InMemory>(
    set: &'a SelectionSet,
    fragments: &'a Fragments,
    keys: &mut Vec<u8>,
) -> Option<Vec<Asked<'a>>> {
    let mut asked = Vec::with_capacity(set.items.len());
    gather::<T>(set, fragments, keys, &mut asked).then_some(asked)
}

fn gather<'a, T: InMemory>(
    set: &'a SelectionSet,
    fragments: &'a Fragments,
    keys: &mut Vec<u8>,
    asked: &mut Vec<Asked<'a>>,
) -> bool {
    set.items.iter().all(|selection| {
        let (on, set, directives) = match &selection.node {
            Selection::Field(field) => {
                let key = &field.node.response_key().node;
                let simple = field.node.directives.is_empty()
                    && *key != json::TYPE_KEY
                    && asked.iter().all(|one| one.field.node.response_key().node != *key);
                return simple && one::<T>(field, fragments, keys).map(|one| asked.push(one)).is_some();
            }
            Selection::InlineFragment(inline) => {
                (inline.node.type_condition.as_ref(), &inline.node.selection_set, &inline.node.directives)
            }
            Selection::FragmentSpread(spread) => {
                let Some(fragment) = fragments.get(&spread.node.fragment_name.node) else { return false };
                (Some(&fragment.node.type_condition), &fragment.node.selection_set, &spread.node.directives)
            }
        };
        let fits = on.is_none_or(|on| on.node.on.node == *T::type_name());
        fits && directives.is_empty() && gather::<T>(&set.node, fragments, keys, asked)
    })
}

fn one<'a, T: InMemory>(
    field: &'a Positioned<Field>,
    fragments: &'a Fragments,
    keys: &mut Vec<u8>,
) -> Option<Asked<'a>> {
    let name = &field.node.name.node;
    let (how, inside) = if name == "__typename" {
        (How::Kind, Vec::new())
    } else if let Some(at) = T::READY.iter().position(|ready| is_called(name, ready.name))
        && field.node.arguments.is_empty()
    {
        let inside = T::READY.get(at)?.inside.map(|of| of(&field.node.selection_set.node, fragments, keys));
        (How::Ready(at), inside.unwrap_or_else(|| Some(Vec::new()))?)
    } else {
        (How::Engine, Vec::new())
    };
    let begin = keys.len();
    json::key(1, &field.node.response_key().node, keys);
    Some(Asked { field, key: begin..keys.len(), how, inside })
}

/// Whether a field of this name, such as `careForm`, is answered by that resolver, such as `care_form`.
pub(in crate::graphql) fn is_called(field: &str, resolver: &str) -> bool {
    let mut letters = field.bytes();
    let mut begins = false;
    for letter in resolver.bytes() {
        if letter == b'_' {
            begins = true;
            continue;
        }
        let letter = if std::mem::take(&mut begins) { letter.to_ascii_uppercase() } else { letter };
        if letters.next() != Some(letter) {
            return false;
        }
    }
    letters.next().is_none()
}
