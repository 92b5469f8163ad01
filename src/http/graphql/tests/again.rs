//! Documents that were answered before: whatever was asked, the answer is that of an engine that was never asked anything.

use futures::StreamExt as _;
use serde_json::{Value as Json, json};

use super::super::{operation::Operation, request::Question};
use super::demo::{Demo, MODERN, call_at, engine, post, router};

/// Documents, and values for their variables.
fn questions() -> Vec<(&'static str, Vec<Json>)> {
    let near = |near: Json| json!({ "near": near });
    vec![
        (
            "query($near: NearInput!, $first: Int = 2) { placesNear(near: $near, first: $first) { name } }",
            vec![
                near(json!({ "postcode": "3511" })),
                near(json!({ "postcode": "1011" })),
                near(json!({ "postcode": 3511 })),
                near(json!({ "postcode": null })),
                near(json!({ "postcode": "3511", "cell": "8a1969c9b2affff" })),
                near(json!({ "cell": "8a" })),
                near(json!({ "point": { "lat": 52, "lng": 5.5 } })),
                near(json!({ "point": { "lat": "52", "lng": 5.5 } })),
                near(Json::Null),
                json!({}),
                json!({ "near": { "postcode": "3511" }, "first": 3 }),
                json!({ "near": { "postcode": "3511" }, "first": null }),
                json!({ "near": { "postcode": "3511" }, "first": 3.5 }),
                json!({ "near": { "postcode": "3511" }, "first": 20_000 }),
                json!({ "near": { "postcode": "3511" }, "first": 3, "more": 1 }),
            ],
        ),
        (
            "query($yes: Boolean!, $id: ID = \"a\") { who @include(if: $yes) place(id: $id) @skip(if: $yes) { name phone } }",
            vec![
                json!({ "yes": true }),
                json!({ "yes": false }),
                json!({ "yes": true, "id": "b" }),
                json!({ "yes": false, "id": "b" }),
                json!({ "yes": false, "id": null }),
                json!({ "yes": 1 }),
            ],
        ),
        (
            "query($form: CareForm) { placesNear(near: {postcode: \"3511\"}, careForm: $form) { phone } }",
            vec![
                json!({}),
                json!({ "form": null }),
                json!({ "form": "WONEN" }),
                json!({ "form": "Wonen" }),
                json!({ "form": [] }),
            ],
        ),
        (
            "query($most: Int!) { ten(atMost: $most) must }",
            vec![json!({ "most": 5 }), json!({ "most": 11 }), json!({ "most": "5" })],
        ),
        ("{ nothing }", vec![json!({}), json!({})]),
        ("query a { who } query b { who nothing }", vec![json!({})]),
    ]
}

#[tokio::test]
async fn what_was_asked_before_changes_no_answer() {
    let used = router();
    for (query, values) in questions() {
        // Each after each other, and after itself.
        for variables in values.iter().flat_map(|one| [one, one].into_iter().chain(&values)) {
            let ask = || {
                let body = json!({ "query": query, "variables": variables }).to_string();
                post(MODERN).body(body.into()).unwrap()
            };
            let (fresh, again) = (call_at(router(), ask()).await, call_at(used.clone(), ask()).await);
            assert_eq!((fresh.status, fresh.text), (again.status, again.text), "{query} {variables}");
        }
    }
}

#[tokio::test]
async fn an_operation_is_known_by_its_name() {
    let used = router();
    for (name, key) in [("a", "one"), ("b", "two"), ("a", "one"), ("b", "two")] {
        let query = "query a { one: who } query b { two: who }";
        let body = json!({ "query": query, "operationName": name }).to_string();
        let answer = call_at(used.clone(), post(MODERN).body(body.into()).unwrap()).await;
        assert_eq!(answer.json["data"][key], "somebody", "{}", answer.text);
    }
}

fn question(engine: &Demo, query: &str, variables: &Json) -> Question {
    engine.parse(json!({ "query": query, "variables": variables }).to_string().as_bytes()).unwrap()
}

/// Lets the engine keep what a question asks, as it does once that is answered; whether the question is trusted to be valid.
fn keep(engine: &Demo, question: Question) -> bool {
    let Ok(Operation { document, schema, key, .. }) = engine.admit(question) else { return false };
    if let Some(key) = key {
        engine.documents.keep(key, document);
    }
    std::ptr::eq(schema, &raw const engine.trusting)
}

#[test]
fn a_question_is_trusted_once_it_was_answered_and_a_change_never() {
    let engine = engine();
    let trusted = |query: &str| {
        let variables = json!({ "value": 5 });
        [(); 3].map(|()| keep(&engine, question(&engine, query, &variables)))
    };
    assert_eq!(trusted("query($value: Int!) { ten(atMost: $value) }"), [false, true, true]);
    assert_eq!(trusted("mutation($value: Int!) { set(to: $value) }"), [false; 3]);
}

#[tokio::test]
async fn what_was_asked_before_changes_no_answer_over_a_connection_that_stays() {
    let used = engine();
    for (query, values) in questions() {
        for variables in values.iter().chain(&values) {
            let answer = async |engine: &Demo| {
                let question = question(engine, query, variables);
                let replies = engine.replies(question, |request, _| request.data("somebody"));
                replies.map(|reply| (reply.payload.to_string(), reply.is_error)).collect::<Vec<_>>().await
            };
            let replies = answer(&engine()).await;
            assert_eq!(answer(&used).await, replies, "{query} {variables}");
            if replies.iter().all(|(_, is_error)| !is_error) {
                keep(&used, question(&used, query, variables));
            }
        }
    }
}
