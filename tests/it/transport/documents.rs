//! What a body holds.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::{headers, post, refused, still_answers};
use crate::support::{databases::TestDatabase, service::Service};

#[tokio::test]
async fn a_body_is_one_question() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let sha = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
    let many = format!("[{}]", vec![r#"{"query":"{ viewer { role } }"}"#; 1_000].join(","));
    for (body, code) in [
        ("", "BAD_REQUEST"),
        ("null", "BAD_REQUEST"),
        ("1", "BAD_REQUEST"),
        ("\"{ viewer { role } }\"", "BAD_REQUEST"),
        ("{ viewer { role } }", "BAD_REQUEST"),
        ("{}", "BAD_REQUEST"),
        (r#"{"query":"{ viewer { role } }"} {}"#, "BAD_REQUEST"),
        (r#"{"query":null}"#, "BAD_REQUEST"),
        (r#"{"query":["{ viewer { role } }"]}"#, "BAD_REQUEST"),
        (r#"{"query":"{ viewer { role } }","variables":"{}"}"#, "BAD_REQUEST"),
        (r#"{"query":"{ viewer { role } }","variables":[]}"#, "BAD_REQUEST"),
        (r#"{"query":"{ viewer { role } }","operationName":{}}"#, "BAD_REQUEST"),
        (r#"{"query":"{ viewer { role } }","extensions":1}"#, "BAD_REQUEST"),
        (r#"{"query":"{ viewer { role } }","operationName":"Other"}"#, "BAD_REQUEST"),
        (r#"{"query":"query A { viewer { role } } query B { viewer { role } }"}"#, "BAD_REQUEST"),
        ("[]", "BATCHING_NOT_SUPPORTED"),
        (r#"[{"query":"{ viewer { role } }"}]"#, "BATCHING_NOT_SUPPORTED"),
        (many.as_str(), "BATCHING_NOT_SUPPORTED"),
        (
            &format!(r#"{{"extensions":{{"persistedQuery":{{"version":1,"sha256Hash":"{sha}"}}}}}}"#),
            "PERSISTED_QUERY_NOT_SUPPORTED",
        ),
        (r#"{"query":""}"#, "GRAPHQL_PARSE_FAILED"),
        (r##"{"query":"#"}"##, "GRAPHQL_PARSE_FAILED"),
        (r#"{"query":"{ viewer { role }"}"#, "GRAPHQL_PARSE_FAILED"),
        (r#"{"query":"{ viewer { role \u0000 } }"}"#, "GRAPHQL_PARSE_FAILED"),
        (r#"{"query":"{ viewer { role \u202e } }"}"#, "GRAPHQL_PARSE_FAILED"),
        (r#"{"query":"{ viewer { password } }"}"#, "GRAPHQL_VALIDATION_FAILED"),
        (r#"{"query":"{ viewer { role @defer } }"}"#, "GRAPHQL_VALIDATION_FAILED"),
        (r#"{"query":"mutation { delete }"}"#, "GRAPHQL_VALIDATION_FAILED"),
        (r#"{"query":"{ viewer { role ...A } } fragment A on Viewer { ...A }"}"#, "GRAPHQL_VALIDATION_FAILED"),
        (r#"{"query":"subscription { tick }"}"#, "BAD_REQUEST"),
    ] {
        refused(&post(&service, body.to_owned()).await, 400, code, &format!("{body:.200}"));
    }
    still_answers(&service).await;
}

#[tokio::test]
async fn documents_that_the_operator_lists_are_asked_by_their_hash() {
    let document = "query($form: [CareForm!]) { placesNear(near: {postcode: \"3511\"}, filter: {careForms: $form}, first: 1) { \
                    edges { node { careForm } } } }";
    let hash = |text: &str| format!("{:x}", Sha256::digest(text));
    let list = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&list, json!({ hash(document): document }).to_string()).unwrap();
    let path = list.path().to_owned();
    let service =
        Service::start_with(TestDatabase::sqlite().await, |config| config.persisted_documents = Some(path)).await;
    let persisted = |hash: &str| json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    for form in ["LOGEREN", "WONEN"] {
        let variables = json!({ "form": [form] });
        let body = json!({ "extensions": persisted(&hash(document)), "variables": variables });
        let answer = post(&service, body.to_string()).await;
        assert_eq!(answer.data("/placesNear/edges/0/node/careForm"), form);
        let in_full = json!({ "query": document, "variables": variables });
        assert_eq!(answer.text, post(&service, in_full.to_string()).await.text);
    }
    // Nothing is added to the list: who sends a hash with its document is answered, and the hash stays unknown.
    let other = "{ viewer { role } }";
    let body = json!({ "query": other, "extensions": persisted(&hash(other)) });
    assert_eq!(post(&service, body.to_string()).await.data("/viewer/role"), "ANONYMOUS");
    let body = json!({ "extensions": persisted(&hash(other)) });
    refused(&post(&service, body.to_string()).await, 400, "PERSISTED_QUERY_NOT_SUPPORTED", "an unknown hash");
}

#[tokio::test]
async fn bytes_that_are_no_utf_8_are_no_json() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let question = |inside: &[u8]| [b"{\"query\":\"{ viewer { role } } # ", inside, b"\"}"].concat();
    for inside in [
        &b"\xff"[..],
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe2\x82",
        b"\\ud800",
        b"\\udc00\\ud800",
        b"\x00",
        b"\n",
    ] {
        refused(&post(&service, question(inside)).await, 400, "BAD_REQUEST", &format!("{inside:x?}"));
    }
    let utf_16: Vec<u8> = "{\"query\":\"{ viewer { role } }\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(&post(&service, utf_16).await, 400, "BAD_REQUEST", "UTF-16");
    assert_eq!(post(&service, question("é👩 \\ud83d\\ude00".as_bytes())).await.data("/viewer/role"), "ANONYMOUS");
}

#[tokio::test]
async fn nothing_nested_reaches_a_stack() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        for depth in [129, 2_000, 9_000] {
            let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            for body in [
                nested.clone(),
                open.repeat(depth),
                format!(r#"{{"query":"query($v: ID!) {{ node(id: $v) {{ id }} }}","variables":{{"v":{nested}}}}}"#),
                format!(r#"{{"query":"{{ viewer {{ role }} }}","extensions":{{"a":{nested}}}}}"#),
            ] {
                let status = if body.len() > 65_536 { 413 } else { 400 };
                let answer = post(&service, body.clone()).await;
                refused(&answer, status, "BAD_REQUEST", &format!("{body:.60}"));
            }
        }
    }
    // What JSON takes, the gate does not.
    let nested = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let body = format!(r#"{{"query":"query($v: ID!) {{ node(id: $v) {{ id }} }}","variables":{{"v":{nested}}}}}"#);
    let answer = post(&service, body).await;
    refused(&answer, 400, "QUERY_TOO_COMPLEX", "nested variables");
    assert_eq!(answer.json()["errors"][0]["extensions"]["limit"], "nesting");
    still_answers(&service).await;
}

#[tokio::test]
async fn the_answer_is_of_the_type_that_is_accepted() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let ask = |accept: &'static str, query: &'static str| {
        let lines = headers(&[("content-type", "application/json"), ("accept", accept)]);
        service.post(lines, json!({ "query": query }).to_string())
    };
    for (accept, content_type, invalid) in [
        ("application/graphql-response+json", "application/graphql-response+json; charset=utf-8", 400),
        ("application/json", "application/json; charset=utf-8", 200),
        ("*/*", "application/json; charset=utf-8", 400),
    ] {
        let answer = ask(accept, "{ viewer { role } }").await;
        assert_eq!((answer.status.as_u16(), &answer.headers["content-type"]), (200, &content_type.parse().unwrap()));
        let answer = ask(accept, "{ nothing }").await;
        assert_eq!((answer.status.as_u16(), answer.code()), (invalid, json!("GRAPHQL_VALIDATION_FAILED")), "{accept}");
    }
    for accept in ["text/html", "application/json;q=0", "application/xml"] {
        refused(&ask(accept, "{ viewer { role } }").await, 406, "BAD_REQUEST", accept);
    }
}
