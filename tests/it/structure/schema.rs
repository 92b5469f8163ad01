//! `schema.graphql` is the schema, says what everything is, and holds all that clients were promised.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
};

use async_graphql::{
    Positioned,
    parser::{
        parse_schema,
        types::{FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
    },
};

use super::root;

/// Everything that a schema defines.
#[derive(Default)]
struct Defined {
    /// What each thing is: the kind of a type, the type of a field with the default value.
    is: BTreeMap<String, String>,
    /// The arguments and input fields that must be given.
    required: Vec<String>,
    /// What has no description.
    undescribed: Vec<String>,
}

impl Defined {
    fn read(sdl: &str) -> Self {
        let mut defined = Self::default();
        for definition in parse_schema(sdl).unwrap().definitions {
            match definition {
                TypeSystemDefinition::Type(one) => defined.define(&one.node),
                TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => {}
            }
        }
        defined
    }

    fn define(&mut self, one: &TypeDefinition) {
        let name = one.name.node.as_str();
        let has_description = one.description.is_some();
        for directive in one.directives.iter().filter(|directive| directive.node.name.node == "oneOf") {
            self.put(&format!("{name} @{}", directive.node.name.node), "applied", true);
        }
        let kind = match &one.kind {
            TypeKind::Scalar => "scalar",
            TypeKind::Object(object) => {
                self.fields(name, &object.fields);
                self.members(name, "implements", &object.implements);
                "type"
            }
            TypeKind::Interface(interface) => {
                self.fields(name, &interface.fields);
                self.members(name, "implements", &interface.implements);
                "interface"
            }
            TypeKind::Union(union) => {
                self.members(name, "=", &union.members);
                "union"
            }
            TypeKind::Enum(values) => {
                for value in &values.values {
                    let is_described = value.node.description.is_some();
                    self.put(&format!("{name}.{}", value.node.value.node), "value", is_described);
                }
                "enum"
            }
            TypeKind::InputObject(input) => {
                for field in &input.fields {
                    self.input(&format!("{name}.{}", field.node.name.node), &field.node);
                }
                "input"
            }
        };
        self.put(name, kind, has_description);
    }

    fn put(&mut self, what: &str, is: &str, is_described: bool) {
        if !is_described {
            self.undescribed.push(what.to_owned());
        }
        assert!(self.is.insert(what.to_owned(), is.to_owned()).is_none(), "{what} is defined twice");
    }

    fn members(&mut self, name: &str, how: &str, members: &[Positioned<async_graphql::Name>]) {
        for member in members {
            self.put(&format!("{name} {how} {}", member.node), "member", true);
        }
    }

    fn fields(&mut self, of: &str, fields: &[Positioned<FieldDefinition>]) {
        for Positioned { node: field, .. } in fields {
            let name = format!("{of}.{}", field.name.node);
            for Positioned { node: argument, .. } in &field.arguments {
                self.input(&format!("{name}({})", argument.name.node), argument);
            }
            self.put(&name, &field.ty.node.to_string(), field.description.is_some());
        }
    }

    fn input(&mut self, name: &str, one: &InputValueDefinition) {
        if !one.ty.node.nullable && one.default_value.is_none() {
            self.required.push(name.to_owned());
        }
        let default = one.default_value.as_ref().map_or_else(String::new, |value| format!(" = {}", value.node));
        self.put(name, &format!("{}{default}", one.ty.node), one.description.is_some());
    }
}

fn committed() -> String {
    fs::read_to_string(root().join("schema.graphql")).unwrap()
}

#[test]
fn the_committed_schema_is_the_schema() {
    let (committed, actual) = (committed(), zorgkaart::graphql::sdl());
    if committed != actual {
        let differs = committed.lines().zip(actual.lines()).position(|(a, b)| a != b);
        let line = differs.unwrap_or_else(|| committed.lines().count().min(actual.lines().count()));
        panic!(
            "schema.graphql is not the schema from line {} on:\n- {}\n+ {}\nIf the change is meant, write it down:\n\n    \
             cargo run -- schema > schema.graphql\n",
            line + 1,
            committed.lines().nth(line).unwrap_or_default(),
            actual.lines().nth(line).unwrap_or_default(),
        );
    }
}

#[test]
fn everything_in_the_schema_is_described() {
    let undescribed = Defined::read(&committed()).undescribed;
    assert!(undescribed.is_empty(), "these have no description:\n{}", undescribed.join("\n"));
}

#[test]
fn the_schema_holds_the_contract() {
    let file = root().join("../shared/contract.graphql");
    let Ok(contract) = fs::read_to_string(&file) else {
        let required = std::env::var("REQUIRE_SHARED").is_ok_and(|value| value == "1");
        assert!(!required, "the contract is required: {}", file.display());
        // Not `eprintln!`: the test harness would swallow it, as this test passes.
        let _ = writeln!(io::stderr(), "SKIPPED: there is no {} to compare the schema with", file.display());
        return;
    };
    let (contract, schema) = (Defined::read(&contract), Defined::read(&committed()));
    let mut broken: Vec<String> = contract
        .is
        .iter()
        .filter(|(what, is)| schema.is.get(*what) != Some(*is))
        .map(|(what, is)| format!("{what}: {is} is promised, not {:?}", schema.is.get(what)))
        .collect();
    // A client that knows the contract alone can still ask.
    let owner = |what: &str| what.split_once('(').or_else(|| what.split_once('.')).map(|(owner, _)| owner.to_owned());
    let demanded = schema.required.iter().filter(|what| !contract.is.contains_key(*what));
    let demanded = demanded.filter(|what| owner(what).is_some_and(|owner| contract.is.contains_key(&owner)));
    broken.extend(demanded.map(|what| format!("{what} must be given, which the contract does not say")));
    assert!(broken.is_empty(), "schema.graphql breaks ../shared/contract.graphql:\n{}", broken.join("\n"));
}
