//! Idempotency keys: a change that a client sends again is answered as the first time and happens once.

use chrono::{DateTime, TimeDelta, Utc};
use entity::idempotency_key;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, Set, TryInsertResult,
};
use serde_json::Value;

use super::error::StoreError;

/// How long a key is kept (SECURITY.md, "Faults and promises").
const KEPT: TimeDelta = TimeDelta::hours(24);

/// What is known of a key.
pub(super) enum Claim {
    /// Nobody has used it: the change is to be made.
    New,
    /// The change was made; this was the answer.
    Done(Value),
    /// It was used for another change.
    Other,
}

/// A key of a subject, with what it is used for.
pub(super) struct Use<'a> {
    pub(super) subject: &'a str,
    pub(super) key: &'a str,
    /// SHA-256 of the change that is asked for.
    pub(super) body_hash: &'a str,
    pub(super) now: DateTime<Utc>,
}

/// Claims a key for this transaction. Another transaction that is at it is waited for. Is the first statement, so that
/// `SQLite` begins the transaction as a writer.
pub(super) async fn claim(tx: &DatabaseTransaction, used: &Use<'_>) -> Result<Claim, StoreError> {
    let row = idempotency_key::Model {
        subject: used.subject.into(),
        key: used.key.into(),
        body_hash: used.body_hash.into(),
        response: Value::Null,
        created_at: used.now,
        expires_at: used.now + KEPT,
    };
    // Removed and not taken over: of two who come for it at once only one may have it.
    idempotency_key::Entity::delete_many()
        .filter(idempotency_key::Column::Subject.eq(used.subject))
        .filter(idempotency_key::Column::Key.eq(used.key))
        .filter(idempotency_key::Column::ExpiresAt.lte(used.now))
        .exec(tx)
        .await?;
    let inserted = idempotency_key::Entity::insert(row.into_active_model())
        .on_conflict_do_nothing_on([idempotency_key::Column::Subject, idempotency_key::Column::Key])
        .exec_without_returning(tx)
        .await?;
    if matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0) {
        return Ok(Claim::New);
    }
    let found = idempotency_key::Entity::find_by_id((used.subject.into(), used.key.into())).one(tx).await?;
    // It expired and was forgotten in between: whoever tries again has it.
    let found = found.ok_or_else(StoreError::too_slow)?;
    Ok(if found.body_hash == used.body_hash { Claim::Done(found.response) } else { Claim::Other })
}

/// Keeps the answer of the change that a claimed key is for.
pub(super) async fn keep(tx: &DatabaseTransaction, used: &Use<'_>, answer: Value) -> Result<(), StoreError> {
    idempotency_key::Entity::update_many()
        .set(idempotency_key::ActiveModel { response: Set(answer), ..Default::default() })
        .filter(idempotency_key::Column::Subject.eq(used.subject))
        .filter(idempotency_key::Column::Key.eq(used.key))
        .exec(tx)
        .await?;
    Ok(())
}

/// Forgets the keys that have expired.
pub(super) async fn prune(connection: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), StoreError> {
    idempotency_key::Entity::delete_many().filter(idempotency_key::Column::ExpiresAt.lte(now)).exec(connection).await?;
    Ok(())
}
