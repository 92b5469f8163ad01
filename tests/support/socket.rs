//! A WebSocket client that is not ours, and `graphql-transport-ws` on it.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue, StatusCode},
    },
};

use super::service::Service;

/// Far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(30);
const PROTOCOL: &str = "graphql-transport-ws";

/// A connection.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What is heard.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Heard {
    Message(Value),
    /// The close code and its reason.
    Closed(u16, String),
    /// The connection went without a close frame.
    Gone,
}

impl Socket {
    /// Opens a connection; its status where it is refused.
    pub(crate) async fn open(service: &Service, protocol: &str, origin: Option<&str>) -> Result<Self, StatusCode> {
        let url = format!("{}/graphql", service.url.replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        let header = |value: &str| HeaderValue::try_from(value).unwrap();
        request.headers_mut().insert(HeaderName::from_static("sec-websocket-protocol"), header(protocol));
        if let Some(origin) = origin {
            request.headers_mut().insert(HeaderName::from_static("origin"), header(origin));
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(Error::Http(answer)) => Err(answer.status()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens a connection that has not said who it is.
    pub(crate) async fn silent(service: &Service) -> Self {
        Self::open(service, PROTOCOL, None).await.unwrap()
    }

    /// Connects with a token.
    pub(crate) async fn connect(service: &Service, token: Option<&str>) -> Self {
        let mut socket = Self::silent(service).await;
        let payload = token.map(|token| json!({ "Authorization": format!("Bearer {token}") }));
        socket.send(&json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
        socket
    }

    pub(crate) async fn send(&mut self, message: &Value) {
        self.send_text(message.to_string()).await;
    }

    pub(crate) async fn send_text(&mut self, text: impl Into<String>) {
        // What is sent to a connection that was closed meanwhile is heard of by its close frame.
        let _ = self.0.send(Message::text(text.into())).await;
    }

    /// Sends a message; false: it cannot be sent any more.
    pub(crate) async fn can_send(&mut self, message: &Value) -> bool {
        self.0.send(Message::text(message.to_string())).await.is_ok()
    }

    /// Begins an operation.
    pub(crate) async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.send(&json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// The next message, heartbeats aside.
    pub(crate) async fn hear(&mut self) -> Heard {
        timeout(PATIENCE, self.listen()).await.expect("nothing is heard")
    }

    async fn listen(&mut self) -> Heard {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Heard::Message(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Heard::Closed(frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Heard::Gone,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The payload of the next message, which is of this operation and type.
    pub(crate) async fn payload(&mut self, id: &str, kind: &str) -> Value {
        match self.hear().await {
            Heard::Message(message) if message["id"] == id && message["type"] == kind => message["payload"].clone(),
            other => panic!("{kind} of {id} should come: {other:?}"),
        }
    }

    /// The code with which the connection is closed; what comes before that is not looked at.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            match self.hear().await {
                Heard::Closed(code, _) => return code,
                Heard::Message(_) => {}
                Heard::Gone => panic!("no close frame"),
            }
        }
    }
}
