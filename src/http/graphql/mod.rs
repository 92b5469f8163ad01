//! GraphQL over HTTP: `POST /graphql`.
//!
//! In two steps, so that authentication stands between the headers and the body: [`preflight`] looks at the head of the
//! request alone, [`serve`] reads the body and answers. Questions hold home postcodes and do not belong in URLs, so `POST`
//! is the only method.

mod answer;
mod arguments;
mod classify;
mod negotiate;
mod request;
#[cfg(test)]
mod tests;

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationType};
use async_graphql::{Executor, Request, ServerError};
use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_LENGTH};
use axum::http::{HeaderValue, StatusCode, request::Parts};
use axum::response::Response;

pub use negotiate::MediaType;
pub use request::BodyLimits;

use super::refusal::Refused;
use crate::graphql::error::Code;
use crate::graphql::gate::{self, Limits};

/// A schema behind its limits.
#[derive(Debug, Clone)]
pub struct Engine<S> {
    schema: S,
    limits: Limits,
    body: BodyLimits,
}

impl<S: Executor> Engine<S> {
    /// Answers with `schema` what is within the limits.
    pub const fn new(schema: S, limits: Limits, body: BodyLimits) -> Self {
        Self { schema, limits, body }
    }

    /// The same, reading bodies within other limits.
    #[must_use]
    pub fn with_body_limits(self, body: BodyLimits) -> Self {
        Self { body, ..self }
    }
}

/// Looks at the head of a request; route every method here.
///
/// # Errors
/// The answer to a request that must not be read any further: 405, 406, 413 or 415.
#[expect(clippy::result_large_err, reason = "the error is the response, on its way out")]
pub fn preflight<S>(engine: &Engine<S>, parts: &Parts) -> Result<MediaType, Response> {
    let headers = &parts.headers;
    let accepted = MediaType::accepted(headers);
    let media = accepted.unwrap_or(MediaType::Json);
    let refuse = |status, message: &str| Err(Refused::new(status, Code::BadRequest, message));
    let checked = if parts.method != axum::http::Method::POST {
        refuse(StatusCode::METHOD_NOT_ALLOWED, "Send questions with POST; they do not belong in URLs.")
            .map_err(|refused| refused.with_header(ALLOW, HeaderValue::from_static("POST")))
    } else if accepted.is_none() {
        refuse(
            StatusCode::NOT_ACCEPTABLE,
            "Answers are application/graphql-response+json or application/json; accept one of them.",
        )
    } else if !negotiate::is_json(headers) {
        refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json in UTF-8.")
    } else if !negotiate::is_plain(headers) {
        refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send the body without compression.")
    } else if declared_length(parts).is_some_and(|length| length > engine.body.bytes) {
        Err(request::too_large(engine.body))
    } else {
        Ok(())
    };
    checked.map(|()| media).map_err(|refused| refused.respond(media))
}

fn declared_length(parts: &Parts) -> Option<usize> {
    parts.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads the question and answers it.
///
/// `prepare` adds to the engine's request what resolvers need, such as the viewer. It runs only for a document that has
/// passed the gate, and finds the document's text and the operation's name in the request.
pub async fn serve<S: Executor>(
    engine: &Engine<S>,
    media: MediaType,
    body: Body,
    prepare: impl FnOnce(Request) -> Request + Send,
) -> Response {
    let question = match request::read(body, engine.body).await.and_then(|bytes| request::parse(&bytes)) {
        Ok(question) => question,
        Err(refused) => return refused.respond(media),
    };
    let name = question.operation_name.as_deref();
    let admitted = gate::admit(&question.query, name, &question.variables, &engine.limits)
        .map_err(ServerError::from)
        .and_then(|document| if subscribes(&document, name) { Err(request::no_subscription()) } else { Ok(document) });
    let document = match admitted {
        Ok(document) => document,
        Err(error) => return answer::refused(media, vec![error]),
    };
    // The engine gets what was parsed; the text goes along for whoever records what was asked.
    let mut request = Request::new(question.query.clone()).variables(question.variables);
    request.operation_name = question.operation_name.or_else(|| only_name(&document));
    request.set_parsed_query(document);
    let response = engine.schema.execute(prepare(request)).await;
    answer::executed(media, response, &question.query)
}

/// The name of the only operation: a question needs no `operationName` to have one.
fn only_name(document: &ExecutableDocument) -> Option<String> {
    match &document.operations {
        DocumentOperations::Multiple(operations) if operations.len() == 1 => {
            operations.keys().next().map(ToString::to_string)
        }
        _ => None,
    }
}

fn subscribes(document: &ExecutableDocument, name: Option<&str>) -> bool {
    let chosen = match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) => operations.values().next(),
    };
    chosen.is_some_and(|operation| operation.node.ty == OperationType::Subscription)
}
