//! The audit trail: every protected read and every change leaves its record in the transaction of the read or change
//! (SECURITY.md, "Audit record"): no audit, no data.

mod chain;
mod network;
mod retention;
mod trail;
mod verify;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chain::chained;
use chrono::{DateTime, Utc};
use entity::{audit_event, audit_head, audit_object};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use serde_json::Value;
use tokio::{sync::MutexGuard, time::timeout};
use uuid::Uuid;

use super::{Database, Store, View, error::StoreError};
pub use network::Network;
pub use trail::{Recorded, TrailQuery};
pub use verify::{Fault, Verdict};

use crate::auth::{Denied, Scope};

/// How many rows a statement inserts: three values each, of which SQLite takes 32,766.
const MOST_ROWS: usize = 5_000;
/// How long somebody waits for a turn in the audit trail.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// From where and in what way a request came, for the audit trail.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The client program, as it calls itself.
    pub client: Option<String>,
    /// The network of the client.
    pub address: Option<Network>,
    /// The name of the GraphQL operation.
    pub operation_name: Option<String>,
    /// SHA-256 of the GraphQL document.
    pub document_hash: Option<Arc<str>>,
    /// The id of the request, as in the log.
    pub request_id: Option<String>,
}

/// Something that is recorded.
pub(super) struct Event<'a> {
    /// `read`, `search`, `create`, `update` or `login`.
    pub(super) kind: &'static str,
    /// Why it was refused; none: it was not.
    pub(super) failure: Option<&'static str>,
    pub(super) scope: &'a Scope,
    pub(super) access: &'a Access,
    pub(super) replica: &'a str,
    pub(super) now: DateTime<Utc>,
    /// What it was for.
    pub(super) purpose: &'static str,
}

impl Store {
    /// A turn to write the trail. Writers come one after the other in any case: here they wait without a connection, so
    /// that one question with many of them does not take all.
    pub(super) async fn turn(&self) -> Result<MutexGuard<'_, ()>, StoreError> {
        timeout(LONGEST_WAIT, self.recording.lock()).await.map_err(|_| StoreError::too_slow())
    }
}

impl Store {
    /// Records that somebody who is signed in was refused, and says so. Whoever is not signed in is only counted: nobody
    /// could be named, and anybody could fill the trail.
    pub(super) async fn deny(&self, view: &View, access: &Access, purpose: &'static str, denied: Denied) -> Denied {
        let told = matches!(denied, Denied::Role | Denied::OwnOnly | Denied::OtherRegion | Denied::PassportEnded);
        if told {
            let event = Event {
                kind: "denied",
                failure: Some("no right"),
                ..Event::read(view, access, &self.replica, purpose)
            };
            let recorded = async {
                let _turn = self.turn().await?;
                let tx = self.database.begin().await?;
                let head = lock(&tx).await?;
                record(&tx, head, &event, Vec::new()).await?;
                Ok::<_, StoreError>(tx.commit().await?)
            };
            if let Err(error) = self.database.within(recorded).await {
                tracing::warn!(%error, "a refusal could not be recorded");
            }
        }
        denied
    }
}

/// What could not be recorded.
pub(super) fn unrecorded(error: StoreError) -> StoreError {
    StoreError::Unrecorded(Box::new(error))
}

impl<'a> Event<'a> {
    /// A read of one thing.
    pub(super) fn read(view: &'a View, access: &'a Access, replica: &'a str, purpose: &'static str) -> Self {
        Self { kind: "read", failure: None, scope: view.scope(), access, replica, now: view.now(), purpose }
    }
}

/// A read that is recorded: what is read in its transaction is answered only when the record is written.
pub(super) struct Reading {
    pub(super) tx: DatabaseTransaction,
    head: audit_head::Model,
}

impl Reading {
    /// Begins; whoever does this has a turn.
    pub(super) async fn begin(database: &Database) -> Result<Self, StoreError> {
        let tx = database.begin().await?;
        let head = lock(&tx).await.map_err(unrecorded)?;
        Ok(Self { tx, head })
    }

    /// Records what was read.
    pub(super) async fn end(self, event: &Event<'_>, objects: Vec<Value>) -> Result<(), StoreError> {
        record(&self.tx, self.head, event, objects).await.map_err(unrecorded)?;
        Ok(self.tx.commit().await?)
    }
}

/// Takes the head of the trail for this transaction: writers of the trail come one after the other, on both
/// databases. Where it is the first statement, `SQLite` begins the transaction as a writer, which it must.
pub(super) async fn lock(tx: &DatabaseTransaction) -> Result<audit_head::Model, StoreError> {
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Seq, Expr::col(audit_head::Column::Seq).add(1))
        .filter(audit_head::Column::Id.eq(1))
        .exec(tx)
        .await?;
    audit_head::Entity::find_by_id(1)
        .one(tx)
        .await?
        .ok_or_else(|| StoreError::Corrupt("the audit trail has no head".into()))
}

/// Takes the head of the trail for this transaction without going on from it.
async fn hold(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let seq = Expr::col(audit_head::Column::Seq);
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Seq, seq)
        .filter(audit_head::Column::Id.eq(1))
        .exec(tx)
        .await?;
    Ok(())
}

/// Writes the record of an event and moves the head on. `objects` are what was answered or changed, by type and id.
pub(super) async fn record(
    tx: &DatabaseTransaction,
    head: audit_head::Model,
    event: &Event<'_>,
    objects: Vec<Value>,
) -> Result<(), StoreError> {
    let scope = event.scope;
    let mut row = audit_event::Model {
        seq: head.seq,
        id: Uuid::now_v7(),
        occurred_at: event.now,
        recorded_at: event.now,
        event_type: event.kind.into(),
        outcome: if event.failure.is_some() { "failure" } else { "success" }.into(),
        reason_code: event.failure.map(Into::into),
        actor: scope.pseudonym().unwrap_or("anonymous").into(),
        actor_role: scope.role().code().into(),
        actor_organisation: organisation(scope),
        on_behalf_of: None,
        auth_method: auth_method(scope).into(),
        token_hash: scope.token_hash().map(Into::into),
        replica: event.replica.into(),
        client: event.access.client.clone(),
        address: event.access.address.map(|network| network.to_string()),
        operation_name: event.access.operation_name.clone(),
        document_hash: event.access.document_hash.as_deref().map(Into::into),
        purpose: event.purpose.into(),
        result_count: i32::try_from(objects.len()).unwrap_or(i32::MAX),
        objects: Value::Array(objects),
        request_id: event.access.request_id.clone(),
        prev_hash: head.hash.clone(),
        hash: String::new(),
    };
    row.hash = chained(&head.hash, &row);
    let seq = row.seq;
    let named = named(&row.objects);
    let mut head = head.into_active_model();
    head.hash = sea_orm::Set(row.hash.clone());
    audit_event::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    head.update(tx).await?;
    for chunk in named.chunks(MOST_ROWS) {
        let rows = chunk.iter().map(|(object_type, object_id)| {
            audit_object::Model { object_type: object_type.clone(), object_id: object_id.clone(), seq }
                .into_active_model()
        });
        audit_object::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The objects of a record, by type and id, each once.
fn named(objects: &Value) -> Vec<(String, String)> {
    let text = |object: &Value, member: &str| Some(object.get(member)?.as_str()?.to_owned());
    let objects = objects.as_array().into_iter().flatten();
    let named: BTreeSet<_> = objects.filter_map(|object| Some((text(object, "type")?, text(object, "id")?))).collect();
    named.into_iter().collect()
}

/// How somebody has shown who they are: by a token, or by running the command line here.
fn auth_method(scope: &Scope) -> &'static str {
    match (scope.token_hash(), scope.pseudonym()) {
        (Some(_), _) => "bearer",
        (None, Some(_)) => "local",
        (None, None) => "none",
    }
}

fn organisation(scope: &Scope) -> Option<String> {
    scope
        .provider()
        .map(|provider| provider.0.simple().to_string())
        .or_else(|| (!scope.regions().is_empty()).then(|| scope.regions().join("+")))
}
