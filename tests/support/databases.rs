//! One test, two databases.
//!
//! Every test has the demo of [`DEMO_DATE`] to itself: a copy of a template that is filled once.

use std::any::Any;

use chrono::NaiveDate;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use zorgkaart::store::{Database, DatabaseUrl};

use super::{postgres, watch};

/// The engine behind a [`TestDatabase`], for the few expectations that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// The date of the demo that every test database holds, and at which its clock stands: the README's.
pub(crate) const DEMO_DATE: NaiveDate = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();

/// A database that no other test sees; it goes when this value goes.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    pub(crate) engine: Engine,
    _guard: Box<dyn Any + Send + Sync>,
}

impl TestDatabase {
    /// A file and not `sqlite::memory:`, which is another database on every connection.
    pub(crate) async fn sqlite() -> Self {
        static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();

        watch::begin();
        let template = TEMPLATE.get_or_init(filled_file).await;
        let directory = temporary_directory();
        let file = directory.path().join("test.sqlite");
        std::fs::write(&file, template).expect("copy the template database");
        Self { url: sqlite_url(&directory), engine: Engine::Sqlite, _guard: Box::new(directory) }
    }

    /// One with nothing in it, not even tables.
    pub(crate) fn empty_sqlite() -> Self {
        watch::begin();
        let directory = temporary_directory();
        Self {
            url: format!("{}?mode=rwc", sqlite_url(&directory)),
            engine: Engine::Sqlite,
            _guard: Box::new(directory),
        }
    }

    /// One with nothing in it, not even tables; `None` as for [`Self::postgres`].
    pub(crate) async fn empty_postgres() -> Option<Self> {
        watch::begin();
        let database = postgres::create_empty_database(fill).await?;
        Some(Self { url: database.url.clone(), engine: Engine::Postgres, _guard: Box::new(database) })
    }

    /// `None` where `PostgreSQL` is not installed: see [`postgres::create_database`].
    pub(crate) async fn postgres() -> Option<Self> {
        watch::begin();
        let database = postgres::create_database(fill).await?;
        Some(Self { url: database.url.clone(), engine: Engine::Postgres, _guard: Box::new(database) })
    }
}

/// Fills an empty database.
pub(crate) async fn fill(url: String) {
    watch::begin();
    let url = DatabaseUrl::parse(&url).unwrap();
    let database = Database::connect(&url, 1).await.unwrap();
    database.migrate().await.unwrap();
    database.seed_reference().await.unwrap();
    database.seed_demo(DEMO_DATE, true).await.unwrap();
    database.close().await.unwrap();
}

/// The bytes of a filled database: writing them is quicker than filling one per test.
async fn filled_file() -> Vec<u8> {
    let directory = temporary_directory();
    fill(format!("{}?mode=rwc", sqlite_url(&directory))).await;
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
