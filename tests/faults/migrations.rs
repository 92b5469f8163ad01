//! A migration that dies in the middle, and databases of other versions.

use std::{fs, path::Path};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use zorgkaart::store::{Database as OurDatabase, DatabaseUrl};

use crate::{
    beside, is_long,
    support::{
        cluster::Cluster,
        databases::{TestDatabase, fill},
        proxy::Proxy,
    },
};

/// How much `SQLite` writes for a page: a header, and the page.
const FRAME: usize = 24 + 4096;
const WAL_HEADER: usize = 32;

async fn migrate(url: &str) -> Result<(), String> {
    let url = DatabaseUrl::parse(url).unwrap();
    let database = OurDatabase::connect(&url, 2).await.map_err(|error| error.to_string())?;
    let migrated = database.migrate().await.map_err(|error| error.to_string());
    let _ = database.close().await;
    migrated
}

async fn texts(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// Everything that a migrated database consists of.
async fn shape(url: &str) -> Vec<String> {
    let connection = Database::connect(url).await.unwrap();
    let parts: &[&str] = if url.starts_with("sqlite") {
        &["select coalesce(sql, name) from sqlite_master order by 1"]
    } else {
        &[
            "select concat_ws(' ', table_name, column_name, data_type, column_default, is_nullable) \
             from information_schema.columns where table_schema = 'public' order by 1",
            "select indexdef from pg_indexes where schemaname = 'public' order by 1",
            "select concat_ws(' ', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint \
             where connamespace = 'public'::regnamespace order by 1",
        ]
    };
    let mut shape = Vec::new();
    for sql in parts {
        shape.extend(texts(&connection, sql).await);
    }
    shape.extend(texts(&connection, "select version from seaql_migrations order by version").await);
    shape.extend(texts(&connection, "select hash from audit_head").await);
    connection.close().await.unwrap();
    assert!(shape.len() > 30, "{shape:?}");
    shape
}

/// The connection dies at every statement of a migration, one after another; in the short run at every fifth.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_that_dies_at_any_statement_is_completed_on_postgres() {
    let _beside = beside().await;
    let Some(cluster) = Cluster::start().await else { return };
    cluster.create_database("whole").await;
    migrate(&cluster.url("whole")).await.unwrap();
    let whole = shape(&cluster.url("whole")).await;
    let proxy = Proxy::start(cluster.socket()).await;
    let mut statement = 0;
    loop {
        statement += if is_long() { 1 } else { 5 };
        let name = format!("cut{statement}");
        cluster.create_database(&name).await;
        proxy.cut_at_statement(statement);
        let migrated = migrate(&proxy.url(&name)).await;
        let reached = proxy.statements() >= statement;
        proxy.let_through();
        if !reached {
            migrated.unwrap();
            break;
        }
        assert!(migrated.is_err(), "statement {statement} was cut");
        migrate(&proxy.url(&name)).await.unwrap_or_else(|error| panic!("after statement {statement}: {error}"));
        assert_eq!(shape(&cluster.url(&name)).await, whole, "after statement {statement}");
        cluster.sql("postgres", &format!("DROP DATABASE {name}")).await;
    }
    assert!(statement > 50, "only {statement} statements");
}

/// A process that dies leaves of what `SQLite` writes a beginning, of any length.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_that_dies_at_any_write_is_completed_on_sqlite() {
    let _beside = beside().await;
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    let url = |file: &Path| format!("sqlite:{}?mode=rwc", file.display());
    let whole = file("whole.db");
    // Held open, so that the log stays a log.
    let holder = Database::connect(url(&whole)).await.unwrap();
    holder.execute_unprepared("pragma journal_mode = wal; pragma wal_autocheckpoint = 0").await.unwrap();
    {
        use migration::{Migrator, MigratorTrait};
        Migrator::up(&holder, None).await.unwrap();
    }
    let (pages, log) = (fs::read(&whole).unwrap(), fs::read(file("whole.db-wal")).unwrap());
    let expected = shape(&url(&whole)).await;
    let frames = (log.len() - WAL_HEADER) / FRAME;
    assert!(frames > 60, "only {frames} pages written");
    // Cut between two pages and in the middle of one.
    for frame in (0..=frames).step_by(if is_long() { 1 } else { 5 }) {
        for bytes in [WAL_HEADER + frame * FRAME, WAL_HEADER + frame * FRAME + FRAME / 2] {
            let cut = file("cut.db");
            for rest in ["cut.db", "cut.db-wal", "cut.db-shm"] {
                let _ = fs::remove_file(file(rest));
            }
            fs::write(&cut, &pages).unwrap();
            fs::write(file("cut.db-wal"), &log[..bytes.min(log.len())]).unwrap();
            migrate(&url(&cut)).await.unwrap_or_else(|error| panic!("after {bytes} bytes: {error}"));
            assert_eq!(shape(&url(&cut)).await, expected, "after {bytes} bytes");
        }
    }
    holder.close().await.unwrap();
}

/// A database that the next version has expanded still serves this one; one whose history has parted does not.
async fn other_versions(db: TestDatabase) {
    let connection = Database::connect(&db.url).await.unwrap();
    let next = "insert into seaql_migrations (version, applied_at) values ('m20991231_000001_next', 0)";
    connection.execute_unprepared(next).await.unwrap();
    connection.execute_unprepared("alter table place add column next_year text").await.unwrap();
    migrate(&db.url).await.unwrap();
    let records = OurDatabase::connect(&DatabaseUrl::parse(&db.url).unwrap(), 2).await.unwrap().records().await;
    assert_eq!(records.unwrap().places.len(), 500);
    let lost = "delete from seaql_migrations where version like '%feed'";
    connection.execute_unprepared(lost).await.unwrap();
    let error = migrate(&db.url).await.unwrap_err();
    assert!(error.contains("do not follow each other") && error.contains("m20991231_000001_next"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_works_with_what_the_next_one_expands() {
    let _beside = beside().await;
    other_versions(TestDatabase::sqlite().await).await;
    if let Some(db) = TestDatabase::postgres().await {
        other_versions(db).await;
    }
}

/// Whoever comes while another migrates waits, and says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_held_migration_is_waited_for() {
    let _beside = beside().await;
    let Some(cluster) = Cluster::start().await else { return };
    cluster.create_database("held").await;
    let holder = Database::connect(cluster.url("held")).await.unwrap();
    let tx = sea_orm::TransactionTrait::begin(&holder).await.unwrap();
    tx.execute_unprepared("select pg_advisory_xact_lock(2054124135)").await.unwrap();
    let url = cluster.url("held");
    let waiting = tokio::spawn(async move { fill(url).await });
    let waits = "select pid::text from pg_locks where locktype = 'advisory' and not granted";
    while texts(&holder, waits).await.is_empty() {
        assert!(!waiting.is_finished());
    }
    assert!(!waiting.is_finished());
    tx.commit().await.unwrap();
    waiting.await.unwrap();
    assert_eq!(texts(&holder, "select count(*)::text from place").await, ["500"]);
}
