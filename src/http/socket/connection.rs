//! One connection: who it is of, what runs on it, and when it ends.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::extract::ws::{Message, WebSocket};
use futures::{
    StreamExt, future,
    stream::{self, BoxStream, SelectAll},
};
use serde_json::{Map, Value};
use tokio::{
    sync::mpsc,
    task::AbortHandle,
    time::{Interval, MissedTickBehavior, interval, timeout},
};

use super::{
    super::{Service, authentication, graphql::Reply},
    Close,
    message::{self, FromClient, PROTOCOL},
};
use crate::{auth::Scope, store::Access};

/// How often it is asked whether the token still holds, and whether the service stops (SECURITY.md: within a second).
const LOOK: Duration = Duration::from_millis(750);
/// How long a close frame may take to be sent.
const FAREWELL: Duration = Duration::from_secs(1);
/// The longest id of an operation.
const LONGEST_ID: usize = 100;

/// A WebSocket that is written to within a time.
pub(super) struct Connection {
    socket: WebSocket,
    slow: Duration,
}

/// What somebody is connected as.
struct Session {
    token: Option<String>,
    scope: Scope,
}

/// What is heard of an operation: its number, and a reply or its end.
type Heard = (u64, Option<Reply>);

/// What runs. Each operation is a task of its own: one that waits for a client that does not read must not keep what others
/// wait for, such as a transaction.
#[derive(Default)]
struct Running {
    replies: SelectAll<BoxStream<'static, Heard>>,
    operations: HashMap<u64, Operation>,
    begun: u64,
}

struct Operation {
    id: String,
    task: AbortHandle,
    began: Instant,
}

impl Drop for Operation {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Connection {
    pub(super) fn new(socket: WebSocket, slow: Duration) -> Self {
        Self { socket, slow }
    }

    /// Whether the client has asked for the protocol.
    pub(super) fn is_of_protocol(&self) -> bool {
        self.socket.protocol().is_some_and(|chosen| chosen == PROTOCOL)
    }

    async fn send(&mut self, message: Message) -> Result<(), Close> {
        match timeout(self.slow, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Close::Gone),
            Err(_) => Err(Close::Slow),
        }
    }

    /// Says why, and closes.
    pub(super) async fn close(mut self, close: Close) {
        tracing::info!(?close, "a WebSocket was closed");
        if let Some(frame) = close.frame() {
            let farewell = async {
                let _ = self.socket.send(Message::Close(Some(frame))).await;
                // The client answers the close frame; what it says before that is not read any more.
                while let Some(Ok(_)) = self.socket.recv().await {}
            };
            let _ = timeout(FAREWELL, farewell).await;
        }
    }

    /// Answers until there is a reason to close.
    pub(super) async fn run(&mut self, service: &Arc<Service>, access: &Access) -> Close {
        match timeout(service.sockets.init(), self.init(service)).await {
            Err(_) => Close::NoInit,
            Ok(Err(close)) => close,
            Ok(Ok(session)) => match self.serve(service, access, session).await {
                Ok(never) => match never {},
                Err(close) => close,
            },
        }
    }

    /// Waits for `connection_init`.
    async fn init(&mut self, service: &Service) -> Result<Session, Close> {
        loop {
            match self.hear().await? {
                None | Some(FromClient::Pong {} | FromClient::Complete { .. }) => {}
                Some(FromClient::ConnectionInit { payload }) => {
                    let token = token(payload.unwrap_or_default())?;
                    let scope = authentication::of_token(service, token.as_deref()).await.map_err(|_| Close::Token)?;
                    self.send(message::ack()).await?;
                    return Ok(Session { token, scope });
                }
                Some(FromClient::Ping {}) => self.send(message::pong()).await?,
                Some(FromClient::Subscribe { .. }) => return Err(Close::NotInitialized),
            }
        }
    }

    /// The next message of the client; none: a frame that only shows that it is there.
    async fn hear(&mut self) -> Result<Option<FromClient>, Close> {
        match self.socket.recv().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).map(Some).map_err(|_| Close::Nonsense),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
            Some(Ok(Message::Binary(_))) => Err(Close::Nonsense),
            Some(Ok(Message::Close(_)) | Err(_)) | None => Err(Close::Gone),
        }
    }

    async fn serve(
        &mut self,
        service: &Arc<Service>,
        access: &Access,
        mut session: Session,
    ) -> Result<std::convert::Infallible, Close> {
        let mut running = Running::default();
        let mut looks = every(LOOK);
        let mut beats = every(service.sockets.heartbeat());
        let mut silent = 0;
        loop {
            // Nothing is told to whom the database cannot confirm at the moment.
            let confirmed = !session.scope.is_unconfirmed();
            tokio::select! {
                heard = self.hear() => {
                    silent = 0;
                    match heard? {
                        None | Some(FromClient::Pong {}) => {}
                        Some(FromClient::Ping {}) => self.send(message::pong()).await?,
                        Some(FromClient::ConnectionInit { .. }) => return Err(Close::SecondInit),
                        Some(FromClient::Complete { id }) => running.operations.retain(|_, one| one.id != id),
                        Some(FromClient::Subscribe { id, payload }) => {
                            session.look(service).await?;
                            begin(service, access, &session, &mut running, id, &payload)?;
                        }
                    }
                }
                Some((number, reply)) = running.replies.next(), if confirmed && !running.replies.is_empty() => {
                    self.tell(service, &mut running, number, reply).await?;
                }
                _ = looks.tick() => {
                    if service.is_stopping() {
                        return Err(Close::Stopping);
                    }
                    session.look(service).await?;
                }
                _ = beats.tick() => {
                    silent += 1;
                    if silent > 3 {
                        return Err(Close::Gone);
                    }
                    self.send(Message::Ping(Vec::new().into())).await?;
                }
            }
        }
    }

    /// Tells what was heard of an operation.
    async fn tell(
        &mut self,
        service: &Service,
        running: &mut Running,
        number: u64,
        reply: Option<Reply>,
    ) -> Result<(), Close> {
        let told = |one: &Operation| (one.id.clone(), one.began);
        let message = match reply {
            None => running.operations.remove(&number).map(|one| message::complete(&one.id)),
            // That is its end, and no other is told.
            Some(Reply { payload, is_error: true, outcome }) => running.operations.remove(&number).map(|one| {
                service.answered(&outcome, one.began.elapsed(), None);
                message::error(&one.id, &payload)
            }),
            Some(Reply { payload, is_error: false, outcome }) => {
                running.operations.get(&number).map(told).map(|(id, began)| {
                    service.answered(&outcome, began.elapsed(), None);
                    message::next(&id, &payload)
                })
            }
        };
        // What the client has ended meanwhile is not told.
        match message {
            Some(message) => self.send(message).await,
            None => Ok(()),
        }
    }
}

/// Begins an operation.
fn begin(
    service: &Arc<Service>,
    access: &Access,
    session: &Session,
    running: &mut Running,
    id: String,
    payload: &Value,
) -> Result<(), Close> {
    if id.is_empty() || id.len() > LONGEST_ID {
        return Err(Close::Nonsense);
    }
    if running.operations.values().any(|one| one.id == id) {
        return Err(Close::Duplicate);
    }
    if running.operations.len() >= service.sockets.operations {
        return Err(Close::Operations);
    }
    let question = service.engine.parse(payload.to_string().as_bytes()).map_err(|_| Close::Nonsense)?;
    let view = service.store.view(session.scope.clone(), service.clock.now());
    let (told, heard) = mpsc::channel(1);
    let (service, access) = (Arc::clone(service), access.clone());
    let task = tokio::spawn(async move {
        let mut replies =
            service.engine.replies(question, |request, hash| service.prepare(request, hash, view, access));
        while let Some(reply) = replies.next().await {
            if told.send(reply).await.is_err() {
                break;
            }
        }
    });
    running.begun += 1;
    let number = running.begun;
    let replies = stream::unfold(heard, |mut heard| async { Some((heard.recv().await?, heard)) });
    let end = stream::once(future::ready((number, None)));
    running.replies.push(replies.map(move |reply| (number, Some(reply))).chain(end).boxed());
    running.operations.insert(number, Operation { id, task: task.abort_handle(), began: Instant::now() });
    Ok(())
}

impl Session {
    /// Asks whether the token still holds.
    async fn look(&mut self, service: &Service) -> Result<(), Close> {
        let scope = authentication::of_token(service, self.token.as_deref()).await.map_err(|_| Close::Token)?;
        // Who had a passport when this began, and has none now, is not told anything any more.
        if scope.has_ended() && !self.scope.has_ended() {
            return Err(Close::Token);
        }
        self.scope = scope;
        Ok(())
    }
}

/// The token in the payload of `connection_init`: `{"Authorization": "Bearer ..."}`; none: nobody.
fn token(payload: Map<String, Value>) -> Result<Option<String>, Close> {
    let mut given = payload.into_iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    match (given.next(), given.next()) {
        (None, _) => Ok(None),
        (Some((_, Value::String(header))), None) => {
            authentication::bearer_token(&header).map(|token| Some(token.to_owned())).ok_or(Close::Token)
        }
        _ => Err(Close::Token),
    }
}

fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.reset();
    ticks
}
