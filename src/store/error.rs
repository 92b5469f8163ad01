//! Errors of the store. `Unavailable`: the database is away or busy, try again. `Corrupt`: it holds what cannot be.
//! `Start`: it cannot be used at all, in words for the operator. `Database`: anything else it says, which never reaches
//! a client.

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
    /// It cannot be used; says what would be right.
    #[error("{0}")]
    Start(String),
    /// Anything else.
    #[error("the database refused: {0}")]
    Database(#[source] DbErr),
}

impl StoreError {
    /// It did not answer in time.
    pub(super) fn too_slow() -> Self {
        Self::Unavailable(DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::Timeout))
    }

    /// Whether the same transaction may go through when it is tried again: it was rolled back because of others, or its
    /// connection was lost before it could end.
    pub(super) fn is_worth_a_retry(&self) -> bool {
        let error = match self {
            Self::Unavailable(error) => error,
            Self::Unrecorded(inner) => return inner.is_worth_a_retry(),
            Self::Corrupt(_) | Self::Start(_) | Self::Database(_) => return false,
        };
        match code(error) {
            // 40: rolled back (serialization failure, deadlock); 57P0x: the server restarts; 08: the connection is gone;
            // 25006: the server has become a standby. SQLite: 517, another wrote since this transaction began to read.
            Some(code) => {
                code == "25006" || code == "517" || ["40", "57P", "08"].iter().any(|kind| code.starts_with(kind))
            }
            None => matches!(sqlx_error(error), Some(sqlx::Error::Io(_))),
        }
    }

    /// Whether somebody else held a lock for too long.
    pub(super) fn is_lock_timeout(&self) -> bool {
        matches!(self, Self::Unavailable(error) if code(error).as_deref() == Some("55P03"))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if is_unavailable(&error) { Self::Unavailable(error) } else { Self::Database(error) }
    }
}

fn is_unavailable(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
        return true;
    }
    match sqlx_error(error) {
        Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed) => {
            true
        }
        Some(sqlx::Error::Database(error)) => error.code().is_some_and(|code| is_passing(&code)),
        _ => false,
    }
}

fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// The code of what the database says.
fn code(error: &DbErr) -> Option<String> {
    Some(sqlx_error(error)?.as_database_error()?.code()?.into_owned())
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
    use sea_orm::{DbErr, RuntimeErr, sqlx};

    use super::{StoreError, is_passing};

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

    #[test]
    fn what_is_lost_with_its_connection_is_worth_a_retry() {
        let error = |error: sqlx::Error| StoreError::from(DbErr::Exec(RuntimeErr::SqlxError(error.into())));
        let broken = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert!(error(sqlx::Error::Io(broken())).is_worth_a_retry());
        assert!(StoreError::Unrecorded(Box::new(error(sqlx::Error::Io(broken())))).is_worth_a_retry());
        // Whoever has waited for a connection has waited enough.
        assert!(!error(sqlx::Error::PoolTimedOut).is_worth_a_retry());
        assert!(!StoreError::too_slow().is_worth_a_retry());
        assert!(!StoreError::Corrupt(String::new()).is_worth_a_retry());
    }
}
