//! Two colleagues at one place.

use futures::future::join_all;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use zorgkaart::care::vocabulary::CareForm;

use super::Own;
use crate::support::{
    databases::{TestDatabase, on_both_databases},
    service::Service,
};

on_both_databases! {
    async fn of_many_who_have_seen_one_version_one_changes_it(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let version = own.version(&service).await;
        let inputs: Vec<_> = (0..20)
            .map(|n| {
                let mut input = own.nights("2027-03-05", "2027-03-06", n % 3);
                input["expectedVersion"] = json!(version);
                input
            })
            .collect();
        let answers = join_all(inputs.iter().map(|input| own.set(&service, input))).await;
        let won = answers.iter().filter(|answer| answer.json()["errors"].is_null()).count();
        assert_eq!(won, 1);
        for answer in answers.iter().filter(|answer| !answer.json()["errors"].is_null()) {
            assert_eq!(answer.status.as_u16(), 200);
            assert_eq!(answer.code(), "CONFLICT", "{}", answer.text);
            assert_eq!(answer.json()["errors"][0]["extensions"]["version"], version + 1);
        }
        assert_eq!(own.version(&service).await, version + 1);
    }

    async fn no_change_is_lost(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        own.set(&service, &own.nights("2027-03-01", "2027-03-31", 0)).await.data("/setAvailability/version");
        let version = own.version(&service).await;
        // Each has a night of its own, and tries until it was first.
        let days: Vec<String> = (1..=20).map(|day| format!("2027-03-{day:02}")).collect();
        join_all(days.iter().map(async |day| {
            let mut seen = version;
            loop {
                let mut input = own.nights(day, day, 1);
                input["expectedVersion"] = json!(seen);
                let answer = own.set(&service, &input).await;
                match answer.json()["errors"][0]["extensions"]["version"].as_i64() {
                    Some(now) => seen = now,
                    None => break answer.data("/setAvailability/version"),
                }
            }
        }))
        .await;
        let free = own.free(&service, "2027-03-01", "2027-03-31").await;
        let taken: Vec<&String> = free.iter().filter(|(_, free)| *free == 1).map(|(date, _)| date).collect();
        assert_eq!(taken, days.iter().collect::<Vec<_>>());
        assert_eq!(own.version(&service).await, version + 20);
    }
}

/// What was rolled back because of others is tried again, five times at most.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_others_rolled_back_is_tried_again() {
    let Some(db) = TestDatabase::postgres().await else { return };
    let connection = sea_orm::Database::connect(&db.url).await.unwrap();
    let service = Service::start(db).await;
    let own = Own::of(&service, CareForm::Logeren).await;
    let version = own.version(&service).await;
    // A sequence does not roll back, so it counts the tries.
    connection
        .execute_unprepared(
            "create sequence tries; create function fail() returns trigger language plpgsql as $$ begin \
             if nextval('tries') < 3 then raise exception 'later' using errcode = '40001'; end if; return new; end $$; \
             create trigger fail before insert on availability for each statement execute function fail()",
        )
        .await
        .unwrap();
    let answer = own.set(&service, &own.nights("2027-03-05", "2027-03-06", 2)).await;
    assert_eq!(answer.data("/setAvailability/version"), version + 1);
    let tries = async || {
        let sql = "select last_value from tries";
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    };
    assert_eq!(tries().await, 3);
    connection.execute_unprepared("alter sequence tries restart minvalue -1000 start -1000").await.unwrap();
    let answer = own.set(&service, &own.nights("2027-03-05", "2027-03-06", 1)).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (503, json!("UNAVAILABLE")), "{}", answer.text);
    assert_eq!(tries().await, -996, "five tries");
    assert_eq!(own.version(&service).await, version + 1);
}
