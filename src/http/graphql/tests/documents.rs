//! Codes, statuses and words for questions that were read.

use std::fmt::Write as _;

use axum::http::header;
use serde_json::json;

use super::demo::{LEGACY, MODERN, ask, ask_as};

#[tokio::test]
async fn the_gate_stands_before_the_engine() {
    let deep = format!("{{ placesNear(near: {}) {{ name }} }}", "[".repeat(2_000));
    let mut bomb = "{ ...f0 }".to_owned();
    for n in 0..30 {
        write!(bomb, " fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1).unwrap();
    }
    for query in [deep, format!("{bomb} fragment f30 on Query {{ who }}")] {
        for accept in [MODERN, LEGACY, "*/*"] {
            let answer = ask_as(accept, &query, json!({})).await;
            assert_eq!((answer.status, answer.code()), (400, "QUERY_TOO_COMPLEX"));
            assert!(answer.extension("limit").is_string());
        }
    }
    let variables = (0..40).fold(json!(1), |inner, _| json!([inner]));
    let answer = ask("query($v: ID!) { place(id: $v) { name } }", json!({ "v": variables })).await;
    assert_eq!((answer.status, answer.extension("limit")), (400, &json!("nesting")));
}

#[tokio::test]
async fn errors_of_the_document_are_400_but_for_the_legacy_type() {
    for (query, variables, code) in [
        ("{", json!({}), "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ who @defer }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { x }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { place(id: $id) { name } }", json!({}), "BAD_USER_INPUT"),
    ] {
        for (accept, status) in [(MODERN, 400), ("*/*", 400), (LEGACY, 200)] {
            let answer = ask_as(accept, query, variables.clone()).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{query}: {}", answer.text);
            assert!(answer.json.get("data").is_none(), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_bad_literal_is_invalid_and_a_bad_variable_is_bad_input() {
    let in_variable = "query($near: NearInput!) { placesNear(near: $near) { name } }";
    for (literal, variable, argument) in [
        ("{}", json!({}), "near"),
        (
            "{postcode: \"3511\", cell: \"8a1969c9b2affff\"}",
            json!({"postcode": "3511", "cell": "8a1969c9b2affff"}),
            "near",
        ),
        ("{postcode: null}", json!({"postcode": null}), "near"),
        ("{point: {lat: \"x\", lng: 5}}", json!({"point": {"lat": "x", "lng": 5}}), "near.point.lat"),
        ("{point: {lat: 52}}", json!({"point": {"lat": 52}}), "near.point"),
        ("{point: {lat: 52, lng: 5, alt: 0}}", json!({"point": {"lat": 52, "lng": 5, "alt": 0}}), "near.point"),
    ] {
        let answer = ask(&format!("{{ placesNear(near: {literal}) {{ name }} }}"), json!({})).await;
        assert_eq!((answer.status, answer.code()), (400, "GRAPHQL_VALIDATION_FAILED"), "{}", answer.text);
        let answer = ask(in_variable, json!({ "near": variable })).await;
        assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{}", answer.text);
        assert_eq!(answer.extension("argument"), argument, "{}", answer.text);
    }
    let answer = ask(
        "query($form: CareForm) { placesNear(near: {postcode: \"3511\"}, careForm: $form) { name } }",
        json!({ "form": "x".repeat(5_000) }),
    )
    .await;
    assert_eq!(
        (answer.status, answer.code(), answer.extension("argument")),
        (400, "BAD_USER_INPUT", &json!("careForm"))
    );
    assert!(answer.text.len() < 500, "{}", answer.text);
}

#[tokio::test]
async fn a_value_that_a_resolver_cannot_hold_is_bad_input() {
    let cases = [
        ("{ placesNear(near: {cell: \"8a\"}) { name } }", json!({}), "near", "15 hexadecimal digits"),
        ("query($cell: H3Cell) { placesNear(near: {cell: $cell}) { name } }", json!({"cell": 5}), "near", "H3Cell"),
        ("{ placesNear(near: {postcode: \"3511\"}, first: 99999999999) { name } }", json!({}), "first", "accepted"),
        ("query Q($n: Int!) { ...F } fragment F on Query { ten(atMost: $n) }", json!({"n": 11}), "atMost", "11"),
    ];
    for (query, variables, argument, sign) in cases {
        let answer = ask(query, variables).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{}", answer.text);
        assert_eq!(answer.extension("argument"), argument, "{}", answer.text);
        assert!(answer.message().contains(sign), "{}", answer.text);
        assert!(answer.json.get("data").is_some());
        assert_eq!(answer.status, 200);
    }
}

#[tokio::test]
async fn a_variable_that_is_left_out_is_an_argument_that_is_left_out() {
    let query = "query($first: Int, $form: CareForm) {
        placesNear(near: {postcode: \"3511\"}, first: $first, careForm: $form) { name } }";
    let answer = ask(query, json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json["data"]["placesNear"].as_array().unwrap().len(), 20);
    let answer = ask(query, json!({ "first": null })).await;
    assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"));
}

#[tokio::test]
async fn codes_of_resolvers_decide_the_status() {
    for (code, status, retry) in [
        ("FORBIDDEN", 200, ""),
        ("CONFLICT", 200, ""),
        ("BAD_USER_INPUT", 200, ""),
        ("UNAVAILABLE", 503, "1"),
        ("RATE_LIMITED", 429, "1"),
        ("INTERNAL", 500, ""),
    ] {
        for accept in [MODERN, LEGACY] {
            let answer = ask_as(accept, &format!("{{ who fail(code: \"{code}\") }}"), json!({})).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{}", answer.text);
            assert_eq!(answer.header(header::RETRY_AFTER), retry);
            assert_eq!(answer.json["data"]["who"], "somebody");
        }
    }
}

#[tokio::test]
async fn what_has_no_code_is_concealed() {
    for query in ["{ leak }", "{ fail(code: \"TEAPOT\") }"] {
        let answer = ask(query, json!({})).await;
        assert_eq!((answer.status, answer.code()), (500, "INTERNAL"));
        assert!(!answer.text.contains("passport") && !answer.text.contains("TEAPOT"), "{}", answer.text);
        assert!(answer.extension("incident").as_str().unwrap().len() == 36);
    }
}

#[tokio::test]
async fn nothing_is_said_twice() {
    let answer = ask("mutation { x }", json!({})).await;
    assert_eq!(answer.json["errors"].as_array().unwrap().len(), 1, "{}", answer.text);
}

#[tokio::test]
async fn refusals_are_short() {
    let long = "z".repeat(100);
    let fields: Vec<String> = (0..400).map(|n| format!("{}{n}", "z".repeat(96))).collect();
    for query in [
        format!("{{ {} }}", fields.join(" ")),
        format!("{{ place(id: 1, {long}: 1) {{ {long} }} }}"),
        format!("{{ ...{long} }}"),
        format!("query($v: {long}) {{ place(id: $v) {{ name }} }}"),
        format!("{{ place(id: 1) {{ name }} }} fragment {long} on {long} {{ a }}"),
        format!("{{ {long}: who {long}: leak }}"),
    ] {
        let answer = ask(&query, json!({})).await;
        assert_eq!((answer.status, answer.code()), (400, "GRAPHQL_VALIDATION_FAILED"), "{}", answer.text);
        assert!(answer.text.len() <= 4_096, "{}", answer.text.len());
        assert!(!answer.message().contains(&long), "{}", answer.text);
    }
}

#[tokio::test]
async fn what_is_given_twice_is_refused() {
    for (query, sign) in [
        ("{ placesNear(near: {postcode: \"3511\", postcode: \"3512\"}) { name } }", "postcode"),
        ("{ place(id: 1, id: 2) { name } }", "id"),
        ("{ place(id: 1) { name @skip(if: true, if: false) } }", "if"),
    ] {
        let answer = ask(query, json!({})).await;
        assert_eq!((answer.status, answer.code()), (400, "GRAPHQL_VALIDATION_FAILED"), "{}", answer.text);
        assert!(answer.message().contains(sign), "{}", answer.text);
    }
}

#[tokio::test]
async fn defaults_of_variables_decide_about_skipping() {
    for (default, given, shown) in
        [("true", json!({}), true), ("false", json!({}), false), ("true", json!({ "v": false }), false)]
    {
        let query = format!("query($v: Boolean = {default}) {{ a: who b: who @include(if: $v) c: who @skip(if: $v) }}");
        let answer = ask(&query, given).await;
        let keys: Vec<_> = answer.json["data"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, if shown { ["a", "b"] } else { ["a", "c"] }, "{}", answer.text);
    }
}

#[tokio::test]
async fn a_failure_where_null_cannot_stand_leaves_no_data() {
    for (query, data) in [
        ("{ who must }", json!(null)),
        (
            "{ place(id: 1) { name } who fail(code: \"CONFLICT\") }",
            json!({"place": {"name": "1"}, "who": "somebody", "fail": null}),
        ),
        ("{ who @skip(if: true) }", json!({})),
    ] {
        let answer = ask(query, json!({})).await;
        assert_eq!((answer.status, &answer.json["data"]), (200, &data), "{}", answer.text);
        assert!(answer.json.get("data").is_some(), "{}", answer.text);
    }
}
