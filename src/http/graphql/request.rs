//! The request: from the bytes of a body to a question.

use std::{collections::BTreeMap, time::Duration};

use async_graphql::{ServerError, Variables};
use axum::body::Body;
use axum::http::StatusCode;
use futures::StreamExt;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, value::RawValue};

use super::persisted::Persisted;
use crate::graphql::error::Code;
use crate::http::refusal::Refused;

/// How large a body may be and how long it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BodyLimits {
    /// Bytes.
    pub bytes: usize,
    /// From the first look at the body to its last byte; configured as whole `seconds`.
    #[serde(rename = "seconds", with = "seconds")]
    pub within: Duration,
}

mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(duration.as_secs())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_secs)
    }
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self { bytes: 64 * 1024, within: Duration::from_secs(15) }
    }
}

/// What a client asks.
#[derive(Debug)]
pub(in crate::http) struct Question {
    pub(super) query: String,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
}

/// Reads a body, no further than its limits.
pub(super) async fn read(body: Body, limits: BodyLimits) -> Result<Vec<u8>, Refused> {
    let reading = async {
        let mut bytes = Vec::new();
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| bad("The body ended before it was complete; send it again."))?;
            if chunk.len() > limits.bytes - bytes.len() {
                return Err(too_large(limits));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(limits.within, reading).await.unwrap_or_else(|_| {
        let message = format!("The body took longer than {} s; send it at once.", limits.within.as_secs());
        Err(Refused::new(StatusCode::REQUEST_TIMEOUT, Code::BadRequest, message).closing())
    })
}

/// The refusal of a body beyond its limit.
pub(super) fn too_large(limits: BodyLimits) -> Refused {
    let message = format!("The body is larger than {} bytes; ask for less at once.", limits.bytes);
    Refused::new(StatusCode::PAYLOAD_TOO_LARGE, Code::BadRequest, message).closing()
}

/// Understands a body as a question; `persisted` are the documents that it may name by their hash.
pub(in crate::http) fn parse(body: &[u8], persisted: &Persisted) -> Result<Question, Refused> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_slice(body).map_err(|_| no_object(body))?;
    let member = |name| members.get(name).map(|member| member.get()).filter(|json| *json != "null");
    let extensions = match member("extensions") {
        Some(json) if !json.starts_with('{') => {
            return Err(bad("The member \"extensions\" must be an object or null."));
        }
        extensions => extensions,
    };
    let variables = match member("variables") {
        None => Variables::default(),
        Some(json) if json.starts_with('{') => value(json)?,
        Some(_) => return Err(bad("The member \"variables\" must be an object or null.")),
    };
    let operation_name = match member("operationName") {
        None => None,
        // Some clients send an empty one when they mean none.
        Some(json) if json.starts_with('"') => Some(value::<String>(json)?).filter(|name| !name.is_empty()),
        Some(_) => {
            return Err(bad("The member \"operationName\" must be a string or null."));
        }
    };
    let query = match (member("query"), extensions.map(value::<Map<String, Value>>).transpose()?) {
        (Some(json), _) if json.starts_with('"') => value(json)?,
        (Some(_), _) => return Err(bad("The member \"query\" must be a string.")),
        (None, Some(extensions)) if extensions.contains_key("persistedQuery") => {
            persisted.named(&extensions).map(str::to_owned).ok_or_else(|| {
                let message =
                    "No document is stored under this hash, and none can be; send the document itself as \"query\".";
                Refused::new(StatusCode::BAD_REQUEST, Code::PersistedQueryNotSupported, message)
            })?
        }
        (None, _) => return Err(bad("The member \"query\" is missing; it holds the document.")),
    };
    Ok(Question { query, operation_name, variables })
}

/// What a member of the body holds.
fn value<T: DeserializeOwned>(json: &str) -> Result<T, Refused> {
    serde_json::from_str(json).map_err(|_| no_json())
}

/// What is wrong with a body that is no object.
fn no_object(body: &[u8]) -> Refused {
    match serde_json::from_slice(body) {
        Err(_) => no_json(),
        Ok(Value::Array(_)) => {
            let message = "Several requests in one body are not supported; send each by itself.";
            Refused::new(StatusCode::BAD_REQUEST, Code::BatchingNotSupported, message)
        }
        Ok(_) => bad("The body must be a JSON object with the member \"query\"."),
    }
}

fn no_json() -> Refused {
    bad("The body is not JSON in UTF-8; send an object with the member \"query\".")
}

fn bad(message: &str) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, Code::BadRequest, message)
}

/// What did not end before the deadline.
pub(super) fn too_slow() -> ServerError {
    let message =
        "This took too long and was stopped; a change may have been made. Ask for less, or try again in a second.";
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, message).into_error()
}

/// What the engine is told not to do over this transport.
pub(super) fn no_subscription() -> ServerError {
    Refused::new(
        StatusCode::BAD_REQUEST,
        Code::BadRequest,
        "A subscription needs a WebSocket with the protocol graphql-transport-ws.",
    )
    .into_error()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn parse(body: &[u8]) -> Result<Question, Refused> {
        super::parse(body, &Persisted::default())
    }

    #[test]
    fn members_that_are_null_or_unknown_do_not_matter() {
        let question =
            parse(br#"{"query":"{a}","operationName":null,"variables":null,"extensions":null,"more":[1]}"#).unwrap();
        assert_eq!(question.query, "{a}");
        assert_eq!(question.operation_name, None);
        assert!(question.variables.is_empty());
        // Of what nobody reads only the form counts.
        let nested = format!("{}{}", "[".repeat(9_000), "]".repeat(9_000));
        for more in ["1e999", r#""\ud800""#, &nested] {
            let body = format!(r#"{{"query":"\ud800","more":{more},"query":"{{a}}"}}"#);
            assert_eq!(parse(body.as_bytes()).unwrap().query, "{a}", "of two of a name the last is read");
        }
        let question = parse(br#"{"query":"{a}","operationName":"","variables":{"v":[1]}}"#).unwrap();
        assert_eq!(question.operation_name, None);
        assert_eq!(question.variables.len(), 1);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..5)
                    .prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn variables_are_what_the_engine_makes_of_json(
            members in prop::collection::hash_map("[_A-Za-z][_0-9A-Za-z]{0,9}", values(), 0..5),
            query: String,
        ) {
            let variables: Value = members.into_iter().collect();
            let body = json!({ "more": variables, "variables": variables, "query": query });
            for body in [serde_json::to_vec(&body).unwrap(), serde_json::to_vec_pretty(&body).unwrap()] {
                let question = parse(&body).unwrap();
                prop_assert_eq!(&question.query, &query);
                prop_assert_eq!(question.variables.into_value(), Variables::from_json(variables.clone()).into_value());
            }
        }
    }

    #[test]
    fn what_is_no_question_is_refused_by_what_is_wrong_with_it() {
        let nested =
            format!("{{\"query\":\"{{a}}\",\"variables\":{{\"v\":{}{}}}}}", "[".repeat(9_000), "]".repeat(9_000));
        for (body, code, sign) in [
            (&b""[..], Code::BadRequest, "JSON"),
            (b"{", Code::BadRequest, "JSON"),
            (b"\xff", Code::BadRequest, "JSON"),
            (b"{\"query\":\"{a\xff}\"}", Code::BadRequest, "JSON"),
            (br#"{"query":"{a}","variables":{"v":1e999}}"#, Code::BadRequest, "JSON"),
            (nested.as_bytes(), Code::BadRequest, "JSON"),
            (b"1", Code::BadRequest, "object"),
            (b"[]", Code::BatchingNotSupported, "by itself"),
            (br#"[{"query":"{a}"}]"#, Code::BatchingNotSupported, "by itself"),
            (b"{}", Code::BadRequest, "query"),
            (br#"{"query":null}"#, Code::BadRequest, "query"),
            (br#"{"query":1}"#, Code::BadRequest, "query"),
            (br#"{"query":"{a}","operationName":1}"#, Code::BadRequest, "operationName"),
            (br#"{"query":"{a}","variables":[]}"#, Code::BadRequest, "variables"),
            (br#"{"query":"{a}","variables":"{}"}"#, Code::BadRequest, "variables"),
            (br#"{"query":"{a}","extensions":1}"#, Code::BadRequest, "extensions"),
            (
                br#"{"extensions":{"persistedQuery":{"version":1}}}"#,
                Code::PersistedQueryNotSupported,
                "document itself",
            ),
        ] {
            let refused = parse(body).unwrap_err();
            assert_eq!(refused.code(), code, "{}", String::from_utf8_lossy(body));
            assert!(refused.message().contains(sign), "{}", refused.message());
        }
    }
}
