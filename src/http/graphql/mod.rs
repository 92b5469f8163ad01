//! GraphQL over HTTP: `POST /graphql`.
//!
//! In two steps, so that authentication stands between the headers and the body: [`preflight`] looks at the head of the
//! request alone, [`serve`] reads the body and answers. Questions hold home postcodes and do not belong in URLs, so `POST`
//! is the only method.

mod answer;
mod arguments;
mod classify;
mod documents;
mod negotiate;
mod operation;
mod outcome;
mod persisted;
mod request;
mod shape;
#[cfg(test)]
mod tests;
mod values;

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{Executor, Request};
use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_LENGTH};
use axum::http::{HeaderValue, StatusCode, request::Parts};
use axum::response::Response;

use documents::Documents;
pub use negotiate::MediaType;
pub(super) use negotiate::{is_of_type, is_plain};
pub(super) use operation::Reply;
use operation::{Operation, chosen};
pub use outcome::{Asked, Outcome};
pub use persisted::{Persisted, PersistedError};
pub use request::BodyLimits;
use shape::Types;
use values::InputTypes;

use super::refusal::Refused;
use crate::graphql::error::Code;
use crate::graphql::gate::Limits;

/// A schema behind its limits.
#[derive(Debug, Clone)]
pub struct Engine<S> {
    schema: S,
    trusting: S,
    documents: Documents,
    persisted: Arc<Persisted>,
    inputs: Arc<InputTypes>,
    types: Arc<Types>,
    limits: Limits,
    body: BodyLimits,
    deadline: Duration,
}

impl<S: Executor> Engine<S> {
    /// Answers with `schema`, which `sdl` defines, what is within the limits; whoever is not answered within `deadline` is
    /// told to come back. `trusting` is the same schema, which takes documents to be valid.
    pub fn new((schema, trusting): (S, S), sdl: &str, limits: Limits, body: BodyLimits, deadline: Duration) -> Self {
        let (types, inputs) = (Arc::new(Types::of(sdl)), Arc::new(InputTypes::of(sdl)));
        let (documents, persisted) = (Documents::new(), Arc::default());
        Self { schema, trusting, documents, persisted, inputs, types, limits, body, deadline }
    }

    /// Answers what names one of these documents by its hash, too.
    #[must_use]
    pub fn with_persisted(mut self, persisted: Arc<Persisted>) -> Self {
        self.persisted = persisted;
        self
    }

    /// Understands a body as a question.
    pub(super) fn parse(&self, body: &[u8]) -> Result<request::Question, Refused> {
        request::parse(body, &self.persisted)
    }

    /// The largest document that is answered.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The largest body that is read.
    pub const fn body_limits(&self) -> BodyLimits {
        self.body
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
    } else if !is_of_type(headers, "application/json") {
        refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json in UTF-8.")
    } else if !is_plain(headers) {
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
/// passed the gate, is told the SHA-256 of the document's text, and finds the operation's name in the request.
pub async fn serve<S: Executor>(
    engine: &Engine<S>,
    media: MediaType,
    body: Body,
    prepare: impl FnOnce(Request, &Arc<str>) -> Request + Send,
) -> Response {
    let question = match request::read(body, engine.body).await.and_then(|bytes| engine.parse(&bytes)) {
        Ok(question) => question,
        Err(refused) => return refused.respond(media),
    };
    let Operation { request, document, schema, key } = match engine.admit(question) {
        Ok(operation) => operation,
        Err(errors) => return answer::refused(media, errors),
    };
    if document.kind == OperationType::Subscription {
        return answer::refused(media, vec![request::no_subscription()]);
    }
    let query = request.query.clone();
    // What is cut here is dropped with all that it does: transactions roll back.
    let executed = tokio::time::timeout(engine.deadline, schema.execute(prepare(request, &document.hash))).await;
    let mut response = if let Ok(mut response) = executed {
        if let Some(key) = key.filter(|_| !answer::is_refused(&response)) {
            engine.documents.keep(key, Arc::clone(&document));
        }
        document.plan.shape(&mut response);
        answer::executed(media, response, &query)
    } else {
        answer::refused(media, vec![request::too_slow()])
    };
    Outcome::asked(&mut response, document.asked.clone());
    response
}
