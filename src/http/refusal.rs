//! Answers to requests that are refused before they are executed.

use async_graphql::{ErrorExtensionValues, ServerError};
use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;

use super::graphql::{MediaType, Outcome};
use crate::graphql::error::Code;

const UNSERIALIZABLE: &[u8] =
    br#"{"errors":[{"message":"The answer cannot be written; this is our mistake.","extensions":{"code":"INTERNAL"}}]}"#;

/// A refused request.
#[derive(Debug, Clone)]
pub struct Refused(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    status: StatusCode,
    code: Code,
    error: ServerError,
    headers: HeaderMap,
}

impl Refused {
    /// A refusal; the message says what was wrong and what would be right.
    pub fn new(status: StatusCode, code: Code, message: impl Into<String>) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", code.as_str());
        let mut error = ServerError::new(message, None);
        error.extensions = Some(extensions);
        Self(Box::new(Inner { status, code, error, headers: HeaderMap::new() }))
    }

    /// With a header, such as `Retry-After`.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// With a member of `extensions`.
    #[must_use]
    pub fn with_extension(mut self, name: &str, value: impl Into<async_graphql::Value>) -> Self {
        self.0.error.extensions.get_or_insert_default().set(name, value);
        self
    }

    /// Closes the connection after the answer: what the client still sends is not read.
    #[must_use]
    pub fn closing(self) -> Self {
        self.with_header(CONNECTION, HeaderValue::from_static("close"))
    }

    /// The code of the error.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The message of the error.
    pub fn message(&self) -> &str {
        &self.0.error.message
    }

    /// The error on its own.
    pub fn into_error(self) -> ServerError {
        self.0.error
    }

    /// The answer.
    pub fn respond(self, media: MediaType) -> Response {
        #[derive(Serialize)]
        struct Answer {
            errors: [ServerError; 1],
        }
        let Inner { status, code, error, headers } = *self.0;
        let mut response = json(media, status, &Answer { errors: [error] });
        response.headers_mut().extend(headers);
        response.extensions_mut().insert(Outcome { code: Some(code), ..Outcome::default() });
        response
    }
}

/// A response with a JSON body.
pub(super) fn json(media: MediaType, status: StatusCode, body: &impl Serialize) -> Response {
    written(media, status, serde_json::to_vec(body))
}

/// A response with a body that was written as JSON.
pub(super) fn written(media: MediaType, status: StatusCode, body: serde_json::Result<impl Into<Body>>) -> Response {
    // Only a map with keys that are no text fails to serialize, and GraphQL has none.
    let (status, body) = match body {
        Ok(body) => (status, body.into()),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, UNSERIALIZABLE.into()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    response
}
