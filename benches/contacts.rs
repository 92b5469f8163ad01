//! What the audit trail costs a protected read: 20 contacts through the store, which records who read them, against the
//! same statements without a record, on the demo in an `SQLite` file.
//!
//! `cargo bench --bench contacts` prints medians; `README.md` holds the table. The file is as the service opens it: what is
//! acknowledged is on the disk. A third figure is the smallest write that waits for the disk, to tell that wait from the rest.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot set up should stop")]

use std::{hint::black_box, path::Path};

use chrono::{NaiveDate, TimeDelta};
use criterion::{Criterion, criterion_group, criterion_main};
use entity::{contact, contact_expertise, contact_gemeente, contact_region, id::ContactId};
use sea_orm::{
    ColumnTrait, ConnectOptions, DatabaseConnection, EntityTrait, QueryFilter, QuerySelect, TransactionTrait,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;
use zorgkaart::{
    app,
    auth::{Keys, Scope, Standing, Subject},
    care::{freshness::FreshnessRule, vocabulary::ContactStatus},
    clock::Clock,
    config::Config,
    store::{Access, ContactQuery, Database, DatabaseLimits, DatabaseUrl, Store},
};

const START: NaiveDate = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
const PAGE: usize = 20;

/// Id, work postcode, name, function and organisation.
type Candidate = (ContactId, Option<String>, String, Option<String>, String);

/// The store of the demo in a file, and the holder of a passport.
async fn open(directory: &Path) -> (Store, Scope) {
    let filling = Database::connect(&file(directory), 1).await.unwrap();
    filling.migrate().await.unwrap();
    filling.seed_reference().await.unwrap();
    filling.seed_demo(START, true).await.unwrap();
    let holder = Subject::PassportHolder(filling.passport_by_number("DEMO-0001").await.unwrap().unwrap());
    let clock = Clock::standing_on(START);
    let database = filling.for_service(8, DatabaseLimits::default(), None).await.unwrap();
    let store = Store::open(database, FreshnessRule::default(), "local".into(), clock).await.unwrap();

    let config = Config { data_dir: directory.to_owned(), ..Config::default() };
    Keys::ensure(&directory.join("keys"), Uuid::now_v7).unwrap();
    let authority = app::authority(&config).unwrap();
    let token = authority.issue(&holder, clock.now(), TimeDelta::hours(1), Uuid::nil()).unwrap();
    let requester = authority.verify(&token, clock.now()).unwrap();
    (store, requester.into_scope(Standing::Confirmed))
}

fn file(directory: &Path) -> DatabaseUrl {
    DatabaseUrl::sqlite_file(&directory.join("bench.db"))
}

/// A connection of its own to the same file, with the settings of the service that bear on reading and writing.
async fn connect(directory: &Path) -> DatabaseConnection {
    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    let mut options = ConnectOptions::new(format!("sqlite:{}", directory.join("bench.db").display()));
    options.max_connections(1).map_sqlx_sqlite_opts(|sqlite| {
        sqlite.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full).foreign_keys(true)
    });
    sea_orm::Database::connect(options).await.unwrap()
}

/// What the store asks for a page of contacts: what decides about the order, then the page with all that hangs on it.
async fn read(connection: &DatabaseConnection) -> usize {
    let tx = connection.begin().await.unwrap();
    let mut order: Vec<Candidate> = contact::Entity::find()
        .select_only()
        .columns([
            contact::Column::Id,
            contact::Column::WorkPc4,
            contact::Column::Name,
            contact::Column::Function,
            contact::Column::Organisation,
        ])
        .filter(contact::Column::Status.eq(ContactStatus::Published))
        .into_tuple()
        .all(&tx)
        .await
        .unwrap();
    order.sort_unstable_by_key(|row| row.0);
    let ids: Vec<ContactId> = order.iter().take(PAGE).map(|row| row.0).collect();
    let contacts =
        contact::Entity::find().filter(contact::Column::Id.is_in(ids.iter().copied())).all(&tx).await.unwrap();
    let expertise = contact_expertise::Entity::find()
        .filter(contact_expertise::Column::ContactId.is_in(ids.iter().copied()))
        .all(&tx)
        .await
        .unwrap();
    let gemeenten = contact_gemeente::Entity::find()
        .filter(contact_gemeente::Column::ContactId.is_in(ids.iter().copied()))
        .all(&tx)
        .await
        .unwrap();
    let regions = contact_region::Entity::find()
        .filter(contact_region::Column::ContactId.is_in(ids.iter().copied()))
        .all(&tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(contacts.len(), PAGE);
    contacts.len() + expertise.len() + gemeenten.len() + regions.len()
}

/// The smallest write that there is: one number of one row. It has to be another one, since `SQLite` writes nothing where
/// nothing changes.
async fn write(connection: &DatabaseConnection, id: ContactId) {
    let tx = connection.begin().await.unwrap();
    let next = Expr::col(contact::Column::Version).add(1);
    contact::Entity::update_many()
        .col_expr(contact::Column::Version, next)
        .filter(contact::Column::Id.eq(id))
        .exec(&tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

fn contacts(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let (store, scope) = runtime.block_on(open(directory.path()));
    let connection = runtime.block_on(connect(directory.path()));
    let access = Access::default();
    let view = store.view(scope, Clock::standing_on(START).now());
    let query = ContactQuery { limit: Some(PAGE), ..ContactQuery::default() };
    let ask = || runtime.block_on(store.contacts(&view, &access, &query)).unwrap().unwrap();
    let page = ask();
    assert_eq!(page.contacts.len(), PAGE);
    let one = page.contacts[0].contact.id;
    let mut group = criterion.benchmark_group("20 contacts");
    group.bench_function("read and recorded", |bencher| bencher.iter(|| black_box(ask())));
    group.bench_function("read alone", |bencher| bencher.iter(|| black_box(runtime.block_on(read(&connection)))));
    group.bench_function("one row written", |bencher| bencher.iter(|| runtime.block_on(write(&connection, one))));
    group.finish();
}

criterion_group!(benches, contacts);
criterion_main!(benches);
