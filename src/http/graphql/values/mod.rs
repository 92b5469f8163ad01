//! Whether the values of variables are of their types ("Coercing Variable Values", section 6.1.2 of the GraphQL
//! specification, October 2021), so far as can be said without the engine.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, InputValueDefinition, Selection, SelectionSet, Type, TypeKind, TypeSystemDefinition,
    VariableDefinition,
};
use async_graphql::{Name, Positioned, Value, Variables};
use async_graphql_value::Value as Literal;

use super::arguments::varies;

/// The types that a variable may have.
#[derive(Debug, Default)]
pub(super) struct InputTypes {
    types: HashMap<Name, Input>,
    /// The arguments and members whose value is a list.
    lists: HashSet<Name>,
}

#[derive(Debug)]
enum Input {
    Int,
    Float,
    Text,
    Boolean,
    Id,
    /// A scalar of our own: a resolver reads it.
    Own,
    Enum(Vec<Name>),
    Object {
        members: HashMap<Name, Member>,
        /// Whether exactly one must be given.
        one_of: bool,
    },
}

#[derive(Debug)]
struct Member {
    kind: Type,
    may_miss: bool,
}

impl InputTypes {
    /// The types in a schema's definition; from one that cannot be read, none.
    pub(super) fn of(sdl: &str) -> Self {
        let builtin = [
            ("Int", Input::Int),
            ("Float", Input::Float),
            ("String", Input::Text),
            ("Boolean", Input::Boolean),
            ("ID", Input::Id),
        ];
        let mut types: HashMap<Name, Input> = builtin.map(|(name, kind)| (Name::new(name), kind)).into();
        let mut lists = HashSet::new();
        let mut list = |value: &InputValueDefinition| {
            if matches!(value.ty.node.base, BaseType::List(_)) {
                lists.insert(value.name.node.clone());
            }
        };
        for definition in parse_schema(sdl).map(|document| document.definitions).unwrap_or_default() {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let one_of = definition.node.directives.iter().any(|one| one.node.name.node == "oneOf");
            let kind = match definition.node.kind {
                TypeKind::Scalar => Input::Own,
                TypeKind::Enum(choices) => {
                    Input::Enum(choices.values.into_iter().map(|choice| choice.node.value.node).collect())
                }
                TypeKind::InputObject(object) => {
                    object.fields.iter().for_each(|member| list(&member.node));
                    Input::Object { members: object.fields.into_iter().map(member).collect(), one_of }
                }
                TypeKind::Object(object) => {
                    let arguments = object.fields.iter().flat_map(|field| &field.node.arguments);
                    arguments.for_each(|argument| list(&argument.node));
                    continue;
                }
                TypeKind::Interface(_) | TypeKind::Union(_) => continue,
            };
            types.entry(definition.node.name.node).or_insert(kind);
        }
        Self { types, lists }
    }

    /// Whether the engine ties the type of every variable in a valid document to where it stands. It does not look for variables
    /// in one object that stands where a list is wanted: what is wrong there it finds by the value alone.
    pub(super) fn tie(&self, document: &ExecutableDocument) -> bool {
        let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
        let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
        operations.chain(fragments).all(|set| self.tie_in(set))
    }

    fn tie_in(&self, set: &SelectionSet) -> bool {
        set.items.iter().all(|selection| match &selection.node {
            Selection::Field(field) => {
                let mut arguments = field.node.arguments.iter().map(|(name, value)| (&name.node, &value.node));
                arguments.all(|(name, value)| self.ties(name, value)) && self.tie_in(&field.node.selection_set.node)
            }
            Selection::InlineFragment(inline) => self.tie_in(&inline.node.selection_set.node),
            Selection::FragmentSpread(_) => true,
        })
    }

    fn ties(&self, name: &Name, value: &Literal) -> bool {
        match value {
            Literal::Object(members) => {
                let free = self.lists.contains(name) && varies(value);
                !free && members.iter().all(|(name, value)| self.ties(name, value))
            }
            // What stands in the list is no list itself.
            Literal::List(items) => items.iter().all(|item| match item {
                Literal::Object(members) => members.iter().all(|(name, value)| self.ties(name, value)),
                Literal::List(_) => !varies(item),
                _ => true,
            }),
            _ => true,
        }
    }

    /// Whether every value is certainly of the type that its definition says. Where this cannot say so the engine may still
    /// take it, and otherwise says what is wrong.
    pub(super) fn fit(&self, definitions: &[Positioned<VariableDefinition>], variables: &Variables) -> bool {
        definitions.iter().all(|definition| {
            let definition = &definition.node;
            variables.get(&definition.name.node).is_none_or(|value| self.fits(&definition.var_type.node, value))
        })
    }

    fn fits(&self, kind: &Type, value: &Value) -> bool {
        match (&kind.base, value) {
            (_, Value::Null) => kind.nullable,
            (BaseType::List(item), Value::List(items)) => items.iter().all(|value| self.fits(item, value)),
            (BaseType::List(_), _) => false,
            (BaseType::Named(name), value) => self.types.get(name).is_some_and(|input| self.is_one(input, value)),
        }
    }

    fn is_one(&self, input: &Input, value: &Value) -> bool {
        match (input, value) {
            (Input::Int, Value::Number(number)) => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            (Input::Enum(choices), Value::String(text)) => choices.iter().any(|choice| choice == text.as_str()),
            (Input::Object { members, one_of }, Value::Object(given)) => {
                let known = given
                    .iter()
                    .all(|(name, value)| members.get(name).is_some_and(|member| self.fits(&member.kind, value)));
                let whole = members.iter().all(|(name, member)| member.may_miss || given.contains_key(name));
                let one = !one_of || (given.len() == 1 && given.values().all(|value| *value != Value::Null));
                known && whole && one
            }
            (Input::Float, Value::Number(_))
            | (Input::Text | Input::Id | Input::Own, Value::String(_))
            | (Input::Boolean, Value::Boolean(_)) => true,
            _ => false,
        }
    }
}

fn member(definition: Positioned<InputValueDefinition>) -> (Name, Member) {
    let InputValueDefinition { name, ty, default_value, .. } = definition.node;
    let may_miss = ty.node.nullable || default_value.is_some();
    (name.node, Member { kind: ty.node, may_miss })
}
