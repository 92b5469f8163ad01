//! What the handler reads, and in which form it answers.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request as HttpRequest, header};
use futures::stream;
use serde_json::json;

use super::demo::{LEGACY, MODERN, ask, ask_as, call, post, send};

#[tokio::test]
async fn a_question_is_answered_in_the_accepted_type() {
    for (accept, expected) in [(MODERN, MODERN), (LEGACY, LEGACY), ("*/*", LEGACY)] {
        let answer = ask_as(accept, "{ who }", json!({})).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header(header::CONTENT_TYPE), format!("{expected}; charset=utf-8"));
        assert_eq!(answer.text, r#"{"data":{"who":"somebody"}}"#);
    }
    let answer = ask_as("text/html", "{ who }", json!({})).await;
    assert_eq!((answer.status, answer.code()), (406, "BAD_REQUEST"));
}

#[tokio::test]
async fn only_posts_are_questions() {
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let request =
            HttpRequest::builder().method(method).uri("/graphql?query=%7Bwho%7D").body(Body::empty()).unwrap();
        let answer = call(request).await;
        assert_eq!((answer.status, answer.code()), (405, "BAD_REQUEST"), "{method}");
        assert_eq!(answer.header(header::ALLOW), "POST");
    }
}

#[tokio::test]
async fn only_plain_json_is_read() {
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let request =
            HttpRequest::post("/graphql").header(header::CONTENT_TYPE, content_type).body(Body::from("{}")).unwrap();
        assert_eq!(call(request).await.status, 415, "{content_type}");
    }
    assert_eq!(call(HttpRequest::post("/graphql").body(Body::from("{}")).unwrap()).await.status, 415);
    let request = post(MODERN).header(header::CONTENT_ENCODING, "gzip").body(Body::from("{}")).unwrap();
    assert_eq!(call(request).await.status, 415);
}

#[tokio::test]
async fn a_large_body_is_not_read() {
    let question = json!({ "query": "{ who }" }).to_string();
    let exact = format!("{question}{}", " ".repeat(65_536 - question.len()));
    assert_eq!(send(exact.clone()).await.status, 200);
    assert_eq!(send(format!("{exact} ")).await.status, 413);
    // Not even begun when the header says so.
    let endless = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
    let request = post(MODERN).header(header::CONTENT_LENGTH, "10000000").body(endless).unwrap();
    let answer = call(request).await;
    assert_eq!((answer.status, answer.header(header::CONNECTION)), (413, "close"));
    // And no further than the limit when it does not.
    let endless = Body::from_stream(stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b' '; 1000]))));
    assert_eq!(send(endless).await.status, 413);
}

#[tokio::test]
async fn a_body_that_drips_is_cut() {
    let drips = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), ()))
    });
    let answer = send(Body::from_stream(drips)).await;
    assert_eq!((answer.status, answer.code(), answer.header(header::CONNECTION)), (408, "BAD_REQUEST", "close"));
    let broken = Body::from_stream(stream::iter([Ok(Bytes::from_static(b"{")), Err(std::io::Error::other("gone"))]));
    assert_eq!(send(broken).await.status, 400);
}

#[tokio::test]
async fn what_is_no_request_is_refused_in_every_type() {
    for accept in [MODERN, LEGACY, "*/*"] {
        for (body, code) in [
            ("{", "BAD_REQUEST"),
            ("{}", "BAD_REQUEST"),
            ("[]", "BATCHING_NOT_SUPPORTED"),
            (r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}"#, "PERSISTED_QUERY_NOT_SUPPORTED"),
            (r#"{"query":"{who}","operationName":"other"}"#, "BAD_REQUEST"),
            (r#"{"query":"subscription { tick }"}"#, "BAD_REQUEST"),
        ] {
            let answer = call(post(accept).body(Body::from(body)).unwrap()).await;
            assert_eq!((answer.status, answer.code()), (400, code), "{accept} {body}");
            assert!(answer.json.get("data").is_none());
        }
    }
}

#[tokio::test]
async fn introspection_is_answered() {
    let answer = ask(include_str!("../../../graphql/gate/introspection.graphql"), json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json["data"]["__schema"]["queryType"]["name"], "Query");
    assert!(answer.json.get("errors").is_none());
}
