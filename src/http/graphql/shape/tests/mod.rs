//! Answers in form.
#![expect(clippy::unwrap_used, reason = "a failed test should stop at once")]

mod question;
mod reference;
mod things;

use async_graphql::Value;
use proptest::prelude::*;

use question::question;
use things::{answer, data};

#[tokio::test]
async fn fields_stand_in_the_order_of_the_question() {
    for (query, expected) in [
        ("{ hard { late id } soft { id } }", r#"{"hard":{"late":"late 0","id":0},"soft":{"id":1}}"#),
        ("{ hard { a: late b: id late } }", r#"{"hard":{"a":"late 0","b":0,"late":"late 0"}}"#),
        (
            "{ list { late id } }",
            r#"{"list":[{"late":"late 0","id":0},{"late":"late 1","id":1},{"late":"late 2","id":2}]}"#,
        ),
        ("{ ...F soft { id } } fragment F on Query { hard { id } }", r#"{"hard":{"id":0},"soft":{"id":1}}"#),
        (
            "{ hard { ... { late } id ... on Thing { __typename } } }",
            r#"{"hard":{"late":"late 0","id":0,"__typename":"Thing"}}"#,
        ),
        // Fields with the same key are one, where the first of them stands.
        ("{ hard { hard { late } id hard { id } } }", r#"{"hard":{"hard":{"late":"late 2","id":2},"id":0}}"#),
        (
            "{ hard { id } soft { id } ...F } fragment F on Query { hard { late id } }",
            r#"{"hard":{"id":0,"late":"late 0"},"soft":{"id":1}}"#,
        ),
        (
            "{ soft { list { id } ... { list { late } } } }",
            r#"{"soft":{"list":[{"id":3,"late":"late 3"},{"id":4,"late":"late 4"},{"id":5,"late":"late 5"}]}}"#,
        ),
    ] {
        assert_eq!(data(query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn what_is_left_out_stays_out() {
    for (query, expected) in [
        ("{ hard { late @skip(if: true) id @include(if: true) } }", r#"{"hard":{"id":0}}"#),
        ("query($yes: Boolean!) { hard { late @skip(if: $yes) id @include(if: $yes) } }", r#"{"hard":{"id":0}}"#),
        (
            "{ hard { id ... @include(if: false) { late } ...F @skip(if: true) } } fragment F on Thing { late }",
            r#"{"hard":{"id":0}}"#,
        ),
        // An object without fields is an object.
        (
            "{ hard { late @skip(if: true) } soft { id @skip(if: true) none { id @skip(if: true) } } }",
            r#"{"hard":{},"soft":{"none":null}}"#,
        ),
        ("{ hard @skip(if: true) { id } }", "{}"),
    ] {
        assert_eq!(data(query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn an_interface_answers_by_the_type_of_the_object() {
    for (query, expected) in [
        ("{ any { ... on Thing { late } ... on Other { tag id } } }", r#"{"any":{"tag":"tag 1","id":1}}"#),
        (
            "{ any { ... on Thing { id late } ... on Any { id ... on Other { tag } } id } }",
            r#"{"any":{"id":1,"tag":"tag 1"}}"#,
        ),
        ("{ any { ... on Thing { late } } }", r#"{"any":{}}"#),
        ("{ any { ... on Thing { hardFails } t: __typename id } }", r#"{"any":{"t":"Other","id":1}}"#),
        ("{ any { id ... on Other { hardFails } } soft { id } }", r#"{"any":null,"soft":{"id":1}}"#),
        (
            "{ soft { anys { ... on Other { id tag } ... on Thing { late id } } } }",
            r#"{"soft":{"anys":[{"id":3,"tag":"tag 3"},{"late":"late 4","id":4},{"id":5,"tag":"tag 5"}]}}"#,
        ),
    ] {
        assert_eq!(data(query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn introspection_is_ordered_and_never_null() {
    let query = r#"{ __type(name: "Any") { kind name ... on __Type { possibleTypes { name kind name } } } hard { hardFails }
        t: __typename __schema { queryType { name kind } __typename } }"#;
    assert_eq!(data(query).await, "null");
    assert_eq!(
        data(&query.replace("hardFails", "softFails")).await,
        r#"{"__type":{"kind":"INTERFACE","name":"Any","possibleTypes":[{"name":"Thing","kind":"OBJECT"},{"name":"Other","kind":"OBJECT"}]},"hard":{"softFails":null},"t":"Query","__schema":{"queryType":{"name":"Query","kind":"OBJECT"},"__typename":"__Schema"}}"#
    );
    assert_eq!(data(r#"{ __type(name: "Nothing") { name } }"#).await, r#"{"__type":null}"#);
}

#[tokio::test]
async fn a_failure_makes_null_of_the_nearest_place_that_can_be_null() {
    for (query, expected) in [
        ("{ hard { id softFails late } }", r#"{"hard":{"id":0,"softFails":null,"late":"late 0"}}"#),
        ("{ hard { softFails } }", r#"{"hard":{"softFails":null}}"#),
        ("{ hard { id hardFails } soft { id } }", "null"),
        ("{ hard { hardFails } soft { id } }", "null"),
        ("{ list { oddFails } }", "null"),
        ("{ soft { id hardFails } hard { id } }", r#"{"soft":null,"hard":{"id":0}}"#),
        ("{ soft { id hard { hard { hardFails } } } }", r#"{"soft":null}"#),
        ("{ soft { soft { hard { hardFails } } id } }", r#"{"soft":{"soft":null,"id":1}}"#),
        // Items that can be null, and items that cannot.
        ("{ hard { softList { oddFails } id } }", r#"{"hard":{"softList":null,"id":0}}"#),
        (
            "{ hard { holes { id soft { oddFails } } } }",
            r#"{"hard":{"holes":[{"id":0,"soft":null},null,{"id":2,"soft":null}]}}"#,
        ),
        ("{ soft { holes { id oddFails } } }", r#"{"soft":{"holes":[null,null,null]}}"#),
        ("{ hard { holes { oddFails } } }", r#"{"hard":{"holes":[{"oddFails":0},null,{"oddFails":2}]}}"#),
        ("{ hard { numbers } soft { numbers } }", r#"{"hard":{"numbers":null},"soft":{"numbers":null}}"#),
        (
            "{ soft { hard { numbers } soft { numbers } } }",
            r#"{"soft":{"hard":{"numbers":null},"soft":{"numbers":[6,7,8]}}}"#,
        ),
        // Several at once, and fields that are asked twice.
        (
            "{ soft { hardFails softFails a: hardFails } list { softFails } }",
            r#"{"soft":null,"list":[{"softFails":null},{"softFails":null},{"softFails":null}]}"#,
        ),
        ("{ soft { soft { softFails } soft { id } } }", r#"{"soft":{"soft":{"softFails":null,"id":2}}}"#),
        (
            "{ soft { list { softFails } list { id } } }",
            r#"{"soft":{"list":[{"softFails":null,"id":3},{"softFails":null,"id":4},{"softFails":null,"id":5}]}}"#,
        ),
    ] {
        assert_eq!(data(query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn errors_stand_in_the_order_of_the_question() {
    let response = answer("{ soft { holes { soft { softFails } id } a: hardFails } list { oddFails } }", true).await;
    let paths: Vec<String> = response.errors.iter().map(|error| serde_json::to_string(&error.path).unwrap()).collect();
    assert_eq!(
        paths,
        [
            r#"["soft","holes",0,"soft","softFails"]"#,
            r#"["soft","holes",2,"soft","softFails"]"#,
            r#"["soft","a"]"#,
            r#"["list",1,"oddFails"]"#,
        ]
    );
}

#[tokio::test]
async fn what_was_not_executed_is_left_alone() {
    let response = answer("{ hard { nothing } }", true).await;
    assert_eq!(response.data, Value::Null);
    assert!(response.errors.iter().all(|error| error.path.is_empty()));
}

proptest! {
    #[test]
    fn answers_are_those_of_the_specification(numbers in proptest::collection::vec(any::<u8>(), 0..80)) {
        let query = question(&numbers);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let response = runtime.block_on(answer(&query, true));
        prop_assert!(response.errors.iter().all(|error| !error.path.is_empty()), "{query}: {:?}", response.errors);
        let expected = reference::data(&query).to_string();
        prop_assert_eq!(serde_json::to_string(&response.data).unwrap(), expected, "{}", query);
    }
}
