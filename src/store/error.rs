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
                sqlx::Error::Database(error) => error.code().is_some_and(|code| is_passing(&code)),
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether a code of the database says that trying again may help.
fn is_passing(code: &str) -> bool {
    // PostgreSQL's codes have five characters: classes 08 (connection), 40 (rollback), 53 (resources), 55 (not in the
    // right state: locked), 57 (operator intervention), 58 (system), and 25006 (read-only, as after a failover).
    if code.len() == 5 {
        return code == "25006" || ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class));
    }
    // SQLite's are numbers whose low byte is the kind: busy 5, locked 6, read-only 8, I/O error 10, full 13, cannot
    // open 14.
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13 | 14))
}

#[cfg(test)]
mod tests {
    use super::is_passing;

    #[test]
    fn what_may_pass_is_told_from_what_will_not() {
        let passing = "5 517 261 6 8 778 1034 13 14 08006 40001 53300 55P03 57P01 58030 25006";
        for code in passing.split(' ') {
            assert!(is_passing(code), "{code}");
        }
        for code in "1 19 787 2067 23505 22021 42P01 25001".split(' ') {
            assert!(!is_passing(code), "{code}");
        }
    }
}
