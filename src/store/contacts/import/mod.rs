//! Importing a file of contacts: read row by row, whole or not at all unless only the good rows are asked for.
//!
//! All or nothing needs two readings. The first holds no lock: it finds what is wrong without keeping anybody. The second writes, in
//! one transaction, and looks at every row again, since somebody may have changed an entry in between.

mod find;
mod read;
mod rows;
mod save;

use std::{fs::File, io, time::Duration};

use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, SqlErr,
    sea_query::{Expr, ExprTrait},
};
use thiserror::Error;
use tokio::time::timeout;

use super::super::{
    Store, View,
    audit::{self, Access, Event},
    error::StoreError,
};
use crate::{auth::Denied, care::contact::file::Report};
use rows::Pass;

/// What the audit trail says it was for.
const PURPOSE: &str = "importContacts";
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
    #[error("only the kenniscentrum imports contacts")]
    Denied(Denied),
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    File(#[source] io::Error),
    /// Somebody else made the same entries at the same time.
    #[error("the contactenbestand was changed at the same time, and nothing was imported; try again")]
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
    /// Whether the requester may import and export; a refusal is recorded.
    ///
    /// # Errors
    /// When not.
    pub async fn may_curate_contacts(&self, view: &View, access: &Access, purpose: &'static str) -> Result<(), Denied> {
        match view.scope().curate_contacts() {
            Ok(()) => Ok(()),
            Err(denied) => Err(self.deny(view, access, purpose, denied).await),
        }
    }

    /// Whether the requester may import; a refusal is recorded.
    ///
    /// # Errors
    /// When not.
    pub async fn may_import_contacts(&self, view: &View, access: &Access) -> Result<(), Denied> {
        self.may_curate_contacts(view, access, PURPOSE).await
    }

    /// Imports a file of contacts, or says what is wrong with it. `progress` hears how many bytes of the file are done.
    ///
    /// # Errors
    /// When the requester may not, the file cannot be read, or the database does not answer; nothing is imported then.
    pub async fn import_contacts(
        &self,
        view: &View,
        access: &Access,
        file: &File,
        options: ImportOptions,
        progress: &(dyn Fn(Phase, u64) + Send + Sync),
    ) -> Result<Report, ImportError> {
        self.may_import_contacts(view, access).await.map_err(ImportError::Denied)?;
        if options.dry_run || !options.partial {
            let report = self.check(view, file, options, progress).await?;
            if options.dry_run || report.forbids() {
                return self.looked_at(view, access, report).await;
            }
        }
        self.write_rows(view, access, file, options, progress).await
    }

    #[tracing::instrument(name = "store.import.check", skip_all)]
    async fn check(
        &self,
        view: &View,
        file: &File,
        options: ImportOptions,
        progress: &(dyn Fn(Phase, u64) + Send + Sync),
    ) -> Result<Report, ImportError> {
        let mut pass = Pass::new(view, options);
        let mut batches = read::batches(file, view).map_err(ImportError::File)?;
        while let Some(batch) = batches.next().await.map_err(ImportError::File)? {
            let looking = async {
                let tx = self.database.begin().await?;
                pass.look_at(&tx, &batch, false).await?;
                Ok::<_, ImportError>(tx.commit().await?)
            };
            self.database.within(Box::pin(looking)).await?;
            progress(Phase::Checking, batch.bytes);
        }
        Ok(pass.report)
    }

    #[tracing::instrument(name = "store.import.write", skip_all)]
    async fn write_rows(
        &self,
        view: &View,
        access: &Access,
        file: &File,
        options: ImportOptions,
        progress: &(dyn Fn(Phase, u64) + Send + Sync),
    ) -> Result<Report, ImportError> {
        let mut pass = Pass::new(view, options);
        let mut batches = read::batches(file, view).map_err(ImportError::File)?;
        let begin = async {
            let tx = self.database.begin().await?;
            write_nothing(&tx).await?;
            Ok::<_, ImportError>(tx)
        };
        let tx = self.database.within(begin).await?;
        while let Some(batch) = batches.next().await.map_err(ImportError::File)? {
            let writing = async {
                let outcomes = pass.look_at(&tx, &batch, true).await?;
                if !pass.report.forbids() {
                    pass.saved.extend(save::write(&tx, outcomes, &pass.by).await?);
                }
                Ok::<_, ImportError>(())
            };
            self.database.within(Box::pin(writing)).await?;
            progress(Phase::Writing, batch.bytes);
        }
        let Pass { mut report, saved, .. } = pass;
        if report.forbids() || saved.is_empty() {
            tx.rollback().await?;
            report.applied = !report.forbids();
            return self.looked_at(view, access, report).await;
        }
        let kind = if report.updated > 0 { "update" } else { "create" };
        let event = Event { kind, ..Event::read(view, access, &self.replica, PURPOSE) };
        // Last, since everybody waits for the head.
        for some in saved.chunks(OBJECTS) {
            let recording = async {
                let head = audit::lock(&tx).await?;
                audit::record(&tx, head, &event, some.iter().map(save::Saved::object).collect()).await
            };
            self.database.within(recording).await.map_err(audit::unrecorded)?;
        }
        timeout(COMMIT, tx.commit()).await.map_err(|_| StoreError::too_slow())??;
        report.applied = true;
        Ok(report)
    }

    /// Records that a file was compared with what there is, and nothing was written.
    async fn looked_at(&self, view: &View, access: &Access, report: Report) -> Result<Report, ImportError> {
        let recording = async {
            let _turn = self.turn().await?;
            let tx = self.database.begin().await?;
            let head = audit::lock(&tx).await?;
            let event = Event::read(view, access, &self.replica, PURPOSE);
            audit::record(&tx, head, &event, Vec::new()).await?;
            Ok::<_, StoreError>(tx.commit().await?)
        };
        self.database.within(recording).await.map_err(audit::unrecorded)?;
        Ok(report)
    }
}

/// A write that changes nothing, with which `SQLite` begins the transaction as a writer, which it must.
async fn write_nothing(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    use entity::contact::{Column, Entity};
    let nobody = Column::Version.lt(0);
    Entity::update_many().col_expr(Column::Version, Expr::col(Column::Version).add(0)).filter(nobody).exec(tx).await?;
    Ok(())
}
