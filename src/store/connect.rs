//! Opening a database.

use std::{fmt, str::FromStr, time::Duration};

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, TransactionTrait,
    sqlx::{
        postgres::PgConnectOptions,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};

use super::{error::StoreError, load};
use crate::care::snapshot::Records;

/// How long a request waits for a connection before it is told to come back.
const ACQUIRE: Duration = Duration::from_secs(1);
/// How long a writer of `SQLite` waits for another.
const BUSY: Duration = Duration::from_secs(5);

/// The advisory lock of whoever migrates a PostgreSQL database: "zorg" in ASCII.
const MIGRATION_LOCK: i64 = 0x7a6f_7267;

/// Where a database is. It may hold a password, so it is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Takes a URL of `SQLite` or PostgreSQL.
    ///
    /// # Errors
    /// Says what a URL looks like when it is neither.
    pub fn parse(url: &str) -> Result<Self, String> {
        // What the parsers themselves say repeats the URL, and it may hold a password.
        let readable = if url.starts_with("sqlite:") {
            SqliteConnectOptions::from_str(url).is_ok()
        } else {
            ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
                && PgConnectOptions::from_str(url).is_ok()
        };
        if readable {
            Ok(Self(url.into()))
        } else {
            Err("the database URL begins with sqlite: or postgres://, \
                 such as sqlite:data/zorgkaart.db or postgres://user:password@host/zorgkaart"
                .into())
        }
    }

    /// The same database, which must be there.
    #[must_use]
    pub fn existing(self) -> Self {
        Self(self.0.replace("mode=rwc", "mode=rw"))
    }

    /// An `SQLite` database in a file, made when it is not there.
    pub fn sqlite_file(path: &std::path::Path) -> Self {
        Self(format!("sqlite:{}?mode=rwc", path.display()))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.split(':').next().unwrap_or_default())
    }
}

/// An open database.
#[derive(Clone, Debug)]
pub struct Database(pub(super) DatabaseConnection);

impl Database {
    /// Connects with up to `connections` connections, at least two: a migration holds its lock on one of its own.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn connect(url: &DatabaseUrl, connections: u32) -> Result<Self, StoreError> {
        let in_memory = url.0.contains(":memory:") || url.0.contains("mode=memory");
        let mut options = ConnectOptions::new(url.0.clone());
        options
            .max_connections(if in_memory { 1 } else { connections.max(2) })
            .acquire_timeout(ACQUIRE)
            .sqlx_logging_level(tracing::log::LevelFilter::Trace)
            // Every write that is acknowledged is on the disk: WAL alone does not say so (SECURITY.md, trap 5).
            .map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(BUSY)
            });
        if in_memory {
            // An SQLite database in memory lives as long as its one connection.
            options.min_connections(1).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
        }
        Ok(Self(sea_orm::Database::connect(options).await?))
    }

    /// Brings the database to this version.
    ///
    /// # Errors
    /// When a migration fails; it is then as it was before that migration.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        if self.0.get_database_backend() != DbBackend::Postgres {
            return Ok(Migrator::up(&self.0, None).await?);
        }
        // Of several replicas that start at once one migrates; the others wait, and find it done.
        let turn = self.0.begin().await?;
        turn.execute_unprepared(&format!("select pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        Migrator::up(&self.0, None).await?;
        Ok(turn.commit().await?)
    }

    /// Everything that is on the map, as of one moment.
    ///
    /// # Errors
    /// When the database does not answer or holds what cannot be.
    pub async fn records(&self) -> Result<Records, StoreError> {
        load::records(&self.0).await
    }

    /// Closes the connections.
    ///
    /// # Errors
    /// When the database does not let go.
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.0.close().await?)
    }

    /// The connection, for the store.
    pub fn into_connection(self) -> DatabaseConnection {
        self.0
    }
}
