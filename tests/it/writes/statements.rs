//! What a provider states in seconds: patterns, exceptions, blocks, confirmation, waiting list, capacity.

use serde_json::{Value, json};
use zorgkaart::{auth::Subject, care::vocabulary::CareForm, graphql::id::GlobalId};

use super::{CHANGE, Own};
use crate::support::{
    databases::on_both_databases,
    service::{Answer, Service},
};

/// Sends one of the smaller changes.
async fn change(service: &Service, own: &Own, mutation: &str, input: Value) -> Answer {
    let mut letters = mutation.chars();
    let kind: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let answer = if mutation == "confirmPlaces" {
        "count places { id freshness confirmedAt }"
    } else {
        "version place { version capacity waitingList { length expectedWeeks updatedAt } }"
    };
    let query = format!("mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {answer} }} }}");
    service.ask_with(Some(&own.token), &query, json!({ "input": input })).await
}

on_both_databases! {
    async fn weekends_but_for_the_holidays_are_one_statement(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        own.set(&service, &own.nights("2027-03-01", "2027-03-31", 0)).await.data("/setAvailability/version");
        let period = json!({ "from": "2027-03-01", "to": "2027-03-31", "weekdays": ["FRIDAY", "SATURDAY"], "free": 2,
            "except": [{ "from": "2027-03-12", "to": "2027-03-13" }, { "from": "2027-03-27", "to": "2027-04-30" }] });
        let answer = own.set(&service, &json!({ "place": own.id, "periods": [period] })).await;
        let changed = answer.data("/setAvailability/changed");
        let ranges: Vec<(&str, &str)> =
            changed.as_array().unwrap().iter().map(|one| (one["from"].as_str().unwrap(), one["to"].as_str().unwrap())).collect();
        assert_eq!(
            ranges,
            [("2027-03-05", "2027-03-06"), ("2027-03-19", "2027-03-20"), ("2027-03-26", "2027-03-26")]
        );
        let free = own.free(&service, "2027-03-01", "2027-03-31").await;
        let open: Vec<&str> = free.iter().filter(|(_, free)| *free == 2).map(|(date, _)| date.as_str()).collect();
        assert_eq!(open, ["2027-03-05", "2027-03-06", "2027-03-19", "2027-03-20", "2027-03-26"]);
        // A block is a statement too, and without a slot it is of every part of the day.
        let block = json!({ "place": own.id, "periods": [{ "from": "2027-03-06", "to": "2027-03-19", "free": 0 }] });
        own.set(&service, &block).await.data("/setAvailability/version");
        let free = own.free(&service, "2027-03-01", "2027-03-31").await;
        let open: Vec<&str> = free.iter().filter(|(_, free)| *free == 2).map(|(date, _)| date.as_str()).collect();
        assert_eq!(open, ["2027-03-05", "2027-03-20", "2027-03-26"]);
    }

    async fn both_half_days_are_stated_at_once_and_wonen_from_a_date_on(db: TestDatabase) {
        let service = Service::start(db).await;
        let day = Own::of(&service, CareForm::Dagbesteding).await;
        let period = json!({ "from": "2027-03-01", "to": "2027-03-05", "free": 1 });
        let answer = day.set(&service, &json!({ "place": day.id, "periods": [period] })).await;
        assert_eq!(answer.json().get("errors"), None, "{}", answer.text);
        let free = day.free(&service, "2027-03-01", "2027-03-05").await;
        assert!(free.len() == 10 && free.iter().all(|(_, free)| *free == 1), "{free:?}");
        let home = Own::of(&service, CareForm::Wonen).await;
        let period = json!({ "from": "2027-06-01", "free": 1 });
        home.set(&service, &json!({ "place": home.id, "periods": [period] })).await.data("/setAvailability/version");
        // 400 days from today.
        let free = home.free(&service, "2027-06-01", "2028-01-05").await;
        assert!(free.len() == 219 && free.iter().all(|(_, free)| *free == 1), "{}", free.len());
    }

    async fn neighbours_that_were_stated_together_are_one_row(db: TestDatabase) {
        let url = db.url.clone();
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        // Night by night, on one day.
        own.set(&service, &own.nights("2027-03-01", "2027-03-31", 0)).await.data("/setAvailability/version");
        for day in 1..=9 {
            let date = format!("2027-03-0{day}");
            own.set(&service, &own.nights(&date, &date, 1)).await.data("/setAvailability/version");
        }
        let connection = sea_orm::Database::connect(&url).await.unwrap();
        let rows = super::rules::count(
            &connection,
            "select count(*) from availability where free = 1 and from_date = '2027-03-01' and to_date = '2027-03-09'",
        );
        assert_eq!(rows.await, 1);
    }

    async fn what_is_wrong_with_a_pattern_is_named(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let version = own.version(&service).await;
        let period = |changes: Value| {
            let mut period = json!({ "from": "2027-03-01", "to": "2027-03-31", "free": 1 });
            period.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            period
        };
        let range = |from: &str, to: &str| json!({ "from": from, "to": to });
        for (period, argument) in [
            (period(json!({ "to": "2027-03-02", "weekdays": ["SUNDAY"] })), "input.periods.0.from"),
            (period(json!({ "except": [range("2027-02-01", "2027-04-01")] })), "input.periods.0.from"),
            (period(json!({ "except": [range("2027-03-02", "2027-03-01")] })), "input.periods.0.except.0.to"),
            (period(json!({ "except": [range("soon", "2027-03-01")] })), "input.periods.0.except.0.from"),
            (period(json!({ "except": vec![range("2027-03-02", "2027-03-02"); 51] })), "input.periods.0.except"),
        ] {
            let answer = own.set(&service, &json!({ "place": own.id, "periods": [period] })).await;
            assert_eq!((answer.code(), answer.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{}", answer.text);
        }
        // Two patterns about one night.
        let twice = json!([period(json!({ "weekdays": ["FRIDAY", "SATURDAY"] })), period(json!({ "weekdays": ["SATURDAY"] }))]);
        let answer = own.set(&service, &json!({ "place": own.id, "periods": twice })).await;
        assert_eq!(answer.argument(), "input.periods.1.from");
        let apart = json!([period(json!({ "weekdays": ["FRIDAY"] })), period(json!({ "weekdays": ["SATURDAY"], "free": 0 }))]);
        let answer = own.set(&service, &json!({ "place": own.id, "periods": apart })).await;
        assert_eq!(answer.data("/setAvailability/version"), version + 1);
    }

    async fn one_word_makes_a_place_a_building_or_everything_fresh(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let provider = GlobalId::Provider(own.provider).to_string();
        let query = format!("{{ provider(id: \"{provider}\") {{ places(first: 100) {{ edges {{ node {{ id confirmedAt version
            location {{ postcode street houseNumber }} }} }} }} }} }}");
        let all = async || {
            let edges = service.ask(Some(&own.token), &query).await.data("/provider/places/edges");
            edges.as_array().unwrap().iter().map(|edge| edge["node"].clone()).collect::<Vec<_>>()
        };
        let before = all().await;
        let here = &before.iter().find(|place| place["id"] == own.id.as_str()).unwrap()["location"];
        let confirmed = |places: &[Value]| places.iter().filter(|place| place["confirmedAt"] == "2026-12-01T12:00:00Z").count();
        assert_eq!(confirmed(&before), 0);
        let done = change(&service, &own, "confirmPlaces", json!({ "place": own.id })).await.data("/confirmPlaces");
        assert_eq!(done["count"], 1);
        assert_eq!(done["places"][0]["freshness"], "FRESH");
        assert_eq!(confirmed(&all().await), 1);
        let building = before.iter().filter(|place| place["location"] == *here).count();
        let done = change(&service, &own, "confirmPlaces", json!({ "buildingOf": own.id })).await.data("/confirmPlaces");
        assert_eq!(done["count"], building);
        let done = change(&service, &own, "confirmPlaces", json!({ "provider": provider })).await.data("/confirmPlaces");
        assert_eq!(done["count"], before.len());
        let after = all().await;
        assert_eq!(confirmed(&after), before.len());
        assert!(after.iter().zip(&before).all(|(now, then)| now["version"].as_i64() > then["version"].as_i64()));
        // Of nobody else.
        let view = service.store.view(zorgkaart::auth::Scope::anonymous(), service.clock.now());
        let stranger = view.providers_by_name().map(|(_, id)| *id).find(|id| *id != own.provider).unwrap();
        let other = Own { token: service.token(&Subject::Provider(stranger)), ..own };
        for input in [json!({ "place": other.id }), json!({ "buildingOf": other.id }), json!({ "provider": provider })] {
            assert_eq!(change(&service, &other, "confirmPlaces", input).await.code(), "FORBIDDEN");
        }
        assert_eq!(all_versions(&after), all_versions(&service.ask(None, &query).await.data("/provider/places/edges")
            .as_array().unwrap().iter().map(|edge| edge["node"].clone()).collect::<Vec<_>>()));
        let nothing = json!({ "place": "place_00000000000000000000000000000000" });
        assert_eq!(change(&service, &other, "confirmPlaces", nothing).await.argument(), "input.place");
    }

    async fn a_waiting_list_is_stated_and_dated(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let version = own.version(&service).await;
        let input = json!({ "place": own.id, "length": 4, "expectedWeeks": 30, "expectedVersion": version });
        let done = change(&service, &own, "setWaitingList", input.clone()).await.data("/setWaitingList");
        assert_eq!(done["place"]["waitingList"], json!({ "length": 4, "expectedWeeks": 30, "updatedAt": "2026-12-01T12:00:00Z" }));
        assert_eq!(done["version"], version + 1);
        let late = change(&service, &own, "setWaitingList", input).await;
        assert_eq!((late.code(), &late.json()["errors"][0]["extensions"]["version"]), (json!("CONFLICT"), &json!(version + 1)));
        let unknown = change(&service, &own, "setWaitingList", json!({ "place": own.id })).await;
        let list = unknown.data("/setWaitingList/place/waitingList");
        assert_eq!((&list["length"], &list["expectedWeeks"]), (&Value::Null, &Value::Null));
        for (field, value) in [("length", -1), ("length", 1001), ("expectedWeeks", -1), ("expectedWeeks", 1001)] {
            let answer = change(&service, &own, "setWaitingList", json!({ "place": own.id, field: value })).await;
            assert_eq!(answer.argument(), format!("input.{field}"));
        }
    }

    async fn a_place_is_never_smaller_than_what_is_free(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        own.set(&service, &own.nights("2026-12-01", "2028-01-05", 0)).await.data("/setAvailability/version");
        own.set(&service, &own.nights("2027-03-05", "2027-03-06", 2)).await.data("/setAvailability/version");
        let version = own.version(&service).await;
        let smaller = change(&service, &own, "setCapacity", json!({ "place": own.id, "capacity": 1 })).await;
        assert_eq!((smaller.code(), smaller.argument()), (json!("BAD_USER_INPUT"), json!("input.capacity")));
        let message = smaller.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains("2 spots from 2027-03-05 to 2027-03-06 (NIGHT)"), "{message}");
        assert_eq!(own.version(&service).await, version);
        let done = change(&service, &own, "setCapacity", json!({ "place": own.id, "capacity": 2 })).await.data("/setCapacity");
        assert_eq!((&done["place"]["capacity"], &done["version"]), (&json!(2), &json!(version + 1)));
        // More than that cannot be free from then on.
        assert_eq!(own.set(&service, &own.nights("2027-03-05", "2027-03-06", 3)).await.argument(), "input.periods.0.free");
        for capacity in [0, -1, 1001] {
            let answer = change(&service, &own, "setCapacity", json!({ "place": own.id, "capacity": capacity })).await;
            assert_eq!(answer.argument(), "input.capacity");
        }
        let holder = service.holder("DEMO-0001").await;
        let answer = service.ask_with(Some(&holder), CHANGE, json!({ "input": own.nights("2027-03-05", "2027-03-06", 1) })).await;
        assert_eq!(answer.code(), "FORBIDDEN");
    }
}

fn all_versions(places: &[Value]) -> Vec<&Value> {
    places.iter().map(|place| &place["version"]).collect()
}
