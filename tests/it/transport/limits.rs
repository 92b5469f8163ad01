//! The limits of a document, over the wire.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{refused, still_answers};
use crate::support::{databases::TestDatabase, service::Service};

/// A document beyond a limit is refused by it, at once.
async fn beyond(service: &Service, limit: &str, query: &str, variables: Value) {
    let started = Instant::now();
    let answer = service.ask_with(None, query, variables).await;
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}: {query:.200}", started.elapsed());
    refused(&answer, 400, "QUERY_TOO_COMPLEX", &format!("{query:.200}"));
    let body = answer.json();
    let extensions = &body["errors"][0]["extensions"];
    assert_eq!(extensions["limit"], limit, "{}", answer.text);
    assert!(extensions["found"].as_u64() > extensions["allowed"].as_u64(), "{}", answer.text);
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(&format!("at most {}", extensions["allowed"])), "{message}");
}

#[tokio::test]
async fn nested_literals_kill_nobody() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    for (open, close) in [("[", "]"), ("{a:", "}"), ("[{a:", "}]"), ("[ # (\n", "]"), ("[,\u{feff}", "]")] {
        let nested = format!("{}1{}", open.repeat(2_000), close.repeat(2_000));
        for query in [
            format!("{{ node(id: {nested}) {{ id }} }}"),
            format!("{{ node(id: {}", open.repeat(2_000)),
            format!("query($v: ID = {nested}) {{ node(id: $v) {{ id }} }}"),
            format!("{{ viewer @include(if: {nested}) {{ role }} }}"),
        ] {
            beyond(&service, "nesting", &query, json!({})).await;
        }
    }
    beyond(&service, "nesting", &"{a".repeat(2_000), json!({})).await;
    beyond(&service, "nesting", &format!("query($v: {}ID{}) {{ a }}", "[".repeat(2_000), "]".repeat(2_000)), json!({}))
        .await;
    beyond(&service, "nesting", &"(".repeat(60_000), json!({})).await;
    still_answers(&service).await;
}

#[tokio::test]
async fn fragment_bombs_kill_nobody() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    for (root, kind, field) in [("{ ...f0 }", "Query", "viewer { role }"), ("{ viewer { ...f0 } }", "Viewer", "role")] {
        let mut bomb = root.to_owned();
        for n in 0..25 {
            write!(bomb, " fragment f{n} on {kind} {{ ...f{0} ...f{0} }}", n + 1).unwrap();
        }
        beyond(&service, "cost", &format!("{bomb} fragment f25 on {kind} {{ {field} }}"), json!({})).await;
        // The same where no operation spreads it.
        let unspread = bomb.replace(root, "{ viewer { role } }");
        beyond(&service, "cost", &format!("{unspread} fragment f25 on {kind} {{ {field} }}"), json!({})).await;
    }
    still_answers(&service).await;
}

#[tokio::test]
async fn every_limit_has_its_name_and_is_inclusive() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let repeat = |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<Vec<_>>().join(" ");
    let viewers = |count, part: &dyn Fn(usize) -> String| format!("{{ viewer {{ {} }} }}", repeat(count, part));
    let aliases = |count| viewers(count, &|n| format!("a{n}: role"));
    let directives = |count| viewers(count, &|_| "... @include(if: true) { role }".to_owned());
    let duplicates = |count| viewers(count, &|_| "role".to_owned());
    let tokens = |count: usize| format!("{{ viewer {{ {} }} }}", repeat(count - 5, &|_| "role".to_owned()));
    let depth = |count: usize| {
        let (open, close) = ("ofType { ".repeat(count - 5), " }".repeat(count - 5));
        format!("{{ __schema {{ types {{ fields {{ type {{ {open}name{close} }} }} }} }} }}")
    };
    let page = |first: u32| {
        format!(
            "{{ placesNear(near: {{postcode: \"3511\"}}, first: {first}) {{ edges {{ node {{ provider {{ places(first: 100) {{ edges {{ node {{ id name capacity }} }} }} }} }} }} }} }}"
        )
    };
    let name = |length: usize| format!("{{ {}: viewer {{ role }} }}", "a".repeat(length));
    for (limit, beyond_it, within) in [
        ("aliases", aliases(31), Some(aliases(30))),
        ("directives", directives(51), Some(directives(50))),
        ("duplicates", duplicates(52), Some(duplicates(51))),
        ("name", name(101), Some(name(100))),
        ("tokens", tokens(2_001), None),
        ("depth", depth(17), Some(depth(16))),
        ("cost", page(100), None),
        ("cost", page(2_000_000_000), None),
    ] {
        beyond(&service, limit, &beyond_it, json!({})).await;
        if let Some(within) = within {
            assert_eq!(service.ask(None, &within).await.json()["errors"], Value::Null, "{within}");
        }
    }
    let query = "query($v: [String!]) { placesNear(near: {postcode: \"3511\"}, filter: {kwaliteitseisen: $v}) { edges { cursor } } }";
    beyond(&service, "values", query, json!({"v": vec!["3.b"; 10_001]})).await;
    let query = "query($v: PlaceFilter) { a: placesNear(near: {postcode: \"3511\"}, filter: $v) { edges { cursor } }
        b: placesNear(near: {postcode: \"3511\"}, filter: $v) { edges { cursor } } }";
    beyond(&service, "values", query, json!({"v": {"kwaliteitseisen": vec!["3.b"; 6_000]}})).await;
    still_answers(&service).await;
}

#[tokio::test]
async fn the_limits_are_configured() {
    let service = Service::start_with(TestDatabase::sqlite().await, |config| config.limits.depth = 3).await;
    beyond(&service, "depth", "{ viewer { passport { status } regions { gemeenten { code } } } }", json!({})).await;
    still_answers(&service).await;
}

#[tokio::test]
async fn introspection_is_open_to_all_within_the_limits() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let question = include_str!("../../../src/graphql/gate/introspection.graphql");
    let answer = service.ask(None, question).await;
    assert_eq!(answer.data("/__schema/queryType/name"), "Query");
    let types = answer.data("/__schema/types");
    assert!(types.as_array().unwrap().iter().any(|kind| kind["name"] == "PlaceFilter"));
    let deep = format!("{{ __type(name: \"Query\") {{ {}name{} }} }}", "fields { type { ".repeat(8), " } }".repeat(8));
    beyond(&service, "depth", &deep, json!({})).await;
    let wide = (0..31).fold(String::new(), |all, n| format!("{all} a{n}: __schema {{ types {{ name }} }}"));
    beyond(&service, "aliases", &format!("{{ {wide} }}"), json!({})).await;
}
