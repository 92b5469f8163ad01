//! Execution as the specification describes it (section 6), of the things, word for word.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{Directive, DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned};
use async_graphql_value::Value as Literal;
use serde_json::{Map, Value as Json, json};

#[derive(Clone, Copy)]
enum Kind {
    Query,
    Thing(i32),
    Other(i32),
}

enum Found {
    Failure,
    Null,
    Leaf(Json),
    Object(Kind),
    /// Whether an item may be null, and the items.
    List(bool, Vec<Found>),
}

fn any(n: i32) -> Kind {
    if n % 2 == 0 { Kind::Thing(n) } else { Kind::Other(n) }
}

/// Whether the field may be null, and what its resolver gives.
fn resolve(kind: Kind, field: &str) -> (bool, Found) {
    let things = |n: i32| (3 * n..3 * n + 3).map(|n| Found::Object(Kind::Thing(n))).collect();
    let (nullable, found) = match (kind, field) {
        (Kind::Query, "hard") => (false, Found::Object(Kind::Thing(0))),
        (Kind::Query, "soft") => (true, Found::Object(Kind::Thing(1))),
        (Kind::Query, "list") => (false, Found::List(false, things(0))),
        (Kind::Query, "any") => (true, Found::Object(any(1))),
        (Kind::Thing(n) | Kind::Other(n), "id") => (false, Found::Leaf(json!(n))),
        (Kind::Thing(n), "late") => (false, Found::Leaf(json!(format!("late {n}")))),
        (Kind::Thing(n), "oddFails") if n % 2 == 0 => (false, Found::Leaf(json!(n))),
        (Kind::Thing(_), "oddFails" | "hardFails") | (Kind::Other(_), "hardFails") => (false, Found::Failure),
        (Kind::Thing(_), "softFails") => (true, Found::Failure),
        (Kind::Thing(_), "none") => (true, Found::Null),
        (Kind::Thing(n), "hard") => (false, Found::Object(Kind::Thing(n + 2))),
        (Kind::Thing(n) | Kind::Other(n), "soft") => (true, Found::Object(Kind::Thing(n + 1))),
        (Kind::Thing(n), "list") => (false, Found::List(false, things(n))),
        (Kind::Thing(n), "softList") => (true, Found::List(false, things(n))),
        (Kind::Thing(n), "holes") => {
            let mut items: Vec<_> = things(n);
            items[1] = Found::Null;
            (false, Found::List(true, items))
        }
        (Kind::Thing(n), "numbers") => {
            let number = |n: i32| if n % 5 == 0 { Found::Failure } else { Found::Leaf(json!(n)) };
            (true, Found::List(false, (3 * n..3 * n + 3).map(number).collect()))
        }
        (Kind::Thing(n), "any") => (false, Found::Object(any(n + 1))),
        (Kind::Thing(n), "anys") => {
            (true, Found::List(false, (3 * n..3 * n + 3).map(|n| Found::Object(any(n))).collect()))
        }
        (Kind::Other(n), "tag") => (false, Found::Leaf(json!(format!("tag {n}")))),
        (_, other) => unreachable!("{other}"),
    };
    (nullable, found)
}

struct Failed;

/// The data of the answer to `query`, with `$yes` true.
pub(super) fn data(query: &str) -> Json {
    let document = parse_query(query).unwrap();
    let DocumentOperations::Single(operation) = &document.operations else { unreachable!() };
    execute(&document, Kind::Query, &[&operation.node.selection_set.node]).unwrap_or(Json::Null)
}

fn execute(document: &ExecutableDocument, kind: Kind, sets: &[&SelectionSet]) -> Result<Json, Failed> {
    let mut grouped: Vec<(&Name, Vec<&Field>)> = Vec::new();
    for set in sets {
        collect(document, kind, set, &mut grouped);
    }
    let mut object = Map::new();
    for (key, fields) in grouped {
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let value = if fields[0].name.node == "__typename" {
            json!(name(kind))
        } else {
            let (nullable, found) = resolve(kind, &fields[0].name.node);
            complete(document, nullable, found, &sets)?
        };
        object.insert(key.to_string(), value);
    }
    Ok(Json::Object(object))
}

fn complete(
    document: &ExecutableDocument,
    nullable: bool,
    found: Found,
    sets: &[&SelectionSet],
) -> Result<Json, Failed> {
    let value = match found {
        Found::Failure => Err(Failed),
        Found::Null => Ok(Json::Null),
        Found::Leaf(leaf) => Ok(leaf),
        Found::Object(kind) => execute(document, kind, sets),
        Found::List(nullable, items) => items
            .into_iter()
            .map(|item| complete(document, nullable, item, sets))
            .collect::<Result<_, _>>()
            .map(Json::Array),
    };
    if nullable { Ok(value.unwrap_or(Json::Null)) } else { value }
}

fn collect<'a>(
    document: &'a ExecutableDocument,
    kind: Kind,
    set: &'a SelectionSet,
    grouped: &mut Vec<(&'a Name, Vec<&'a Field>)>,
) {
    let asked = |directive: &Positioned<Directive>| match &directive.node.arguments[0].1.node {
        Literal::Boolean(value) => *value,
        _ => true,
    };
    for selection in set.items.iter().map(|item| &item.node) {
        if selection.directives().iter().any(|one| (one.node.name.node == "skip") == asked(one)) {
            continue;
        }
        let (on, set) = match selection {
            Selection::Field(field) => {
                let key = &field.node.response_key().node;
                match grouped.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, fields)) => fields.push(&field.node),
                    None => grouped.push((key, vec![&field.node])),
                }
                continue;
            }
            Selection::InlineFragment(inline) => (inline.node.type_condition.as_ref(), &inline.node.selection_set),
            Selection::FragmentSpread(spread) => {
                let fragment = &document.fragments[&spread.node.fragment_name.node].node;
                (Some(&fragment.type_condition), &fragment.selection_set)
            }
        };
        if on.is_none_or(|on| on.node.on.node == name(kind) || on.node.on.node == "Any") {
            collect(document, kind, &set.node, grouped);
        }
    }
}

const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Query => "Query",
        Kind::Thing(_) => "Thing",
        Kind::Other(_) => "Other",
    }
}
