//! How connections are made, and what a database may take its time for.

use std::{io::ErrorKind, str::FromStr, time::Duration};

use sea_orm::{
    ConnectOptions,
    sqlx::{
        Connection, Error, Executor, Row,
        postgres::{PgConnectOptions, PgConnection},
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::DatabaseUrl;

/// How long a request waits for a connection before it is told to come back (SECURITY.md, "Faults and promises").
pub(in crate::store) const ACQUIRE: Duration = Duration::from_secs(1);
/// How long the map waits for a connection to be read over: a read replica that is away is given up for the primary then.
const REACHED: Duration = Duration::from_secs(5);
/// How long somebody who fills or migrates waits for another on `SQLite`.
const PATIENT: Duration = Duration::from_secs(30);

/// How the service uses its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseLimits {
    /// How long one read or write may take, seconds; then it ends with "try again", and on PostgreSQL the server is told
    /// so too (`idle_in_transaction_session_timeout`; a tenth less: `statement_timeout`; half of it: `lock_timeout`).
    pub seconds: u64,
    /// How many prepared statements a connection keeps on PostgreSQL; 0 for a pooler between the two that shares
    /// connections by transaction.
    pub statements: usize,
}

impl Default for DatabaseLimits {
    fn default() -> Self {
        Self { seconds: 2, statements: 100 }
    }
}

impl DatabaseLimits {
    /// How long one read or write may take.
    pub const fn patience(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

/// What connections are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Migrating, filling, commands: takes its time.
    Maintenance,
    /// Reading the whole map, maybe from a read replica: takes its time.
    Loading,
    /// Answering.
    Service(DatabaseLimits),
}

/// Options of a pool of up to `connections` to the database at `url`.
pub(super) fn options(url: &DatabaseUrl, connections: u32, purpose: Purpose) -> ConnectOptions {
    let in_memory = url.is_in_memory();
    let mut options = ConnectOptions::new(url.text());
    options
        .max_connections(if in_memory { 1 } else { connections })
        .acquire_timeout(match purpose {
            Purpose::Maintenance => PATIENT,
            Purpose::Loading => REACHED,
            Purpose::Service(_) => ACQUIRE,
        })
        .connect_lazy(true)
        .sqlx_logging_level(tracing::log::LevelFilter::Trace)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                // Every write that is acknowledged is on the disk: WAL alone does not say so (SECURITY.md, trap 5).
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                // What is erased is overwritten, not only forgotten.
                .pragma("secure_delete", "on")
                .busy_timeout(match purpose {
                    Purpose::Maintenance | Purpose::Loading => PATIENT,
                    Purpose::Service(limits) => limits.patience().mul_f64(0.75),
                })
        })
        .map_sqlx_postgres_opts(move |postgres| prepared(postgres, purpose));
    if url.is_postgres() && purpose != Purpose::Loading {
        options
            .test_before_acquire(false)
            .map_sqlx_postgres_before_acquire(|connection, _| Box::pin(still_takes_writes(connection)));
    }
    if let (true, Purpose::Service(limits)) = (url.is_postgres(), purpose) {
        options.map_sqlx_postgres_pool_opts(move |pool| {
            pool.after_release(move |connection, _| Box::pin(answers(connection, limits.patience())))
        });
    }
    if in_memory {
        // An SQLite database in memory lives as long as its one connection.
        options.min_connections(1).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    }
    options
}

/// The options of one connection to PostgreSQL at `url`; none where it is no URL of PostgreSQL.
pub(super) fn postgres(url: &DatabaseUrl, purpose: Purpose) -> Option<PgConnectOptions> {
    let options = url.is_postgres().then(|| PgConnectOptions::from_str(url.text()).ok()).flatten()?;
    Some(prepared(options, purpose))
}

fn prepared(options: PgConnectOptions, purpose: Purpose) -> PgConnectOptions {
    let options = match options.get_application_name() {
        Some(_) => options,
        None => options.application_name("zorgkaart"),
    };
    let Purpose::Service(limits) = purpose else { return options };
    let patience = limits.patience();
    options.statement_cache_capacity(limits.statements).options([
        // A little less: the server says that a statement is slow before its connection is taken for dead.
        ("statement_timeout", patience.mul_f64(0.9).as_millis()),
        // Whoever waits for a lock must still be able to say so in time.
        ("lock_timeout", patience.as_millis() / 2),
        // A replica that stopped in the middle must not hold up the others.
        ("idle_in_transaction_session_timeout", patience.as_millis()),
    ])
}

/// Whether the server behind a connection from the pool still takes writes: after a failover the old primary does not,
/// and its connections have to go. So has one that somebody left while it began a transaction: what the next one writes
/// would be rolled back with that. Says in the same breath that the connection lives.
async fn still_takes_writes(connection: &mut PgConnection) -> Result<bool, Error> {
    // The time of a transaction is that of its first statement.
    let takes = "select not pg_is_in_recovery() and now() = statement_timestamp()";
    connection.fetch_one(takes).await?.try_get(0)
}

/// Whether a connection that comes back answers, within `patience`. The pool asks too, and waits as long as the kernel does
/// (a quarter of an hour): one that was left in the middle of a statement that a network swallowed would keep its place.
async fn answers(connection: &mut PgConnection, patience: Duration) -> Result<bool, Error> {
    timeout(patience, connection.ping()).await.unwrap_or_else(|_| Err(Error::Io(ErrorKind::TimedOut.into())))?;
    Ok(true)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use sea_orm::{ConnectionTrait, Statement};

    use super::super::{Database, DatabaseLimits, DatabaseUrl};

    /// What is acknowledged is on the disk: on every connection of `SQLite`, whatever it is for.
    #[tokio::test]
    async fn sqlite_keeps_what_it_acknowledges() {
        let directory = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::sqlite_file(&directory.path().join("test.db"));
        let maintenance = Database::connect(&url, 2).await.unwrap();
        let service = maintenance.for_service(2, DatabaseLimits::default(), None).await.unwrap();
        for database in [&maintenance, &service] {
            for connection in [database.connection(), database.feed_connection()] {
                for (pragma, value) in
                    [("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1"), ("secure_delete", "1")]
                {
                    let sql = format!("pragma {pragma}");
                    let statement = Statement::from_string(connection.get_database_backend(), sql);
                    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
                    let number = row.try_get_by_index::<i64>(0).map(|number| number.to_string());
                    let found = number.or_else(|_| row.try_get_by_index(0)).unwrap();
                    assert_eq!(found, value, "{pragma}");
                }
            }
        }
    }
}
