//! GraphQL over WebSocket at `/graphql`: `graphql-transport-ws` and nothing else.

mod connection;
mod message;

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{FromRequestParts, WebSocketUpgrade},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{HOST, ORIGIN, RETRY_AFTER, UPGRADE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{Service, access, graphql::MediaType, refusal::Refused};
use crate::graphql::error::Code;
use connection::Connection;
use message::{Close, PROTOCOL};

/// How much is read at once, bytes: clients say little.
const READ_BUFFER: usize = 4 * 1024;

/// What connections that stay may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SocketLimits {
    /// How long `connection_init` may take to come, seconds.
    pub init_seconds: u64,
    /// How long a message may wait for a client that does not read, seconds.
    pub slow_seconds: u64,
    /// How often it is asked whether the client is still there, seconds; after three times without a word it is not.
    pub heartbeat_seconds: u64,
    /// How many operations may run on one connection at once.
    pub operations: usize,
    /// How many connections there may be at once, on each replica.
    pub connections: usize,
    /// The web pages that may connect beside those of this service itself, such as `https://kaart.example`; programs that are
    /// no browsers send no origin and may always.
    pub origins: Vec<String>,
}

impl Default for SocketLimits {
    fn default() -> Self {
        Self {
            init_seconds: 5,
            slow_seconds: 10,
            heartbeat_seconds: 15,
            operations: 20,
            connections: 10_000,
            origins: Vec::new(),
        }
    }
}

impl SocketLimits {
    fn init(&self) -> Duration {
        Duration::from_secs(self.init_seconds)
    }

    fn slow(&self) -> Duration {
        Duration::from_secs(self.slow_seconds)
    }

    fn heartbeat(&self) -> Duration {
        Duration::from_secs(self.heartbeat_seconds)
    }
}

/// Whether a request wants to be a WebSocket.
pub(super) fn is_upgrade(parts: &Parts) -> bool {
    let upgrade = parts.headers.get(UPGRADE).and_then(|value| value.to_str().ok());
    parts.method == Method::GET && upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// Makes a WebSocket of a request.
pub(super) async fn upgrade(service: Arc<Service>, mut parts: Parts) -> Response {
    if !is_own(&parts.headers, &service.sockets.origins) {
        let message = "This web page may not connect; the operator lists those that may.";
        return Refused::new(StatusCode::FORBIDDEN, Code::Forbidden, message).respond(MediaType::Json);
    }
    let Ok(seat) = Arc::clone(&service.seats).try_acquire_owned() else {
        let message = "There are too many connections at the moment; try again in a minute, or look with `alerts`.";
        return Refused::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, message)
            .with_header(RETRY_AFTER, HeaderValue::from_static("60"))
            .respond(MediaType::Json);
    };
    let access = access::access(&parts);
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => {
            let message = "This is no WebSocket handshake (RFC 6455, section 4.1).";
            return Refused::new(rejection.into_response().status(), Code::BadRequest, message)
                .respond(MediaType::Json);
        }
    };
    let bytes = service.engine.body_limits().bytes;
    upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(bytes)
        .max_frame_size(bytes)
        .protocols([PROTOCOL])
        .on_upgrade(move |socket| async move {
            let mut connection = Connection::new(socket, service.sockets.slow());
            let close =
                if connection.is_of_protocol() { connection.run(&service, &access).await } else { Close::Protocol };
            connection.close(close).await;
            drop(seat);
        })
}

/// Whether a request comes from a page of this service, from one that the operator names, or from no web page at all: a page
/// of somebody else must not use what a browser can reach.
fn is_own(headers: &HeaderMap, origins: &[String]) -> bool {
    let text = |value: &HeaderValue| value.to_str().ok().map(str::to_ascii_lowercase);
    let mut given = headers.get_all(ORIGIN).iter();
    let Some(origin) = given.next() else { return true };
    let (Some(origin), None) = (text(origin), given.next()) else { return false };
    let host = headers.get(HOST).and_then(text);
    let same = origin.split_once("://").is_some_and(|(_, authority)| host.as_deref() == Some(authority));
    same || origins.iter().any(|own| own.eq_ignore_ascii_case(&origin))
}
