//! The messages of `graphql-transport-ws` (enisdenjo/graphql-ws, PROTOCOL.md), and the reasons to close.

use axum::extract::ws::{CloseFrame, Message};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};

/// The protocol, as `Sec-WebSocket-Protocol` names it.
pub(super) const PROTOCOL: &str = "graphql-transport-ws";

/// What a client sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum FromClient {
    ConnectionInit {
        #[serde(default)]
        payload: Option<serde_json::Map<String, Value>>,
    },
    Ping {},
    Pong {},
    Subscribe {
        id: String,
        payload: Value,
    },
    Complete {
        id: String,
    },
}

pub(super) fn ack() -> Message {
    text(&json!({ "type": "connection_ack" }))
}

pub(super) fn pong() -> Message {
    text(&json!({ "type": "pong" }))
}

pub(super) fn next(id: &str, payload: &RawValue) -> Message {
    told(id, "next", payload)
}

pub(super) fn error(id: &str, errors: &RawValue) -> Message {
    told(id, "error", errors)
}

pub(super) fn complete(id: &str) -> Message {
    text(&json!({ "id": id, "type": "complete" }))
}

/// A message about an operation, with what came of it as it was written.
#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    payload: &'a RawValue,
}

fn told(id: &str, kind: &str, payload: &RawValue) -> Message {
    let json = serde_json::to_string(&Told { id, kind, payload });
    // Texts and JSON can always be written.
    Message::Text(json.unwrap_or_default().into())
}

fn text(message: &Value) -> Message {
    Message::Text(message.to_string().into())
}

/// Why a connection is closed (SECURITY.md, "Refusals"; RFC 6455, section 7.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// The client has closed, or is gone.
    Gone,
    /// The service stops.
    Stopping,
    /// What is sent is not read.
    Slow,
    /// No message of the protocol.
    Nonsense,
    /// An operation before the connection was acknowledged.
    NotInitialized,
    /// The token is not valid, or not any longer.
    Token,
    /// Another protocol.
    Protocol,
    /// `connection_init` did not come.
    NoInit,
    /// An operation with the id of one that runs.
    Duplicate,
    /// A second `connection_init`.
    SecondInit,
    /// Too many operations at once.
    Operations,
}

impl Close {
    /// The close frame; none: there is nobody to send it to.
    pub(super) fn frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Gone => return None,
            Self::Stopping => (1001, "The service is about to stop; connect again"),
            Self::Slow => (1008, "What was sent was not read in time; connect again and go on from the last cursor"),
            Self::Nonsense => (4400, "Not a message of graphql-transport-ws"),
            Self::NotInitialized => (4401, "Unauthorized"),
            Self::Token => (4403, "Forbidden"),
            Self::Protocol => (4406, "Subprotocol not acceptable: use graphql-transport-ws"),
            Self::NoInit => (4408, "Connection initialisation timeout"),
            Self::Duplicate => (4409, "Subscriber for this id already exists"),
            Self::SecondInit => (4429, "Too many initialisation requests"),
            Self::Operations => (4429, "Too many operations at once"),
        };
        Some(CloseFrame { code, reason: reason.into() })
    }
}
