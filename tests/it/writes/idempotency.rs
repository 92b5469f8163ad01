//! A change that is sent again.

use std::sync::Arc;

use futures::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::json;
use zorgkaart::{auth::Subject, care::vocabulary::CareForm};

use super::{CHANGE, Own};
use crate::support::{databases::on_both_databases, service::Service};

on_both_databases! {
    async fn a_change_sent_again_happens_once(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let mut input = own.nights("2027-03-05", "2027-03-06", 2);
        input["idempotencyKey"] = json!("once");
        let first = own.set(&service, &input).await;
        let version = first.data("/setAvailability/version");
        // Others have changed it since: the answer is still that of the first time, but for the place as it is now.
        own.set(&service, &own.nights("2027-03-05", "2027-03-05", 1)).await.data("/setAvailability/version");
        let again = own.set(&service, &input).await;
        assert_eq!(again.data("/setAvailability/version"), version);
        assert_eq!(again.data("/setAvailability/changed"), first.data("/setAvailability/changed"));
        let free = own.free(&service, "2027-03-05", "2027-03-06").await;
        assert_eq!(free.iter().map(|(_, free)| *free).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(json!(own.version(&service).await), json!(version.as_i64().unwrap() + 1));
    }

    async fn a_key_stands_for_one_change_of_one_subject(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let mut input = own.nights("2027-03-05", "2027-03-06", 2);
        input["idempotencyKey"] = json!("mine");
        let version = own.set(&service, &input).await.data("/setAvailability/version").as_i64().unwrap();
        let mut other = own.nights("2027-03-05", "2027-03-06", 1);
        other["idempotencyKey"] = json!("mine");
        let answer = own.set(&service, &other).await;
        assert_eq!((answer.code(), answer.argument()), (json!("BAD_USER_INPUT"), json!("input.idempotencyKey")));
        // Somebody else's key of the same name is another key.
        let kenniscentrum = service.token(&Subject::Kenniscentrum);
        let answer = service.ask_with(Some(&kenniscentrum), CHANGE, json!({ "input": other })).await;
        assert_eq!(answer.data("/setAvailability/version"), version + 1);
        // What failed has used no key.
        let mut wrong = own.nights("2027-03-05", "2027-03-06", own.capacity + 1);
        wrong["idempotencyKey"] = json!("second");
        assert_eq!(own.set(&service, &wrong).await.code(), "BAD_USER_INPUT");
        wrong["periods"][0]["free"] = json!(0);
        assert_eq!(own.set(&service, &wrong).await.data("/setAvailability/version"), version + 2);
    }

    async fn a_key_expires(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let mut input = own.nights("2027-03-05", "2027-03-06", 2);
        input["idempotencyKey"] = json!("short");
        let version = own.set(&service, &input).await.data("/setAvailability/version").as_i64().unwrap();
        let expire = "update idempotency_key set expires_at = '2026-11-30T12:00:00Z'";
        connection.execute_unprepared(expire).await.unwrap();
        assert_eq!(own.set(&service, &input).await.data("/setAvailability/version"), version + 1);
        assert_eq!(own.set(&service, &input).await.data("/setAvailability/version"), version + 1);
    }

    async fn the_same_change_many_times_at_once_happens_once(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let db = Arc::new(db);
        let (one, other) = (Service::start(Arc::clone(&db)).await, Service::start(db).await);
        let own = Own::of(&one, CareForm::Logeren).await;
        let there = Own { token: other.token(&Subject::Provider(own.provider)), id: own.id.clone(), ..own };
        let mut input = own.nights("2027-03-05", "2027-03-06", 2);
        input["idempotencyKey"] = json!("crowd");
        // The second time the key is there and has expired.
        for _ in 0..2 {
            let version = own.version(&one).await;
            for answer in join_all((0..10).flat_map(|_| [own.set(&one, &input), there.set(&other, &input)])).await {
                assert_eq!(answer.data("/setAvailability/version"), version + 1);
            }
            one.store.catch_up().await.unwrap();
            assert_eq!(own.version(&one).await, version + 1);
            let expire = "update idempotency_key set expires_at = '2026-11-30T12:00:00Z'";
            connection.execute_unprepared(expire).await.unwrap();
        }
    }
}
