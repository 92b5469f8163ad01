//! Bringing a database to this version.

use std::{collections::BTreeSet, time::Duration};

use migration::{Migrator, MigratorTrait, SchemaManager};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement, TransactionTrait,
};

use super::{Database, check};
use crate::store::error::StoreError;

/// The advisory lock of whoever migrates a PostgreSQL database: "zorg" in ASCII.
const LOCK: i64 = 0x7a6f_7267;
/// The table in which the migrator keeps what it has done.
const HISTORY: &str = "seaql_migrations";
/// How often somebody who waits for another says so.
const SAY_EVERY: Duration = Duration::from_secs(10);

impl Database {
    /// Brings the database to this version. Of several that start at once on PostgreSQL one migrates; the others wait,
    /// say so in the log, and find it done. A database of a newer version is left as it is: a version works with what
    /// the next one expands (`docs/operations.md`, "Upgrade").
    ///
    /// # Errors
    /// When a migration fails; it is then as it was before that migration. When the histories have parted.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let connection = self.connection();
        // Whoever only serves a database that is migrated needs no right to change it.
        if !is_behind(&connection).await? {
            return Ok(());
        }
        let turn = match connection.get_database_backend() {
            DbBackend::Postgres => Some(turn(&connection).await?),
            _ => None,
        };
        if is_behind(&connection).await? {
            Migrator::up(&*connection, None).await.map_err(check::explained)?;
            tracing::info!("the database is brought to this version");
        }
        if let Some(turn) = turn {
            turn.commit().await?;
        }
        Ok(())
    }
}

/// Whether the database lacks migrations of this version.
async fn is_behind(connection: &DatabaseConnection) -> Result<bool, StoreError> {
    if !SchemaManager::new(connection).has_table(HISTORY).await? {
        return Ok(true);
    }
    let rows = connection.query_all_raw(sql(connection, &format!("select version from {HISTORY}"))).await?;
    let applied = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<BTreeSet<String>, DbErr>>()?;
    let known: BTreeSet<String> = Migrator::migrations().iter().map(|one| one.name().to_owned()).collect();
    let newer: Vec<&String> = applied.difference(&known).collect();
    let behind = !known.is_subset(&applied);
    if behind && !newer.is_empty() {
        return Err(StoreError::Start(format!(
            "the database has migrations that this program does not know ({newer:?}) and lacks some that it needs: \
             the two are of versions that do not follow each other"
        )));
    }
    if !newer.is_empty() {
        tracing::warn!(?newer, "the database is of a newer version of this program; it is left as it is");
    }
    Ok(behind)
}

/// Takes the turn to migrate; it ends with the transaction.
async fn turn(connection: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    loop {
        let turn = connection.begin().await?;
        turn.execute_unprepared(&format!("set local lock_timeout = {}", SAY_EVERY.as_millis())).await?;
        let taken = turn.execute_unprepared(&format!("select pg_advisory_xact_lock({LOCK})")).await;
        match taken.map_err(StoreError::from) {
            Ok(_) => return Ok(turn),
            Err(error) if error.is_lock_timeout() => {
                turn.rollback().await?;
                let holder = holder(connection).await;
                tracing::warn!(?holder, "waiting for another replica, which migrates");
            }
            Err(error) => return Err(error),
        }
    }
}

/// The server process of whoever migrates, for the log.
async fn holder(connection: &DatabaseConnection) -> Option<i32> {
    let held = format!("select pid from pg_locks where locktype = 'advisory' and granted and objid = {LOCK}");
    connection.query_one_raw(sql(connection, &held)).await.ok()??.try_get_by_index(0).ok()
}

fn sql(connection: &DatabaseConnection, text: &str) -> Statement {
    Statement::from_string(connection.get_database_backend(), text)
}
