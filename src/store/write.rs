//! Writes: the one shape that every change has.
//!
//! One transaction holds the claim of the idempotency key, the change with its row version, the entry in the change
//! feed, the record in the audit trail and the answer that a second try gets. What was rolled back because of others is
//! tried again, a bounded number of times and within the time that the database has for one write. What was committed is
//! on the map of this replica before the answer goes out.

use std::{fmt, future::Future, time::Duration};

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::time::{sleep, timeout};

use super::{
    Store, View,
    audit::{self, Access, Event},
    error::StoreError,
    feed::{self, Change},
    idempotency::{self, Claim, Use},
};
use crate::auth::{Denied, Scope};

/// How often a transaction is tried.
const ATTEMPTS: u32 = 5;
/// How long to wait before the second try; twice as long before each further one.
const BACKOFF: Duration = Duration::from_millis(10);
/// How long an answer waits for the map of this replica; the change is committed whatever happens.
const OWN_MAP: Duration = Duration::from_secs(1);

/// A key by which a client can send a change again: 1 to 64 visible characters of ASCII.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Takes a key; none: it is too long, empty, or has other characters.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.into()))
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(..)")
    }
}

/// Who asks for a change, and how.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The map as the requester may see it.
    pub view: &'a View,
    /// From where it comes.
    pub access: &'a Access,
    /// By which it can be sent again.
    pub key: Option<&'a IdempotencyKey>,
}

/// Why a change was not made; `R`: a rule of the domain that it breaks.
#[derive(Debug)]
pub enum WriteError<R> {
    /// The requester may not.
    Denied(Denied),
    /// There is no such thing.
    Unknown,
    /// The row has changed since the requester read it.
    Conflict {
        /// The version that it has now.
        version: i32,
    },
    /// The idempotency key was used for another change.
    KeyTaken,
    /// It breaks a rule.
    Refused(R),
    /// The database does not answer, or the change cannot be recorded.
    Store(StoreError),
}

impl<R> From<StoreError> for WriteError<R> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl<R> From<sea_orm::DbErr> for WriteError<R> {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl<R> From<Denied> for WriteError<R> {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

/// A change that somebody asks for. What it serializes to is what the idempotency key stands for.
pub(super) trait Write: Serialize + Sync {
    /// Its name.
    const NAME: &'static str;
    /// What it answers.
    type Answer: Serialize + DeserializeOwned + Send;
    /// The rules that it may break.
    type Refusal: Send;

    /// What it is for, as the audit trail says it.
    fn purpose(&self) -> &'static str {
        Self::NAME
    }

    /// Whether the requester may ask for it at all, as far as the token tells.
    fn may(scope: &Scope) -> Result<(), Denied>;

    /// Makes the change. May run more than once, each time in another transaction. Its first statement is a write.
    fn apply(
        &self,
        tx: &DatabaseTransaction,
        by: &Author<'_>,
    ) -> impl Future<Output = Result<Done<Self::Answer>, WriteError<Self::Refusal>>> + Send;
}

/// Who makes a change.
pub(super) struct Author<'a> {
    pub(super) scope: &'a Scope,
    pub(super) now: DateTime<Utc>,
    /// As rows name their author.
    pub(super) name: String,
}

impl<'a> Author<'a> {
    /// Whoever asks, now.
    pub(super) fn of(view: &'a View) -> Self {
        let scope = view.scope();
        let name = format!("{}:{}", scope.role().code(), scope.pseudonym().unwrap_or_default());
        Self { scope, now: view.now(), name }
    }
}

/// What was changed.
pub(super) struct Done<T> {
    pub(super) answer: T,
    /// For those who follow.
    pub(super) changes: Vec<Change>,
    /// For the audit trail: type, id and fields of what was changed.
    pub(super) objects: Vec<Value>,
    /// For the audit trail: what kind of event it is.
    pub(super) kind: &'static str,
    /// For the audit trail: why what was asked was refused, though something is committed; none: it was not.
    pub(super) failure: Option<&'static str>,
}

impl<T> Done<T> {
    /// Something was changed.
    pub(super) fn updated(answer: T, objects: Vec<Value>) -> Self {
        Self { answer, changes: Vec::new(), objects, kind: "update", failure: None }
    }

    /// Something was made.
    pub(super) fn created(answer: T, objects: Vec<Value>) -> Self {
        Self { kind: "create", ..Self::updated(answer, objects) }
    }

    /// Somebody has signed in, or has tried to.
    pub(super) fn login(answer: T, objects: Vec<Value>, failure: Option<&'static str>) -> Self {
        Self { kind: "login", failure, ..Self::updated(answer, objects) }
    }
}

impl Store {
    /// Makes a change, once.
    pub(super) async fn write<W: Write>(
        &self,
        request: Request<'_>,
        write: &W,
    ) -> Result<W::Answer, WriteError<W::Refusal>> {
        let scope = request.view.scope();
        if let Err(denied) = W::may(scope) {
            return Err(self.deny(request.view, request.access, W::NAME, denied).await.into());
        }
        let by = Author::of(request.view);
        let turn = self.turn().await?;
        let answer = self.database.within(Box::pin(self.tries(request, write, &by))).await;
        drop(turn);
        if let Err(WriteError::Denied(denied)) = answer {
            return Err(self.deny(request.view, request.access, W::NAME, denied).await.into());
        }
        let answer = answer?;
        // The feed is followed in any case; this only makes the answer wait for it.
        if !matches!(timeout(OWN_MAP, self.catch_up()).await, Ok(Ok(()))) {
            tracing::warn!("a change is committed, and not yet on the map of this replica");
        }
        Ok(answer)
    }

    async fn tries<W: Write>(
        &self,
        request: Request<'_>,
        write: &W,
        by: &Author<'_>,
    ) -> Result<W::Answer, WriteError<W::Refusal>> {
        let mut wait = BACKOFF;
        for _ in 1..ATTEMPTS {
            match self.attempt(request, write, by).await {
                Err(Failed { error: WriteError::Store(error), repeatable: true }) if error.is_worth_a_retry() => {
                    tracing::debug!(%error, write = W::NAME, "tried again");
                }
                ended => return ended.map_err(|failed| failed.error),
            }
            sleep(wait).await;
            wait *= 2;
        }
        self.attempt(request, write, by).await.map_err(|failed| failed.error)
    }

    #[tracing::instrument(name = "store.write", skip_all, fields(write = W::NAME))]
    async fn attempt<W: Write>(
        &self,
        request: Request<'_>,
        write: &W,
        by: &Author<'_>,
    ) -> Result<W::Answer, Failed<W::Refusal>> {
        let tx = self.database.begin().await.map_err(WriteError::from)?;
        let body = serde_json::to_string(write).map_err(|error| unwritable(&error))?;
        let body_hash = format!("{:x}", Sha256::new().chain_update(W::NAME).chain_update(body).finalize());
        let used = request.key.map(|key| Use { subject: &by.name, key: &key.0, body_hash: &body_hash, now: by.now });
        if let Some(used) = &used {
            match idempotency::claim(&tx, used).await.map_err(WriteError::from)? {
                Claim::New => {}
                Claim::Done(answer) => return Ok(serde_json::from_value(answer).map_err(|error| unwritable(&error))?),
                Claim::Other => return Err(WriteError::KeyTaken.into()),
            }
        }
        let done = write.apply(&tx, by).await?;
        let seal = async {
            feed::write(&tx, &done.changes).await?;
            if let Some(used) = &used {
                let answer = serde_json::to_value(&done.answer);
                idempotency::keep(&tx, used, answer.map_err(|error| StoreError::Corrupt(error.to_string()))?).await?;
            }
            // Last, since everybody waits for the head.
            let event = Event {
                kind: done.kind,
                failure: done.failure,
                scope: by.scope,
                access: request.access,
                replica: &self.replica,
                now: by.now,
                purpose: write.purpose(),
            };
            let head = audit::lock(&tx).await.map_err(audit::unrecorded)?;
            audit::record(&tx, head, &event, done.objects).await.map_err(audit::unrecorded)
        };
        seal.await.map_err(WriteError::Store)?;
        // Whether a commit whose answer is lost went through is not known: with a key it is safe to try again.
        let repeatable = used.is_some();
        tx.commit().await.map_err(|error| Failed { error: error.into(), repeatable })?;
        self.remembered.forget(&done.changes);
        Ok(done.answer)
    }
}

/// A try that failed.
struct Failed<R> {
    error: WriteError<R>,
    /// Whether trying again cannot make the change twice.
    repeatable: bool,
}

impl<R> From<WriteError<R>> for Failed<R> {
    fn from(error: WriteError<R>) -> Self {
        Self { error, repeatable: true }
    }
}

fn unwritable<R>(error: &serde_json::Error) -> WriteError<R> {
    WriteError::Store(StoreError::Corrupt(error.to_string()))
}
