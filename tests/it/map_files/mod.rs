//! The map as files: what a file does, what is wrong with it, and what goes out.

mod availability;
mod command_line;
mod export;
mod objects;
mod postcodes;

use std::{fmt::Display, fs::File, io::Write};

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use zorgkaart::{
    auth::Scope,
    care::file::{Columns, Mistake, Report},
    store::{Access, ImportError, ImportOptions, Phase, View},
};

use crate::support::{databases::TestDatabase, service::Service};

/// All rows or none.
const ALL: ImportOptions = ImportOptions { dry_run: false, partial: false };
/// Only looking.
const DRY: ImportOptions = ImportOptions { dry_run: true, partial: false };
/// The good rows without the bad ones.
const PARTIAL: ImportOptions = ImportOptions { dry_run: false, partial: true };

/// What came of a file.
#[derive(Debug, PartialEq, Eq)]
struct Came {
    applied: bool,
    /// Rows, new, changed, unchanged, bad.
    counts: [u32; 5],
    /// Line, column (`-`: none) and reason.
    mistakes: Vec<(u32, String, String)>,
    warnings: Vec<(u32, String, String)>,
}

impl Came {
    fn of<C: Columns, R: Display>(report: Report<C, R>) -> Self {
        let Report { applied, rows, created, updated, unchanged, bad, .. } = report;
        let told = |all: Vec<Mistake<C, R>>| {
            let column = |column: Option<C>| column.map_or("-", Columns::name).to_owned();
            all.into_iter().map(|one| (one.line, column(one.column), one.reason.to_string())).collect()
        };
        let counts = [rows, created, updated, unchanged, bad];
        assert_eq!(rows, created + updated + unchanged + bad, "the numbers add up");
        Self { applied, counts, mistakes: told(report.mistakes), warnings: told(report.warnings) }
    }

    /// Checks that these are all mistakes: line, column and a part of the reason.
    fn has(&self, expected: &[(u32, &str, &str)]) {
        assert_eq!(self.mistakes.len(), expected.len(), "{:#?}", self.mistakes);
        for ((line, column, reason), found) in expected.iter().zip(&self.mistakes) {
            assert!(*line == found.0 && *column == found.1 && found.2.contains(reason), "{found:?}: {reason}");
        }
    }
}

/// A service, and the operator with files.
struct Files {
    service: Service,
    database: DatabaseConnection,
}

impl Files {
    async fn of(db: TestDatabase) -> Self {
        let database = sea_orm::Database::connect(&db.url).await.unwrap();
        Self { service: Service::start(db).await, database }
    }

    /// The map as the operator sees it.
    fn view(&self) -> View {
        self.service.store.view(Scope::operator(), self.service.clock.now())
    }

    async fn postcodes(&self, file: impl AsRef<[u8]>, options: ImportOptions) -> Came {
        let (store, view, access) = (&self.service.store, self.view(), Access::default());
        Came::of(store.import_postcodes(&view, &access, &opened(file), options, &silent).await.unwrap())
    }

    async fn availability(&self, file: impl AsRef<[u8]>, options: ImportOptions) -> Came {
        let (store, view, access) = (&self.service.store, self.view(), Access::default());
        Came::of(store.import_availability(&view, &access, &opened(file), options, &silent).await.unwrap())
    }

    async fn count(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.database.get_database_backend(), sql);
        self.database.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    /// How many entries the change feed has, and how many records of an import the trail.
    async fn told(&self, purpose: &str) -> (i64, i64) {
        let records = format!("select count(*) from audit_event where purpose = '{purpose}' and actor = 'operator'");
        (self.count("select count(*) from change").await, self.count(&records).await)
    }
}

/// Hears nothing.
fn silent(_: Phase, _: u64) {}

/// A file with this in it.
fn opened(text: impl AsRef<[u8]>) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_ref()).unwrap();
    file
}

/// Nobody else may import anything of the map.
#[tokio::test]
async fn files_of_the_map_are_for_the_operator() {
    let files = Files::of(TestDatabase::sqlite().await).await;
    let file = opened("pc4\n");
    let view = files.service.store.view(Scope::anonymous(), files.service.clock.now());
    let asked = files.service.store.import_postcodes(&view, &Access::default(), &file, ALL, &silent).await;
    assert!(matches!(asked, Err(ImportError::Denied(_))));
}
