//! The types of a schema, as far as the form of an answer depends on them.

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, OperationType, SchemaDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned};

/// The types whose values have fields. Those of introspection are not among them.
#[derive(Debug, Default)]
pub(in crate::http::graphql) struct Types {
    kinds: HashMap<String, Kind>,
    query: String,
    mutation: String,
    subscription: String,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// An object type.
    Object {
        /// The types of its fields.
        fields: HashMap<String, Type>,
        /// The interfaces and unions that it belongs to.
        belongs: Vec<String>,
    },
    /// An interface or a union: the names of the object types that belong to it.
    Abstract(Vec<String>),
}

impl Types {
    /// The types in a schema's definition.
    ///
    /// From one that cannot be read, none: answers keep their order then, and nothing in them becomes null.
    pub(in crate::http::graphql) fn of(sdl: &str) -> Self {
        let document = match parse_schema(sdl) {
            Ok(document) => document,
            Err(error) => {
                tracing::error!(%error, "the definition of our own schema cannot be read; nulls are not propagated");
                return Self::default();
            }
        };
        let mut types = Self {
            query: "Query".to_owned(),
            mutation: "Mutation".to_owned(),
            subscription: "Subscription".to_owned(),
            ..Self::default()
        };
        let mut unions = Vec::new();
        for definition in document.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => types.name_roots(&schema.node),
                TypeSystemDefinition::Type(definition) => types.add(definition.node, &mut unions),
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        types.relate(unions);
        types
    }

    /// Whether the root of an operation has a field.
    pub(in crate::http::graphql) fn has_root(&self, operation: OperationType, field: &str) -> bool {
        matches!(self.kinds.get(self.root(operation)), Some(Kind::Object { fields, .. }) if fields.contains_key(field))
    }

    fn name_roots(&mut self, schema: &SchemaDefinition) {
        let roots = [
            (&mut self.query, &schema.query),
            (&mut self.mutation, &schema.mutation),
            (&mut self.subscription, &schema.subscription),
        ];
        for (root, named) in roots {
            if let Some(named) = named {
                *root = named.node.to_string();
            }
        }
    }

    fn add(&mut self, definition: TypeDefinition, unions: &mut Vec<(String, String)>) {
        let name = definition.name.node.to_string();
        let kind = match definition.kind {
            TypeKind::Object(object) => {
                Kind::Object { fields: kinds_of(object.fields), belongs: texts(&object.implements) }
            }
            TypeKind::Interface(_) => Kind::Abstract(Vec::new()),
            TypeKind::Union(union) => {
                unions.extend(texts(&union.members).into_iter().map(|member| (name.clone(), member)));
                Kind::Abstract(Vec::new())
            }
            TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => return,
        };
        self.kinds.insert(name, kind);
    }

    /// Writes down with either which object types belong to which abstract ones.
    fn relate(&mut self, unions: Vec<(String, String)>) {
        for (union, member) in unions {
            if let Some(Kind::Object { belongs, .. }) = self.kinds.get_mut(&member) {
                belongs.push(union);
            }
        }
        let mut members: Vec<(String, String)> = Vec::new();
        for (name, kind) in &self.kinds {
            if let Kind::Object { belongs, .. } = kind {
                members.extend(belongs.iter().map(|whole| (whole.clone(), name.clone())));
            }
        }
        for (whole, member) in members {
            if let Some(Kind::Abstract(objects)) = self.kinds.get_mut(&whole) {
                objects.push(member);
            }
        }
    }

    /// The name of the type that an operation begins at.
    pub(super) fn root(&self, operation: OperationType) -> &str {
        match operation {
            OperationType::Query => &self.query,
            OperationType::Mutation => &self.mutation,
            OperationType::Subscription => &self.subscription,
        }
    }

    pub(super) fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name)
    }

    /// The type of a field; none for those of introspection.
    pub(super) fn field(&self, object: &str, field: &str) -> Option<&Type> {
        match self.kinds.get(object)? {
            Kind::Object { fields, .. } => fields.get(field),
            Kind::Abstract(_) => None,
        }
    }

    /// Whether a fragment on `condition` counts for objects of type `object`: `DoesFragmentTypeApply`, section 6.3.2.
    pub(super) fn applies(&self, object: &str, condition: &str) -> bool {
        object == condition
            || matches!(self.kinds.get(object), Some(Kind::Object { belongs, .. }) if belongs.iter().any(|one| one == condition))
    }
}

/// The name of a type without its lists.
pub(super) fn named(kind: &Type) -> &str {
    match &kind.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}

fn kinds_of(fields: Vec<Positioned<FieldDefinition>>) -> HashMap<String, Type> {
    fields.into_iter().map(|field| (field.node.name.node.to_string(), field.node.ty.node)).collect()
}

fn texts(names: &[Positioned<Name>]) -> Vec<String> {
    names.iter().map(|name| name.node.to_string()).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_read() {
        let types = Types::of(
            "schema { query: Q } type Q { one: [A!]! any: Either } interface I { x: Int }
             type A implements I { x: Int } type B { y: Int! } union Either = A | B enum E { K } input P { z: Int }",
        );
        assert_eq!(types.root(OperationType::Query), "Q");
        assert_eq!(named(types.field("Q", "one").unwrap()), "A");
        assert!(types.field("Q", "__schema").is_none());
        assert!(types.applies("A", "I") && types.applies("A", "Either") && !types.applies("B", "I"));
        assert!(matches!(types.kind("I"), Some(Kind::Abstract(objects)) if objects == &["A"]));
        assert!(types.kind("E").is_none() && types.kind("P").is_none());
    }

    #[test]
    fn our_own_definition_is_read() {
        let types = Types::of(&crate::graphql::sdl());
        assert!(types.field("Query", "placesNear").unwrap().nullable);
        assert!(!types.field("Query", "providers").unwrap().nullable);
        assert!(matches!(types.kind("Node"), Some(Kind::Abstract(objects)) if objects.len() == 3));
    }

    #[test]
    fn what_cannot_be_read_gives_no_types() {
        assert!(Types::of("type {").kinds.is_empty());
    }
}
