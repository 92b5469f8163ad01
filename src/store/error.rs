//! Errors of the store. `Unavailable`: the database is away or busy, try again. `Corrupt`: it holds what cannot be.
//! `Database`: anything else it says, which never reaches a client.

use sea_orm::{DbErr, RuntimeErr, sqlx};
use thiserror::Error;

/// Why the store does not answer.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database is away, busy or full; trying again may help.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] DbErr),
    /// The audit trail cannot be written, and what is not recorded is not answered.
    #[error("the audit trail cannot be written: {0}")]
    Unrecorded(#[source] Box<Self>),
    /// A row holds what cannot be.
    #[error("the database holds what cannot be: {0}")]
    Corrupt(String),
    /// Anything else.
    #[error("the database refused: {0}")]
    Database(#[source] DbErr),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if is_unavailable(&error) { Self::Unavailable(error) } else { Self::Database(error) }
    }
}

fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match error.as_ref() {
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => true,
                // SQLite: busy 5, locked 6, I/O error 10, full 13, cannot open 14. PostgreSQL: classes 08 (connection),
                // 53 (resources), 57 (operator intervention), 40 (rollback).
                sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                    matches!(code.as_ref(), "5" | "6" | "10" | "13" | "14")
                        || (code.len() == 5 && ["08", "53", "57", "40"].iter().any(|class| code.starts_with(class)))
                }),
                _ => false,
            }
        }
        _ => false,
    }
}
