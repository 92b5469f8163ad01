//! What is said to be of its type the engine takes too, with all that it validates.
#![expect(clippy::unwrap_used, reason = "a failed test should stop at once")]

use std::sync::LazyLock;

use async_graphql::Request;
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::parse_query;
use proptest::prelude::*;
use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::*;
use crate::graphql::{Schema, schema, sdl};
use crate::http::graphql::answer;
use crate::http::graphql::operation::chosen;

const QUESTION: &str =
    "query($near: NearInput!, $filter: PlaceFilter, $first: Int!, $km: Float, $after: String, $id: ID!,
  $from: Date!, $to: Date!, $bounds: BoundsInput!, $resolution: Int!) {
  placesNear(near: $near, filter: $filter, first: $first, radiusKm: $km, after: $after) { edges { cursor } }
  placeClusters(bounds: $bounds, resolution: $resolution, filter: $filter) { count }
  place(id: $id) { availability(from: $from, to: $to) { free } } }";

struct Question {
    types: InputTypes,
    definitions: Vec<Positioned<VariableDefinition>>,
}

impl Question {
    fn new() -> Self {
        let document = parse_query(QUESTION).unwrap();
        let definitions = chosen(&document, None).unwrap().node.variable_definitions.clone();
        Self { types: InputTypes::of(&sdl()), definitions }
    }

    fn fits(&self, variables: &Variables) -> bool {
        self.types.fit(&self.definitions, variables)
    }

    /// Values, each of which is wrong with a chance of `wrong`.
    fn values(&self, rng: &mut ChaCha8Rng, wrong: f64) -> Variables {
        let value = |one: &Positioned<VariableDefinition>| {
            let value = self.value(&one.node.var_type.node, rng, wrong);
            (one.node.name.node.clone(), value)
        };
        let values: IndexMap<Name, Value> = self.definitions.iter().map(value).collect();
        Variables::from_value(Value::Object(values))
    }

    fn value(&self, kind: &Type, rng: &mut ChaCha8Rng, wrong: f64) -> Value {
        if rng.random_bool(wrong) {
            let values = [
                json!(null),
                json!(1),
                json!(1.5),
                json!(3_000_000_000_u64),
                json!("x"),
                json!(true),
                json!([]),
                json!({}),
                json!([[1]]),
                json!({ "lat": 1 }),
                json!({ "postcode": null }),
                json!({ "postcode": "1", "point": {} }),
            ];
            return Value::from_json(values.choose(rng).unwrap().clone()).unwrap();
        }
        if kind.nullable && rng.random_bool(0.3) {
            return Value::Null;
        }
        match &kind.base {
            BaseType::List(item) => (0..rng.random_range(0..3)).map(|_| self.value(item, rng, wrong)).collect(),
            BaseType::Named(name) => self.one(&self.types.types[name], rng, wrong),
        }
    }

    fn one(&self, input: &Input, rng: &mut ChaCha8Rng, wrong: f64) -> Value {
        match input {
            Input::Int => Value::from(rng.random_range(-5..100)),
            Input::Float => Value::from(rng.random_range(-5.0..100.0)),
            Input::Text | Input::Id | Input::Own => Value::from("2026-12-01"),
            Input::Boolean => Value::from(rng.random_bool(0.5)),
            Input::Enum(choices) => Value::String(choices.choose(rng).unwrap().to_string()),
            Input::Object { members, one_of } => {
                let mut names: Vec<_> = members.keys().collect();
                names.sort();
                if *one_of {
                    names = vec![*names.choose(rng).unwrap()];
                } else {
                    names.retain(|name| !members[*name].may_miss || rng.random_bool(0.3));
                }
                let value = |name: &Name| (name.clone(), self.value(&members[name].kind, rng, wrong));
                Value::Object(names.into_iter().map(value).collect())
            }
        }
    }
}

fn is_refused(variables: Variables) -> bool {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(schema);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    answer::is_refused(&runtime.block_on(SCHEMA.execute(Request::new(QUESTION).variables(variables))))
}

proptest! {
    #[test]
    fn what_fits_the_engine_takes(seed in any::<u64>(), wrong in prop_oneof![Just(0.02), Just(0.2)]) {
        let question = Question::new();
        let variables = question.values(&mut ChaCha8Rng::seed_from_u64(seed), wrong);
        if question.fits(&variables) {
            prop_assert!(!is_refused(variables));
        }
    }
}

#[test]
fn what_clients_send_fits() {
    let question = Question::new();
    let point = json!({ "point": { "lat": 52.1, "lng": 5.1 } });
    let mut sent = json!({ "near": point, "filter": { "careForms": ["LOGEREN"], "age": 12 }, "first": 20, "km": 30,
        "after": null, "id": "x", "from": "2026-12-01", "to": "2026-12-02", "resolution": 5,
        "bounds": { "south": 50.0, "west": 3, "north": 54, "east": 7.5 } });
    let fits = |sent: &serde_json::Value| question.fits(&Variables::from_json(sent.clone()));
    assert!(fits(&sent), "{sent}");
    assert!(!is_refused(Variables::from_json(sent.clone())));
    for (name, wrong) in [
        ("near", json!({ "postcode": "3511", "point": null })),
        ("near", json!({ "postcode": null })),
        ("filter", json!({ "careForms": ["LOGERN"] })),
        ("filter", json!({ "nothing": 1 })),
        ("bounds", json!({ "south": 50 })),
        ("first", json!(2.5)),
        ("id", json!({})),
        ("from", json!(20_261_201)),
    ] {
        let right = std::mem::replace(&mut sent[name], wrong);
        assert!(!fits(&sent), "{sent}");
        assert!(is_refused(Variables::from_json(sent.clone())), "{sent}");
        sent[name] = right;
    }
}

#[test]
fn variables_in_one_object_for_a_list_are_not_tied() {
    let types = InputTypes::of(&sdl());
    let ties = |arguments: &str| {
        let query = format!("query($v: Float, $a: String) {{ placesNear({arguments}) {{ edges {{ cursor }} }} }}");
        types.tie(&parse_query(query).unwrap())
    };
    let near = "near: { postcode: $a }";
    for tied in [
        near.to_owned(),
        format!("{near}, wishes: [{{ code: $a, weight: $v }}]"),
        format!("{near}, wishes: {{ code: \"3.b\", weight: 1 }}"),
        format!("{near}, filter: {{ vervoerTo: {{ postcode: $a }} }}"),
    ] {
        assert!(ties(&tied), "{tied}");
    }
    for free in [
        format!("{near}, wishes: {{ code: \"3.b\", weight: $v }}"),
        format!("{near}, wishes: [[{{ code: \"3.b\", weight: $v }}]]"),
    ] {
        assert!(!ties(&free), "{free}");
    }
    let inside = "query($v: Float) { ...F } fragment F on Query { placesNear(near: {}, wishes: { weight: $v }) { edges { cursor } } }";
    assert!(!types.tie(&parse_query(inside).unwrap()));
}
