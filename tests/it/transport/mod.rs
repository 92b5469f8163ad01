//! The transport, over a real socket: what is read, what is refused, and that nothing brings the service down.

mod bodies;
mod documents;
mod limits;
mod plain;
mod routes;

use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use crate::support::service::{Answer, Service};

const QUESTION: &str = r#"{"query":"{ viewer { role } }"}"#;

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    lines.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::try_from(*value).unwrap())).collect()
}

async fn post(service: &Service, body: impl Into<reqwest::Body>) -> Answer {
    service.post(headers(&[("content-type", "application/json")]), body).await
}

/// A refusal: of its status and code, in few words.
fn refused(answer: &Answer, status: u16, code: &str, asked: &str) {
    assert_eq!((answer.status.as_u16(), answer.code()), (status, json!(code)), "{asked}\n{}", answer.text);
    assert!(answer.json().get("data").is_none(), "{asked}\n{}", answer.text);
    assert!(answer.text.len() <= 4_096, "{asked}: {} bytes", answer.text.len());
}

/// The service answers the next question, and soon.
async fn still_answers(service: &Service) {
    let started = Instant::now();
    assert_eq!(service.ask(None, "{ viewer { role } }").await.data("/viewer/role"), "ANONYMOUS");
    assert!(started.elapsed() < Duration::from_secs(1));
}
