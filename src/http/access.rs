//! From where a request came, for the audit trail and the log: as little as they need.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

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
    let client = header(USER_AGENT.as_str()).map(|text| text.chars().take(CLIENT_LENGTH).collect());
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| network(peer.ip()));
    Access {
        client,
        address: peer,
        request_id: header("x-request-id").map(|id| id.chars().take(CLIENT_LENGTH).collect()),
        ..Access::default()
    }
}

impl Access {
    /// The same access point, asking a document with this SHA-256.
    pub(super) fn of_document(mut self, hash: &str, operation_name: Option<&str>) -> Self {
        self.document_hash = Some(hash.to_owned());
        self.operation_name = operation_name.map(Into::into);
        self
    }
}

/// The network of an address: what is left says from where, not who.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{}/24", Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}
