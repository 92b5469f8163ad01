//! The answer: status, headers and body.

use std::collections::BTreeMap;

use async_graphql::{ServerError, Value};
use axum::body::Bytes;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::classify::{classify, code};
use super::{Asked, MediaType, Outcome};
use crate::graphql::{error::Code, json};
use crate::http::refusal;

/// How many bytes all errors of one answer may take: with what stands around them, a refusal stays within 4 KB.
const MOST_BYTES: usize = 4 * 1024 - 64;

/// Bytes that are set aside for an answer: most pages take fewer.
const PAGE: usize = 16 * 1024;

/// Seconds until a client may try again, unless the error says otherwise.
const RETRY_SECONDS: u64 = 1;

pub(super) struct Answer {
    pub(super) errors: Vec<ServerError>,
    /// None when nothing was executed: null would say that it was, and failed.
    pub(super) data: Option<Value>,
    extensions: BTreeMap<String, Value>,
}

impl Answer {
    /// As JSON: what there is of its members.
    pub(super) fn json(mut self) -> serde_json::Result<Bytes> {
        if self.errors.is_empty()
            && self.extensions.is_empty()
            && let Some(json) = self.data.as_mut().and_then(json::in_place)
        {
            return Ok(json);
        }
        let mut json = Vec::with_capacity(PAGE);
        json.push(b'{');
        let mut members = 0;
        let mut member = |name, json: &mut Vec<u8>| {
            json::key(members, name, json);
            members += 1;
        };
        if !self.errors.is_empty() {
            member("errors", &mut json);
            serde_json::to_writer(&mut json, &self.errors)?;
        }
        if let Some(data) = &self.data {
            member("data", &mut json);
            json::write(data, &mut json);
        }
        if !self.extensions.is_empty() {
            member("extensions", &mut json);
            serde_json::to_writer(&mut json, &self.extensions)?;
        }
        json.push(b'}');
        Ok(json.into())
    }
}

/// An answer, with what its transport may need to know.
pub(super) struct Settled {
    pub(super) answer: Answer,
    pub(super) outcome: Outcome,
    status: Option<StatusCode>,
    retry: Option<HeaderValue>,
}

impl Settled {
    fn new(errors: Vec<ServerError>, data: Option<Value>, extensions: BTreeMap<String, Value>) -> Self {
        let status = status(&errors);
        let retry = status.and_then(|status| retry_after(status, &errors));
        Self { outcome: outcome(&errors), status, retry, answer: Answer { errors: bounded(errors), data, extensions } }
    }

    fn respond(self, media: MediaType) -> Response {
        let otherwise =
            if self.answer.data.is_some() { StatusCode::OK } else { refused_status(media, &self.answer.errors) };
        let status = self.status.unwrap_or(otherwise);
        let mut response = with_retry(refusal::written(media, status, self.answer.json()), self.retry);
        response.extensions_mut().insert(self.outcome);
        response
    }
}

/// What is said to a request that was not executed.
pub(super) fn not_executed(errors: Vec<ServerError>) -> Settled {
    Settled::new(errors, None, BTreeMap::new())
}

/// Whether the engine did not execute a request. Errors of a resolver have a path; its own about a request that it does not
/// execute have none.
pub(super) fn is_refused(response: &async_graphql::Response) -> bool {
    let errors = &response.errors;
    response.data == Value::Null && !errors.is_empty() && errors.iter().all(|error| error.path.is_empty())
}

/// What is said to a request that went to the engine, whose document was `query`.
pub(super) fn settled(response: async_graphql::Response, query: &str) -> Settled {
    let refused = is_refused(&response);
    let async_graphql::Response { data, extensions, errors, .. } = response;
    let errors = classify(errors, refused, query);
    if refused { not_executed(errors) } else { Settled::new(errors, Some(data), extensions) }
}

/// The answer to a request that was not executed.
pub(super) fn refused(media: MediaType, errors: Vec<ServerError>) -> Response {
    not_executed(errors).respond(media)
}

/// The answer to a request that went to the engine, whose document was `query`.
pub(super) fn executed(media: MediaType, mut response: async_graphql::Response, query: &str) -> Response {
    let headers = std::mem::take(&mut response.http_headers);
    let mut answer = settled(response, query).respond(media);
    answer.headers_mut().extend(headers);
    answer
}

/// What came of it, by the first error.
fn outcome(errors: &[ServerError]) -> Outcome {
    let limit = errors.first().and_then(|error| match error.extensions.as_ref()?.get("limit")? {
        Value::String(limit) => Some(limit.clone()),
        _ => None,
    });
    Outcome { operation: Asked::Nothing, code: errors.first().and_then(code), limit }
}

/// The status that an error asks for whatever else the answer holds.
fn status(errors: &[ServerError]) -> Option<StatusCode> {
    let any = |wanted| errors.iter().any(|error| code(error) == Some(wanted));
    if any(Code::Internal) {
        Some(StatusCode::INTERNAL_SERVER_ERROR)
    } else if any(Code::Unavailable) {
        Some(StatusCode::SERVICE_UNAVAILABLE)
    } else if any(Code::RateLimited) {
        Some(StatusCode::TOO_MANY_REQUESTS)
    } else {
        None
    }
}

fn refused_status(media: MediaType, errors: &[ServerError]) -> StatusCode {
    let of_document = |error| {
        matches!(code(error), Some(Code::GraphqlParseFailed | Code::GraphqlValidationFailed | Code::BadUserInput))
    };
    if media == MediaType::LegacyJson && errors.iter().all(of_document) {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    }
}

fn retry_after(status: StatusCode, errors: &[ServerError]) -> Option<HeaderValue> {
    if !matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        return None;
    }
    let said = errors.iter().find_map(|error| match error.extensions.as_ref()?.get("retryAfter")? {
        Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    });
    Some(HeaderValue::from(said.unwrap_or(RETRY_SECONDS)))
}

fn with_retry(mut response: Response, retry: Option<HeaderValue>) -> Response {
    if let Some(seconds) = retry {
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

/// As many errors as fit, at least one.
fn bounded(mut errors: Vec<ServerError>) -> Vec<ServerError> {
    let mut bytes = 2;
    let mut kept = 0;
    for error in &errors {
        bytes += 1 + serde_json::to_vec(error).map_or(MOST_BYTES, |json| json.len());
        if bytes > MOST_BYTES && kept > 0 {
            break;
        }
        kept += 1;
    }
    errors.truncate(kept);
    errors
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;

    #[test]
    fn errors_are_cut_to_what_fits() {
        let errors: Vec<_> = (0..500).map(|n| ServerError::new(format!("error {n}"), None)).collect();
        let kept = bounded(errors);
        assert!(kept.len() > 50);
        assert!(serde_json::to_vec(&kept).unwrap().len() <= MOST_BYTES);
        let kept = bounded(vec![ServerError::new("x".repeat(9_000), None); 2]);
        assert_eq!(kept.len(), 1);
    }
}
