//! The schema as the running service describes it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::service::Service;

const QUESTION: &str = "{ __schema { queryType { name } mutationType { name } types { kind name
    fields(includeDeprecated: true) { name type { ...T } args { name defaultValue type { ...T } } }
    inputFields { name type { ...T } }
    possibleTypes { name } } } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The types that are ours, by name.
pub(crate) struct Schema {
    pub(super) query: String,
    pub(super) mutation: String,
    types: BTreeMap<String, Type>,
}

/// An object, an interface, a union or an input object.
pub(super) struct Type {
    kind: String,
    pub(super) fields: Vec<Field>,
    /// The objects that an interface or a union can be.
    possible: Vec<String>,
}

/// A field, or a field of an input object.
pub(super) struct Field {
    pub(super) name: String,
    /// Its type without lists and non-null.
    pub(super) of: String,
    pub(super) arguments: Vec<(String, Self)>,
    /// Of an argument: whether it must be given.
    required: bool,
}

impl Schema {
    pub(crate) async fn of(service: &Service) -> Self {
        let schema = service.ask(None, QUESTION).await.data("/__schema");
        let types = list(&schema["types"]).filter(|one| !text(&one["name"]).starts_with("__")).map(|one| {
            let read = Type {
                kind: text(&one["kind"]),
                fields: list(&one["fields"]).chain(list(&one["inputFields"])).map(Field::of).collect(),
                possible: list(&one["possibleTypes"]).map(|one| text(&one["name"])).collect(),
            };
            (text(&one["name"]), read)
        });
        Self {
            query: text(&schema["queryType"]["name"]),
            mutation: text(&schema["mutationType"]["name"]),
            types: types.collect(),
        }
    }

    fn of_kind<'a>(&'a self, kind: &'static str) -> impl Iterator<Item = (&'a String, &'a Type)> {
        self.types.iter().filter(move |(_, one)| one.kind == kind)
    }

    /// The object types with their fields; but what is told over a WebSocket, of which `alerts::socket` says to whom.
    pub(super) fn objects(&self) -> impl Iterator<Item = (&String, &Type)> {
        self.of_kind("OBJECT").filter(|(name, _)| *name != "Subscription")
    }

    /// The input objects that filter an answer.
    pub(super) fn filters(&self) -> impl Iterator<Item = (&String, &Type)> {
        self.of_kind("INPUT_OBJECT").filter(|(name, _)| name.ends_with("Filter"))
    }

    pub(super) fn fields(&self, of: &str) -> &[Field] {
        &self.types[of].fields
    }

    /// What objects a field of this type can answer; none for scalars and enumerations.
    pub(super) fn answers(&self, of: &str) -> Vec<&str> {
        match self.types.get_key_value(of) {
            Some((name, one)) if one.kind == "OBJECT" => vec![name],
            Some((_, one)) => one.possible.iter().map(String::as_str).collect(),
            None => Vec::new(),
        }
    }

    /// Whether a type is an interface or a union.
    pub(super) fn is_abstract(&self, of: &str) -> bool {
        self.types.get(of).is_some_and(|one| !one.possible.is_empty())
    }
}

impl Field {
    fn of(one: &Value) -> Self {
        let of_type = &one["type"];
        let mut innermost = of_type;
        while !innermost["ofType"].is_null() {
            innermost = &innermost["ofType"];
        }
        Self {
            name: text(&one["name"]),
            of: text(&innermost["name"]),
            required: of_type["kind"] == "NON_NULL" && one["defaultValue"].is_null(),
            arguments: list(&one["args"]).map(|argument| (text(&argument["name"]), Self::of(argument))).collect(),
        }
    }

    pub(super) fn has_required_argument(&self) -> bool {
        self.arguments.iter().any(|(_, argument)| argument.required)
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
