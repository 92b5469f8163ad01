//! What may be stated, by whom, and what it leaves.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use zorgkaart::{auth::Subject, care::vocabulary::CareForm};

use super::{CHANGE, Own};
use crate::support::{
    databases::{DEMO_DATE, on_both_databases},
    service::Service,
};

pub(crate) async fn count(connection: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

on_both_databases! {
    async fn what_is_stated_is_found_by_the_next_search(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let stay = format!(
            "{{ placesNear(near: {{ postcode: \"3511\" }}, filter: {{ provider: \"{}\", stay: {{ arrive: \"2027-03-05\", \
             depart: \"2027-03-07\", spots: 2 }} }}, first: 100) {{ edges {{ node {{ id }} }} }} }}",
            zorgkaart::graphql::id::GlobalId::Provider(own.provider)
        );
        let found = async || {
            let answer = service.ask(Some(&own.token), &stay).await;
            answer.data("/placesNear/edges").to_string().contains(&own.id)
        };
        own.set(&service, &own.nights("2027-03-01", "2027-03-31", 0)).await.data("/setAvailability/version");
        assert!(!found().await);
        let before = own.version(&service).await;
        let answer = own.set(&service, &own.nights("2027-03-05", "2027-03-06", 2)).await;
        assert_eq!(answer.data("/setAvailability/version"), before + 1);
        assert_eq!(answer.data("/setAvailability/place/version"), before + 1);
        assert_eq!(
            answer.data("/setAvailability/changed"),
            json!([{ "slot": "NIGHT", "from": "2027-03-05", "to": "2027-03-06", "before": 0, "free": 2 }])
        );
        assert!(found().await);
        // What was stated around it stays.
        let free = own.free(&service, "2027-03-03", "2027-03-09").await;
        assert_eq!(free.iter().map(|(_, free)| *free).collect::<Vec<_>>(), [0, 0, 2, 2, 0, 0, 0]);
        // The same again changes nothing but the version.
        let again = own.set(&service, &own.nights("2027-03-05", "2027-03-06", 2)).await;
        assert_eq!(again.data("/setAvailability/changed"), json!([]));
        own.set(&service, &own.nights("2027-03-06", "2027-03-06", 1)).await.data("/setAvailability/version");
        assert!(!found().await);
    }

    async fn what_breaks_a_rule_changes_nothing(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let (version, free) = (own.version(&service).await, own.free(&service, "2026-12-01", "2027-12-31").await);
        let period = |slot: &str, from: &str, to: &str, free: i64| {
            json!({ "slot": slot, "from": from, "to": to, "free": free })
        };
        let good = period("NIGHT", "2026-12-10", "2026-12-10", 1);
        let input = |periods: Value| json!({ "place": own.id, "periods": periods });
        let cases = [
            (input(json!([good, period("NIGHT", "2026-12-12", "2026-12-13", own.capacity + 1)])), "input.periods.1.free"),
            (input(json!([period("NIGHT", "2026-12-12", "2026-12-13", -1)])), "input.periods.0.free"),
            (input(json!([period("MORNING", "2026-12-12", "2026-12-13", 1)])), "input.periods.0.slot"),
            (input(json!([good, period("NIGHT", "2026-12-09", "2026-12-11", 1)])), "input.periods.1.from"),
            (input(json!([period("NIGHT", "2026-11-30", "2026-12-13", 1)])), "input.periods.0.from"),
            (input(json!([period("NIGHT", "2026-12-13", "2026-12-12", 1)])), "input.periods.0.to"),
            (input(json!([period("NIGHT", "2026-12-13", "2028-01-06", 1)])), "input.periods.0.to"),
            (input(json!([period("NIGHT", "2026-12-13", "later", 1)])), "input.periods.0.to"),
            (input(json!([])), "input.periods"),
            (input(json!(vec![good.clone(); 101])), "input.periods"),
            (json!({ "place": "place_1", "periods": [good] }), "input.place"),
            (json!({ "place": "place_00000000000000000000000000000000", "periods": [good] }), "input.place"),
            (json!({ "place": own.id, "periods": [good], "idempotencyKey": "" }), "input.idempotencyKey"),
            (json!({ "place": own.id, "periods": [good], "idempotencyKey": "a b" }), "input.idempotencyKey"),
            (json!({ "place": own.id, "periods": [good], "idempotencyKey": "x".repeat(65) }), "input.idempotencyKey"),
        ];
        for (input, argument) in cases {
            let answer = own.set(&service, &input).await;
            assert_eq!((answer.code(), answer.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{}", answer.text);
        }
        assert_eq!(own.version(&service).await, version);
        assert_eq!(own.free(&service, "2026-12-01", "2027-12-31").await, free);
    }

    async fn only_the_own_provider_and_the_kenniscentrum_state(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let version = own.version(&service).await;
        let view = service.store.view(zorgkaart::auth::Scope::anonymous(), service.clock.now());
        let stranger = view.providers_by_name().map(|(_, id)| *id).find(|id| *id != own.provider).unwrap();
        let others = [
            (None, "UNAUTHENTICATED"),
            (Some(service.holder("DEMO-0001").await), "FORBIDDEN"),
            (Some(service.token(&Subject::Provider(stranger))), "FORBIDDEN"),
            (Some(service.token(&Subject::Zorgkantoor(vec!["ZK23".into()]))), "FORBIDDEN"),
        ];
        // A version that is not right says nothing to somebody who may not know.
        let mut input = own.nights("2027-03-05", "2027-03-06", 2);
        input["expectedVersion"] = json!(-7);
        for (token, code) in others {
            let answer = service.ask_with(token.as_deref(), CHANGE, json!({ "input": input })).await;
            assert_eq!(answer.code(), code, "{}", answer.text);
            assert_eq!(answer.json()["data"], json!({ "setAvailability": null }));
        }
        assert_eq!(own.version(&service).await, version);
        assert_eq!(count(&connection, "select count(*) from audit_event where event_type = 'update'").await, 0);
        let kenniscentrum = service.token(&Subject::Kenniscentrum);
        let input = own.nights("2027-03-05", "2027-03-06", 2);
        let answer = service.ask_with(Some(&kenniscentrum), CHANGE, json!({ "input": input })).await;
        assert_eq!(answer.data("/setAvailability/version"), version + 1);
    }

    async fn a_change_is_recorded_or_not_made(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        own.set(&service, &own.nights("2027-03-05", "2027-03-06", 2)).await.data("/setAvailability/version");
        let sql = "select purpose, objects, actor_role, operation_name, hash from audit_event where event_type = 'update'";
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let events = connection.query_all_raw(statement).await.unwrap();
        assert_eq!(events.len(), 1);
        let objects: Value = events[0].try_get_by_index(1).unwrap();
        let id = own.place.0.simple().to_string();
        assert_eq!(objects, json!([{ "type": "place", "id": id, "fields": ["availability"] }]));
        assert_eq!(events[0].try_get_by_index::<String>(0).unwrap(), "setAvailability");
        assert_eq!(events[0].try_get_by_index::<String>(2).unwrap(), "PROVIDER");
        assert_eq!(count(&connection, &format!("select count(*) from change where entity_id = '{id}'")).await, 1);

        let version = own.version(&service).await;
        connection.execute_unprepared("alter table audit_event rename to audit_away").await.unwrap();
        let answer = own.set(&service, &own.nights("2027-03-05", "2027-03-06", 1)).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (503, json!("UNAVAILABLE")), "{}", answer.text);
        connection.execute_unprepared("alter table audit_away rename to audit_event").await.unwrap();
        service.store.catch_up().await.unwrap();
        assert_eq!(own.version(&service).await, version);
        assert!(own.free(&service, "2027-03-05", "2027-03-06").await.iter().all(|(_, free)| *free == 2));
        assert_eq!(count(&connection, &format!("select count(*) from change where entity_id = '{id}'")).await, 1);
    }

    async fn many_statements_leave_what_was_said_last_of_each_day(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let day = |n: u64| DEMO_DATE.checked_add_days(Days::new(n)).unwrap();
        let mut said: BTreeMap<NaiveDate, i64> = own
            .free(&service, "2026-12-01", "2027-12-31")
            .await
            .into_iter()
            .map(|(date, free)| (date.parse().unwrap(), free))
            .collect();
        // A fixed walk through overlapping periods: short and long, two at a time, inside and across each other.
        for step in 0..60_u64 {
            let (from, length, free) = (step * 37 % 90, step * 13 % 25, i64::try_from(step % 3).unwrap());
            let apart = from + length + 1 + step % 4;
            let periods = [(from, from + length, free), (apart, apart + step % 7, 2 - free)];
            let json_of = |(from, to, free): (u64, u64, i64)| {
                json!({ "slot": "NIGHT", "from": day(from).to_string(), "to": day(to).to_string(), "free": free })
            };
            let input = json!({ "place": own.id, "periods": periods.map(json_of) });
            own.set(&service, &input).await.data("/setAvailability/version");
            for (from, to, free) in periods {
                said.extend((from..=to).map(|n| (day(n), free)));
            }
        }
        let expected: Vec<(String, i64)> = said.iter().map(|(date, free)| (date.to_string(), *free)).collect();
        assert_eq!(own.free(&service, "2026-12-01", "2027-12-31").await, expected);
        // No date is in two rows.
        let overlaps = "select count(*) from availability a join availability b on a.place_id = b.place_id \
             and a.slot = b.slot and a.from_date < b.from_date and b.from_date <= a.to_date";
        assert_eq!(count(&connection, overlaps).await, 0);
    }
}
