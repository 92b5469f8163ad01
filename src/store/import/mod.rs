//! What all imports of files share: how they are asked for and refused, and how they end.

mod read;

use std::{io, time::Duration};

use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, SqlErr,
    sea_query::{Expr, ExprTrait},
};
use serde_json::Value;
use thiserror::Error;
use tokio::time::timeout;

use super::{
    Database, Store, View,
    audit::{self, Access, Event},
    error::StoreError,
};
use crate::auth::Denied;
pub(in crate::store) use read::{Batch, Batches, Rows, batches};

/// How many objects a record of the audit trail names.
const OBJECTS: usize = 1_000;
/// How long the end of a large transaction may take.
const COMMIT: Duration = Duration::from_mins(1);

/// How to import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Only look at the file.
    pub dry_run: bool,
    /// Take the good rows without the bad ones.
    pub partial: bool,
}

/// What is being done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It is looked at.
    Checking,
    /// It is written.
    Writing,
}

/// Why a file is not imported, whatever its rows say.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The requester may not.
    #[error("only the kenniscentrum imports files")]
    Denied(Denied),
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    File(#[source] io::Error),
    /// Somebody else made the same things at the same time.
    #[error("others changed the same at the same time, and nothing was imported; try again")]
    Meanwhile,
    /// The database does not answer, or the import cannot be recorded.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbErr> for ImportError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            // All else about uniqueness is looked at before.
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Meanwhile,
            _ => Self::Store(error.into()),
        }
    }
}

impl Store {
    /// Records that a file was compared with what there is, and nothing was written.
    pub(in crate::store) async fn looked_at(
        &self,
        view: &View,
        access: &Access,
        purpose: &'static str,
    ) -> Result<(), StoreError> {
        let recording = async {
            let _turn = self.turn().await?;
            let tx = self.database.begin().await?;
            let head = audit::lock(&tx).await?;
            let event = Event::read(view, access, &self.replica, purpose);
            audit::record(&tx, head, &event, Vec::new()).await?;
            Ok::<_, StoreError>(tx.commit().await?)
        };
        self.database.within(recording).await.map_err(audit::unrecorded)
    }
}

/// Records what a file changed. Last before the end, since everybody waits for the head.
pub(in crate::store) async fn record(
    database: &Database,
    tx: &DatabaseTransaction,
    event: &Event<'_>,
    objects: impl Iterator<Item = Value>,
) -> Result<(), StoreError> {
    let mut objects = objects.peekable();
    while objects.peek().is_some() {
        let some = objects.by_ref().take(OBJECTS).collect();
        let recording = async {
            let head = audit::lock(tx).await?;
            audit::record(tx, head, event, some).await
        };
        database.within(recording).await.map_err(audit::unrecorded)?;
    }
    Ok(())
}

/// Ends a large transaction.
pub(in crate::store) async fn commit(tx: DatabaseTransaction) -> Result<(), ImportError> {
    timeout(COMMIT, tx.commit()).await.map_err(|_| StoreError::too_slow())??;
    Ok(())
}

/// A write that changes nothing, with which `SQLite` begins the transaction as a writer, which it must.
pub(in crate::store) async fn write_nothing(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    use entity::contact::{Column, Entity};
    let nobody = Column::Version.lt(0);
    Entity::update_many().col_expr(Column::Version, Expr::col(Column::Version).add(0)).filter(nobody).exec(tx).await?;
    Ok(())
}
