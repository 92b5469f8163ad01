//! The database: one history, the same rows and the same answers on both engines.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use zorgkaart::{
    app::{App, Filling},
    care::{demo, id::PlaceId, place::Place, shipped, snapshot::Snapshot},
    clock::Clock,
    config::Config,
    geo::{Cell, Point},
    store::{Database, DatabaseUrl},
};

use crate::support::databases::{DEMO_DATE, TestDatabase, on_both_databases};

async fn open(db: &TestDatabase) -> Database {
    Database::connect(&DatabaseUrl::parse(&db.url).unwrap(), 4).await.unwrap()
}

async fn raw(db: &TestDatabase) -> DatabaseConnection {
    sea_orm::Database::connect(&db.url).await.unwrap()
}

async fn count(connection: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// Everything of a place, in an order that does not depend on where it came from.
fn settled(mut place: Place) -> Place {
    place.claims.sort_by(|a, b| (&a.code, a.source).cmp(&(&b.code, b.source)));
    place.leveringsvormen.iter_mut().for_each(|known| known.sort());
    for one in place.vervoer.iter_mut().flatten() {
        one.postcodes.iter_mut().for_each(|list| list.sort());
        one.gemeenten.iter_mut().for_each(|list| list.sort());
    }
    place.vervoer.iter_mut().for_each(|all| all.sort_by_key(|one| one.id));
    place
}

fn places(snapshot: &Snapshot) -> BTreeMap<PlaceId, Place> {
    let facts = (0..).map_while(|ordinal| snapshot.facts(ordinal));
    facts.map(|facts| (facts.place.id, settled(facts.place.clone()))).collect()
}

on_both_databases! {
    async fn the_map_that_is_read_is_the_one_that_was_written(db: TestDatabase) {
        let reference = shipped::reference().unwrap();
        let made = demo::demo(&reference, 1, DEMO_DATE).unwrap();
        let records = open(&db).await.records().await.unwrap();
        assert_eq!(records.reference, reference);
        assert_eq!(records.agreements.len(), 6);
        let snapshot = Snapshot::build(records, DEMO_DATE);

        let written: BTreeMap<_, _> =
            made.bundles.iter().flat_map(|b| &b.places).map(|place| (place.id, settled(place.clone()))).collect();
        assert_eq!(places(&snapshot), written);
        for bundle in &made.bundles {
            assert_eq!(snapshot.provider(bundle.provider.id), Some(&bundle.provider));
        }
        let locations: BTreeMap<_, _> = made.bundles.iter().flat_map(|b| &b.locations).map(|l| (l.id, l)).collect();
        let groups: BTreeMap<_, _> = made.bundles.iter().flat_map(|b| &b.groups).map(|g| (g.id, g)).collect();
        for ordinal in 0..u32::try_from(snapshot.place_count()).unwrap() {
            let facts = snapshot.facts(ordinal).unwrap();
            let (mut read, mut made) = (facts.location.clone(), locations[&facts.location.id].clone());
            read.facilities.sort();
            made.facilities.sort();
            assert_eq!(read, made);
            let (mut read, mut made) = (facts.group.clone(), groups[&facts.group.id].clone());
            read.capabilities.sort();
            made.capabilities.sort();
            assert_eq!(read, made);
        }
    }

    async fn a_coarse_cell_is_one_range_of_stored_cells(db: TestDatabase) {
        let connection = raw(&db).await;
        let utrecht = Point::new(52.09, 5.12).unwrap();
        for resolution in [3_u8, 5, 6, 7] {
            let cell = Cell::at(utrecht, resolution.into()).unwrap();
            let range = cell.descendants();
            let sql = format!(
                "select count(*) from location where h3_cell between {} and {}", range.start(), range.end()
            );
            // Not the cell that holds the point: cells are hexagons and do not nest exactly. A descendant is one by
            // its index.
            let reference = shipped::reference().unwrap();
            let demo = demo::demo(&reference, 1, DEMO_DATE).unwrap();
            let expected = demo
                .bundles
                .iter()
                .flat_map(|bundle| &bundle.locations)
                .filter(|location| {
                    let at = h3o::LatLng::new(location.point.lat(), location.point.lng()).unwrap();
                    let parent = at.to_cell(h3o::Resolution::Fifteen).parent(resolution.try_into().unwrap());
                    parent.unwrap().to_string() == cell.to_string()
                })
                .count();
            assert_eq!(count(&connection, &sql).await, i64::try_from(expected).unwrap(), "resolution {resolution}");
        }
    }

    async fn filling_twice_at_once_fills_once(db: TestDatabase) {
        let connection = raw(&db).await;
        let before = count(&connection, "select count(*) from place").await;
        let fill = async || {
            let database = open(&db).await;
            database.migrate().await.unwrap();
            database.seed_reference().await.unwrap();
            database.seed_demo(DEMO_DATE, true).await.unwrap();
        };
        tokio::join!(fill(), fill(), fill());
        assert_eq!(count(&connection, "select count(*) from place").await, before);
        assert_eq!(count(&connection, "select count(*) from postcode").await, 4_086);
    }

    async fn the_database_refuses_what_cannot_be(db: TestDatabase) {
        let connection = raw(&db).await;
        let refused = [
            "update place set capacity = 0",
            "update place set care_form = 'ZOMAAR'",
            "update place set min_age = 20, max_age = 10",
            "update place set waiting_list_length = 3, waiting_list_updated_at = null",
            "update availability set free = -1",
            "update availability set to_date = '2020-01-01'",
            "update location set lat = 91",
            "update location set pc4 = '0000'",
            "update location set postcode = '99'",
            "update location set gemeente_code = 'GM9999'",
            "update vervoer set radius_km = 0",
            "update kwaliteitseis_claim set code = '9.z'",
            "update kwaliteitseis_claim set status = 'MISSCHIEN'",
            "update contact set consent_on = null where status = 'PUBLISHED'",
            "update passport set outcome = 'GEEN_ZEVMB'",
            "update passport set valid_until = null where outcome = 'VROEG_ZEVMB'",
            "update passport set number = 'DEMO-0001'",
            "update passport set revoked_reason = null where revoked_at is not null",
            "update passport_application set second_expert = first_expert where outcome is not null",
            "update audit_head set id = 2",
            "delete from provider",
            "delete from postcode",
        ];
        for sql in refused {
            assert!(connection.execute_unprepared(sql).await.is_err(), "{sql} was taken");
        }
    }
}

async fn up_and_down(db: TestDatabase) {
    use migration::{Migrator, MigratorTrait};
    let connection = raw(&db).await;
    Migrator::up(&connection, None).await.unwrap();
    Migrator::down(&connection, None).await.unwrap();
    let left = match connection.get_database_backend() {
        DbBackend::Postgres => "select count(*) from pg_tables where schemaname = 'public'",
        _ => "select count(*) from sqlite_master where type = 'table' and name not like 'sqlite_%'",
    };
    assert_eq!(count(&connection, left).await, 1, "only the migrator's own table is left");
    Migrator::up(&connection, None).await.unwrap();
    assert_eq!(count(&connection, "select seq from audit_head").await, 0);
}

#[tokio::test]
async fn the_history_goes_up_and_down_on_sqlite() {
    up_and_down(TestDatabase::empty_sqlite()).await;
}

#[tokio::test]
async fn the_history_goes_up_and_down_on_postgres() {
    if let Some(db) = TestDatabase::empty_postgres().await {
        up_and_down(db).await;
    }
}

/// A synthetic set arrives whole and once.
#[tokio::test]
async fn synthetic_places_are_added_once() {
    let db = TestDatabase::sqlite().await;
    let database = open(&db).await;
    let mut heard = Vec::new();
    database.seed_synthetic(3_000, DEMO_DATE, |written| heard.push(written)).await.unwrap();
    assert_eq!(heard.last(), Some(&3_000));
    assert!(heard.is_sorted());
    let connection = raw(&db).await;
    assert_eq!(count(&connection, "select count(*) from place").await, 3_500);
    assert!(database.seed_synthetic(10, DEMO_DATE, |_| {}).await.is_err());
    assert_eq!(count(&connection, "select count(*) from place").await, 3_500);
}

/// Several first starts at once, on one data directory and one database: one migrates and fills, all start.
async fn many_first_starts(db: TestDatabase) {
    let data_dir = tempfile::tempdir().unwrap();
    let start = || {
        let config =
            Config { database_url: Some(db.url.clone()), data_dir: data_dir.path().to_owned(), ..Config::default() };
        Box::pin(App::start(config, Filling::DemoOn(DEMO_DATE), Clock::standing_on(DEMO_DATE)))
    };
    let (first, second, third) = tokio::join!(start(), start(), start());
    for app in [first, second, third] {
        assert_eq!(app.unwrap().store.state().places, 500);
    }
    assert_eq!(count(&raw(&db).await, "select count(*) from place").await, 500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_first_starts_fill_once_on_sqlite() {
    many_first_starts(TestDatabase::empty_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_first_starts_fill_once_on_postgres() {
    if let Some(db) = TestDatabase::empty_postgres().await {
        many_first_starts(db).await;
    }
}
