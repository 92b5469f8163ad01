//! The fields that each object of an answer has, in their order.

use std::collections::HashSet;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet, Type,
};
use async_graphql::{Name, Pos, Positioned, Value, Variables};
use async_graphql_value::Value as Literal;

use super::types::{Kind, Types, named};
use crate::{graphql::json::TYPE_KEY, http::graphql::chosen};

/// What is answered to an operation.
#[derive(Debug)]
pub(in crate::http::graphql) struct Plan {
    pub(super) root: Set,
}

/// What is answered of the values of a field.
#[derive(Debug)]
pub(super) enum Set {
    /// All: they have no fields.
    Leaf,
    /// These fields of an object.
    Object(Vec<Slot>),
    /// These fields, by the type of the object.
    Abstract(Vec<(String, Vec<Slot>)>),
}

/// A field in its place.
#[derive(Debug)]
pub(super) struct Slot {
    /// Its response key.
    pub(super) key: Name,
    /// Its type, if that is known.
    pub(super) kind: Option<Type>,
    /// What is answered of its values.
    pub(super) set: Set,
}

impl Plan {
    /// How many fields there are, each wherever it stands.
    pub(in crate::http::graphql) fn fields(&self) -> usize {
        self.root.fields()
    }

    /// How many fields the root has.
    pub(in crate::http::graphql) fn root_fields(&self) -> usize {
        match &self.root {
            Set::Object(slots) => slots.len(),
            Set::Leaf | Set::Abstract(_) => 0,
        }
    }
}

impl Set {
    fn fields(&self) -> usize {
        let all = |slots: &[Slot]| slots.iter().map(|slot| 1 + slot.set.fields()).sum();
        match self {
            Self::Leaf => 0,
            Self::Object(slots) => all(slots),
            Self::Abstract(objects) => objects.iter().map(|(_, slots)| all(slots)).sum(),
        }
    }

    /// The fields of an object that holds `found`, if it has fields.
    pub(super) fn slots(&self, found: &IndexMap<Name, Value>) -> Option<&[Slot]> {
        match self {
            Self::Leaf => None,
            Self::Object(slots) => Some(slots),
            Self::Abstract(objects) => {
                let Some(Value::String(object)) = found.get(TYPE_KEY) else { return None };
                objects.iter().find(|(name, _)| name == object).map(|(_, slots)| slots.as_slice())
            }
        }
    }
}

impl Types {
    /// Plans the answer to the operation that `name` chooses in a document that has passed the gate.
    ///
    /// Where the plan cannot follow from the document alone, the objects are asked for their type as well: where they
    /// can be of several types; where everything in them is skipped, so that the engine would make null of an object; and
    /// where several fields are merged, since the engine merges nothing with a null.
    pub(in crate::http::graphql) fn plan(
        &self,
        document: &mut ExecutableDocument,
        name: Option<&str>,
        variables: &Variables,
    ) -> Plan {
        let Some(operation) = chosen(document, name) else { return Plan { root: Set::Leaf } };
        let mut planner = Planner { types: self, document, variables, asked: HashSet::new() };
        let root = planner.set(Some(self.root(operation.node.ty)), &[&operation.node.selection_set]);
        let asked = planner.asked;
        if !asked.is_empty() {
            ask(document, &asked);
        }
        Plan { root }
    }
}

struct Planner<'t, 'd> {
    types: &'t Types,
    document: &'d ExecutableDocument,
    variables: &'d Variables,
    /// Where the selection sets begin whose objects are asked for their type.
    asked: HashSet<Pos>,
}

impl<'t, 'd> Planner<'t, 'd> {
    /// The plan of values of type `kind` that are selected by all of `sets`. Everything applies to an unknown type.
    fn set(&mut self, kind: Option<&'t str>, sets: &[&'d Positioned<SelectionSet>]) -> Set {
        if sets.iter().all(|set| set.node.items.is_empty()) {
            return Set::Leaf;
        }
        let objects = match kind.and_then(|name| self.types.kind(name)) {
            Some(Kind::Abstract(objects)) => Some(objects),
            Some(Kind::Object { .. }) | None => None,
        };
        let set = match objects {
            Some(objects) => {
                Set::Abstract(objects.iter().map(|name| (name.clone(), self.slots(Some(name), sets))).collect())
            }
            None => Set::Object(self.slots(kind, sets)),
        };
        let certain = matches!(&set, Set::Object(slots) if !slots.is_empty()) && sets.len() == 1;
        if !certain {
            self.asked.extend(sets.iter().filter(|set| !set.node.items.is_empty()).map(|set| set.pos));
        }
        set
    }

    fn slots(&mut self, object: Option<&'t str>, sets: &[&'d Positioned<SelectionSet>]) -> Vec<Slot> {
        let mut fields = IndexMap::new();
        for set in sets {
            self.collect(object, &set.node, &mut fields);
        }
        let slot = |(key, fields): (&Name, Vec<&'d Field>)| {
            let kind = fields.first().and_then(|field| self.types.field(object?, &field.name.node));
            let sets: Vec<_> = fields.iter().map(|field| &field.selection_set).collect();
            Slot { key: key.clone(), kind: kind.cloned(), set: self.set(kind.map(named), &sets) }
        };
        fields.into_iter().map(slot).collect()
    }

    /// `CollectFields`, section 6.3.2. Unlike there, a fragment that is spread again is collected again: the engine does
    /// so, and it changes no order.
    fn collect(&self, object: Option<&str>, set: &'d SelectionSet, fields: &mut IndexMap<&'d Name, Vec<&'d Field>>) {
        for selection in &set.items {
            if skips(selection.node.directives(), self.variables) {
                continue;
            }
            let (condition, set) = match &selection.node {
                Selection::Field(field) => {
                    fields.entry(&field.node.response_key().node).or_default().push(&field.node);
                    continue;
                }
                Selection::InlineFragment(inline) => {
                    (inline.node.type_condition.as_ref(), &inline.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) else { continue };
                    (Some(&fragment.node.type_condition), &fragment.node.selection_set.node)
                }
            };
            let applies = match (object, condition) {
                (Some(object), Some(condition)) => self.types.applies(object, &condition.node.on.node),
                _ => true,
            };
            if applies {
                self.collect(object, set, fields);
            }
        }
    }
}

/// Whether `@skip` or `@include` leaves it out. As the engine has it: what is not true is false.
fn skips(directives: &[Positioned<Directive>], variables: &Variables) -> bool {
    directives.iter().any(|directive| {
        let wanted = match directive.node.name.node.as_str() {
            "skip" => false,
            "include" => true,
            _ => return false,
        };
        directive.node.get_argument("if").is_some_and(|condition| {
            let condition = match &condition.node {
                Literal::Boolean(condition) => *condition,
                Literal::Variable(name) => variables.get(name) == Some(&Value::Boolean(true)),
                _ => false,
            };
            condition != wanted
        })
    })
}

/// Adds a question for the type of the object to the selection sets that begin at `places`.
fn ask(document: &mut ExecutableDocument, places: &HashSet<Pos>) {
    let operations = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations {
        ask_in(&mut operation.node.selection_set, places);
    }
    for fragment in document.fragments.values_mut() {
        ask_in(&mut fragment.node.selection_set, places);
    }
}

fn ask_in(set: &mut Positioned<SelectionSet>, places: &HashSet<Pos>) {
    for selection in &mut set.node.items {
        match &mut selection.node {
            Selection::Field(field) => ask_in(&mut field.node.selection_set, places),
            Selection::InlineFragment(inline) => ask_in(&mut inline.node.selection_set, places),
            Selection::FragmentSpread(_) => {}
        }
    }
    if places.contains(&set.pos) {
        let at = |name| Positioned::new(Name::new(name), set.pos);
        let field = Field {
            alias: Some(at(TYPE_KEY)),
            name: at("__typename"),
            arguments: Vec::new(),
            directives: Vec::new(),
            selection_set: Positioned::default(),
        };
        set.node.items.push(Positioned::new(Selection::Field(Positioned::new(field, set.pos)), set.pos));
    }
}
