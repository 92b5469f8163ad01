//! Who sees a change: another service on the same database, and those that were made beside every service.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait, DbBackend, TransactionTrait};
use serde_json::json;
use zorgkaart::care::vocabulary::CareForm;

use super::Own;
use crate::support::{databases::on_both_databases, service::Service};

/// Far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(30);

async fn until(mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async { while !holds().await {} };
    tokio::time::timeout(PATIENCE, waiting).await.expect("it does not come");
}

on_both_databases! {
    async fn another_service_sees_a_change(db: TestDatabase) {
        let db = Arc::new(db);
        let (one, other) = (Service::start(Arc::clone(&db)).await, Service::start(db).await);
        let own = Own::of(&one, CareForm::Logeren).await;
        own.set(&one, &own.nights("2027-03-05", "2027-03-06", 2)).await.data("/setAvailability/version");
        let there = Own { token: other.token(&zorgkaart::auth::Subject::Provider(own.provider)), ..own };
        until(async || there.free(&other, "2027-03-05", "2027-03-06").await.iter().all(|(_, free)| *free == 2)).await;
        assert_eq!(there.version(&other).await, there.version(&one).await);
        let [one, other] = [&one, &other].map(|service| service.store.state());
        assert_eq!((one.places, one.loads, other.loads), (500, 1, 1), "one place was read, not the map");
        assert_eq!((one.overlay_places, other.overlay_places), (0, 0), "nights were set where the place lies");
    }

    async fn what_is_withdrawn_goes_and_what_is_renamed_has_its_name(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let quoted = |id: uuid::Uuid| match connection.get_database_backend() {
            DbBackend::Postgres => format!("'{id}'"),
            _ => format!("x'{}'", id.simple()),
        };
        let (place, provider) = (quoted(own.place.0), quoted(own.provider.0));
        let tell = format!(
            "insert into change (entity, entity_id, occurred_at, provider_id) \
             values ('PLACE', '', current_timestamp, {provider})"
        );
        let change = async |sql: String| {
            let both = format!("begin; {sql}; {tell}; commit");
            connection.execute_unprepared(&both).await.unwrap();
            service.store.catch_up().await.unwrap();
        };
        change(format!("update provider set name = 'Aardig Zorghuis' where id = {provider}")).await;
        let first = service.ask(None, "{ providers(first: 1) { edges { node { name } } } }").await;
        assert_eq!(first.data("/providers/edges/0/node/name"), "Aardig Zorghuis");
        change(format!("update place set withdrawn_at = '2026-12-01T12:00:00Z' where id = {place}")).await;
        let gone = service.ask(None, &format!("{{ place(id: \"{}\") {{ id }} }}", own.id)).await;
        assert_eq!(gone.data("/place"), json!(null));
        let answer = own.set(&service, &own.nights("2027-03-05", "2027-03-06", 2)).await;
        assert_eq!((answer.code(), answer.argument()), (json!("BAD_USER_INPUT"), json!("input.place")));
        assert_eq!(service.store.state().places, 499);
        change(format!("update place set withdrawn_at = null where id = {place}")).await;
        assert_eq!(service.store.state().places, 500);
        change(format!("update provider set withdrawn_at = '2026-12-01T12:00:00Z' where id = {provider}")).await;
        assert!(service.store.state().places < 500);
        let first = service.ask(None, "{ providers(first: 1) { edges { node { name } } } }").await;
        assert_ne!(first.data("/providers/edges/0/node/name"), "Aardig Zorghuis");
    }

    async fn a_map_that_was_filled_beside_is_read_whole(db: TestDatabase) {
        let url = zorgkaart::store::DatabaseUrl::parse(&db.url).unwrap();
        let service = Service::start(db).await;
        let beside = zorgkaart::store::Database::connect(&url, 2).await.unwrap();
        beside.seed_synthetic(2_000, crate::support::databases::DEMO_DATE, |_| {}).await.unwrap();
        until(async || service.store.state().places == 2_500).await;
        assert_eq!(service.store.state().loads, 2);
        // Changes after that are read one by one again.
        let own = Own::of(&service, CareForm::Logeren).await;
        own.set(&service, &own.nights("2027-03-05", "2027-03-06", 2)).await.data("/setAvailability/version");
        assert_eq!(service.store.state().loads, 2);
        assert_eq!(own.free(&service, "2027-03-05", "2027-03-06").await.len(), 2);
    }

    async fn what_came_with_a_dump_of_another_server_is_no_news(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        if connection.get_database_backend() != DbBackend::Postgres {
            return;
        }
        connection
            .execute_unprepared("insert into change (entity, entity_id, xid) values ('MAP', '', 1::bigint << 60)")
            .await
            .unwrap();
        for _ in 0..3 {
            service.store.catch_up().await.unwrap();
        }
        assert_eq!(service.store.state().loads, 1);
    }

    async fn the_whole_map_is_read_once_while_an_older_transaction_is_open(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        if connection.get_database_backend() != DbBackend::Postgres {
            return;
        }
        let older = connection.begin().await.unwrap();
        older.execute_unprepared("select pg_current_xact_id()").await.unwrap();
        connection.execute_unprepared("insert into change (entity, entity_id) values ('MAP', '')").await.unwrap();
        for _ in 0..3 {
            service.store.catch_up().await.unwrap();
        }
        assert_eq!(service.store.state().loads, 2);
        older.rollback().await.unwrap();
    }

    async fn without_its_read_replica_the_map_comes_from_the_primary(db: TestDatabase) {
        let url = zorgkaart::store::DatabaseUrl::parse(&db.url).unwrap();
        let database = zorgkaart::store::Database::connect(&url, 2).await.unwrap();
        let away = zorgkaart::store::DatabaseUrl::parse("postgres://nobody@127.0.0.1:1/zorgkaart").unwrap();
        let limits = zorgkaart::store::DatabaseLimits::default();
        let database = database.for_service(2, limits, Some(away)).await.unwrap();
        assert_eq!(database.records().await.unwrap().places.len(), 500);
    }

    async fn many_changes_are_merged_and_very_many_are_read_whole(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let url = zorgkaart::store::DatabaseUrl::parse(&db.url).unwrap();
        let beside = zorgkaart::store::Database::connect(&url, 2).await.unwrap();
        beside.seed_synthetic(4_000, crate::support::databases::DEMO_DATE, |_| {}).await.unwrap();
        let service = Service::start(db).await;
        let rename = async |providers: u32| {
            let chosen = format!("select id from provider order by id limit {providers}");
            let sql = format!(
                "begin; update provider set name = 'Hernoemd' where id in ({chosen}); \
                 insert into change (entity, entity_id, occurred_at, provider_id) \
                 select 'PLACE', '', current_timestamp, id from ({chosen}) as chosen; commit"
            );
            connection.execute_unprepared(&sql).await.unwrap();
        };
        // More than may lie over the large snapshot: both become one, without reading the map again.
        rename(400).await;
        service.store.catch_up().await.unwrap();
        until(async || service.store.state().overlay_places == 0).await;
        let state = service.store.state();
        assert_eq!((state.places, state.loads), (4_500, 1));
        let own = Own::of(&service, CareForm::Logeren).await;
        own.set(&service, &own.nights("2027-03-05", "2027-03-06", 2)).await.data("/setAvailability/version");
        let free = own.free(&service, "2027-03-05", "2027-03-06").await;
        assert!(free.iter().all(|(_, free)| *free == 2));
        // More than are read one by one.
        rename(600).await;
        service.store.catch_up().await.unwrap();
        let state = service.store.state();
        assert_eq!((state.places, state.loads, state.overlay_places), (4_500, 2, 0));
        assert_eq!(own.free(&service, "2027-03-05", "2027-03-06").await, free);
    }
}
