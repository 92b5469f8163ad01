//! From where a request came, for the audit trail and the log: as little as they need.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Request},
    http::{header::USER_AGENT, request::Parts},
};
use tracing::Span;

use crate::store::Access;

/// How many characters of the client's name for itself are kept.
const CLIENT_LENGTH: usize = 100;

/// A span per request, with the path and the request id.
pub(super) fn span(request: &Request) -> Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

/// The access point of a request.
pub(super) fn access(parts: &Parts) -> Access {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    // What is a text here is of ASCII.
    let begin = |text: &str| text.get(..CLIENT_LENGTH).unwrap_or(text).to_owned();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().into());
    Access {
        client: header(USER_AGENT.as_str()).map(begin),
        address: peer,
        request_id: header("x-request-id").map(begin),
        ..Access::default()
    }
}

impl Access {
    /// The same access point, asking a document with this SHA-256.
    pub(super) fn of_document(mut self, hash: &Arc<str>, operation_name: Option<&str>) -> Self {
        self.document_hash = Some(Arc::clone(hash));
        self.operation_name = operation_name.map(Into::into);
        self
    }
}
