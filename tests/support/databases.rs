//! One test, two databases.

use std::any::Any;

use migration::{Migrator, MigratorTrait};
use sea_orm::{Database, DatabaseConnection, DbErr};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::postgres;

/// The engine behind a [`TestDatabase`], for the few expectations that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A migrated database that no other test sees; it goes when this value goes.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    pub(crate) engine: Engine,
    _guard: Box<dyn Any + Send + Sync>,
}

impl TestDatabase {
    /// A file and not `sqlite::memory:`, which is another database on every connection.
    pub(crate) async fn sqlite() -> Self {
        static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();

        let template = TEMPLATE.get_or_init(migrated_file).await;
        let directory = temporary_directory();
        let file = directory.path().join("test.sqlite");
        std::fs::write(&file, template).expect("copy the template database");
        Self {
            url: sqlite_url(&directory),
            engine: Engine::Sqlite,
            _guard: Box::new(directory),
        }
    }

    /// `None` where `PostgreSQL` is not installed: see [`postgres::create_database`].
    pub(crate) async fn postgres() -> Option<Self> {
        let database = postgres::create_database(migrate).await?;
        Some(Self {
            url: database.url.clone(),
            engine: Engine::Postgres,
            _guard: Box::new(database),
        })
    }
}

async fn migrate(connection: &DatabaseConnection) -> Result<(), DbErr> {
    Migrator::up(connection, None).await
}

/// The bytes of a migrated database: writing them is quicker than migrating once per test.
async fn migrated_file() -> Vec<u8> {
    let directory = temporary_directory();
    let url = format!("{}?mode=rwc", sqlite_url(&directory));
    let connection = Database::connect(url).await.expect("create the template");
    migrate(&connection).await.expect("migrate the template");
    connection.close().await.expect("close the template");
    std::fs::read(directory.path().join("test.sqlite")).expect("read the template")
}

fn temporary_directory() -> TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

fn sqlite_url(directory: &TempDir) -> String {
    let directory = postgres::percent_encode(directory.path());
    format!("sqlite://{directory}/test.sqlite")
}

/// Turns each `async fn name(db: TestDatabase)` into the tests `name::sqlite` and `name::postgres`.
///
/// Attributes stay with the function; the tests get none of them.
macro_rules! on_both_databases {
    ($(
        $(#[$attribute:meta])*
        async fn $name:ident($database:ident: TestDatabase) $body:block
    )+) => {$(
        $(#[$attribute])*
        async fn $name($database: $crate::support::databases::TestDatabase) $body

        mod $name {
            use $crate::support::databases::TestDatabase;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(TestDatabase::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(database) = TestDatabase::postgres().await {
                    super::$name(database).await;
                }
            }
        }
    )+};
}
pub(crate) use on_both_databases;
