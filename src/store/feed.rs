//! The change feed: what changed, written in the transaction of the change, so that every replica reads it again.
//!
//! Transactions commit in another order than they take numbers, so a reader of PostgreSQL goes by transactions: its
//! position is the snapshot that it has seen (PostgreSQL, "Transaction ID and Snapshot Information Functions"), and what
//! it has not seen is what that snapshot does not show. `SQLite` has one writer at a time, so there the number does.

use chrono::TimeDelta;
use entity::change;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter, QueryResult, QuerySelect,
    Statement,
    sea_query::{Expr, ExprTrait},
};

use super::error::StoreError;
use crate::{
    care::{id::ProviderId, vocabulary::ChangeKind},
    clock::Clock,
};

/// The channel on which PostgreSQL wakes those who listen.
pub(super) const CHANNEL: &str = "zorgkaart_change";

/// How far somebody has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// `SQLite`: everything up to this number.
    Number(i64),
    /// PostgreSQL: everything that a snapshot shows.
    Snapshot {
        /// As `pg_snapshot` is written.
        seen: String,
        /// The first transaction that had not begun.
        next: i64,
        /// The history that the server follows, which another takes over with a failover; none: not known.
        timeline: Option<String>,
    },
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) kind: ChangeKind,
    /// The id of what changed; empty for everything.
    pub(super) id: String,
    /// Whose part of the map is to be read again.
    pub(super) provider: Option<ProviderId>,
}

/// What there was to read.
pub(super) struct News {
    pub(super) changes: Vec<Change>,
    pub(super) position: Position,
    /// Whether the database is no continuation of the one that was read before: a backup, or a standby that had not
    /// heard everything.
    pub(super) broken: bool,
}

/// Whether a connection is to PostgreSQL.
pub(super) fn is_postgres(connection: &impl ConnectionTrait) -> bool {
    connection.get_database_backend() == DbBackend::Postgres
}

/// The position that the moment of a transaction stands for.
pub(super) async fn position(tx: &DatabaseTransaction) -> Result<Position, StoreError> {
    if !is_postgres(tx) {
        return Ok(Position::Number(newest_number(tx).await?));
    }
    // A standby does not list one by one what is under way: all that might be counts as not seen.
    let row = one(
        tx,
        "select case when pg_is_in_recovery() then format('%1$s:%1$s:', pg_snapshot_xmin(now)) else now::text end, \
         pg_snapshot_xmin(now)::text::bigint from pg_current_snapshot() as now",
    )
    .await?;
    Ok(Position::Snapshot { seen: row.try_get_by_index(0)?, next: row.try_get_by_index(1)?, timeline: None })
}

/// What was committed since `since`, as of the moment of a transaction that sees but one.
pub(super) async fn read(tx: &DatabaseTransaction, since: &Position) -> Result<News, StoreError> {
    let (position, broken, unseen) = match since {
        Position::Number(last) => {
            let newest = newest_number(tx).await?;
            (Position::Number(newest), newest < *last, change::Column::Seq.gt(*last))
        }
        Position::Snapshot { seen, next: before, timeline: known } => {
            let row = one(
                tx,
                "select pg_current_snapshot()::text, pg_snapshot_xmax(pg_current_snapshot())::text::bigint, \
                 left(pg_walfile_name(pg_current_wal_lsn()), 8)",
            )
            .await?;
            let (next, timeline): (i64, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            let broken = next < *before || known.as_ref().is_some_and(|known| *known != timeline);
            let position = Position::Snapshot { seen: row.try_get_by_index(0)?, next, timeline: Some(timeline) };
            // What is not yet of this server came with a dump of another one, and is on the map that was read.
            let unseen = Expr::cust_with_values(
                "xid >= pg_snapshot_xmin($1::pg_snapshot)::text::bigint \
                 and xid < pg_snapshot_xmax(pg_current_snapshot())::text::bigint \
                 and not pg_visible_in_snapshot(xid::text::xid8, $1::pg_snapshot)",
                [seen.as_str()],
            );
            (position, broken, unseen)
        }
    };
    let rows: Vec<(String, String, Option<ProviderId>)> = change::Entity::find()
        .filter(unseen)
        .select_only()
        .column_as(Expr::col(change::Column::Entity), "kind")
        .column(change::Column::EntityId)
        .column(change::Column::ProviderId)
        .into_tuple()
        .all(tx)
        .await?;
    let changes = rows.into_iter().map(|(kind, id, provider)| Change { kind: known(&kind), id, provider }).collect();
    Ok(News { changes, position, broken })
}

/// What a row is about. The next version may know of more, while both run: then everything is read again.
fn known(kind: &str) -> ChangeKind {
    ChangeKind::ALL.iter().copied().find(|known| known.code() == kind).unwrap_or(ChangeKind::Map)
}

/// Writes what a transaction changes, and wakes those who listen.
pub(super) async fn write(tx: &DatabaseTransaction, changes: &[Change]) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows = changes.iter().map(|one| change::ActiveModel {
        seq: NotSet,
        entity: Set(one.kind),
        entity_id: Set(one.id.clone()),
        occurred_at: if is_postgres(tx) { NotSet } else { Set(Clock::System.now()) },
        provider_id: Set(one.provider),
        xid: NotSet,
    });
    change::Entity::insert_many(rows).exec_without_returning(tx).await?;
    wake(tx).await
}

/// Wakes those who listen once a transaction is committed.
pub(super) async fn wake(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    if is_postgres(tx) {
        tx.execute_unprepared(&format!("select pg_notify('{CHANNEL}', '')")).await?;
    }
    Ok(())
}

/// Forgets what is older than `age`, by the clock that wrote it: the server's on PostgreSQL, the machine's on `SQLite`.
/// Whoever has not read it by then reads the whole map anew.
pub(super) async fn prune(connection: &impl ConnectionTrait, age: TimeDelta) -> Result<(), StoreError> {
    let occurred = Expr::col(change::Column::OccurredAt);
    let old = if is_postgres(connection) {
        occurred.lt(Expr::cust(format!("now() - interval '{} seconds'", age.num_seconds())))
    } else {
        occurred.lt(Clock::System.now() - age)
    };
    change::Entity::delete_many().filter(old).exec(connection).await?;
    Ok(())
}

/// The number last given, whether or not its row is still there.
async fn newest_number(tx: &DatabaseTransaction) -> Result<i64, StoreError> {
    let row = one(tx, "select coalesce((select seq from sqlite_sequence where name = 'change'), 0)").await?;
    Ok(row.try_get_by_index(0)?)
}

async fn one(tx: &DatabaseTransaction, sql: &str) -> Result<QueryResult, StoreError> {
    let row = tx.query_one_raw(Statement::from_string(tx.get_database_backend(), sql)).await?;
    row.ok_or_else(|| StoreError::Corrupt("a question without an answer".into()))
}
