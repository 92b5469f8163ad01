//! Freshness as work: what waits to be confirmed, how often parents look, what falls in rank, and what providers are told.

use std::{cmp::Reverse, collections::BTreeMap};

use serde_json::{Value, json};
use zorgkaart::{
    auth::{Scope, Subject},
    care::{
        demo::demo,
        id::{PlaceId, ProviderId},
        shipped::reference,
    },
    graphql::id::GlobalId,
};

use crate::{
    command_line::{fails, run},
    support::{
        databases::{DEMO_DATE, on_both_databases},
        program::program,
        service::Service,
    },
};

const QUEUE: &str =
    "query($provider: ID, $region: String, $first: Int, $after: String) { staleQueue(provider: $provider,
    region: $region, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node {
    daysSinceConfirmed looks score place { id freshness phoneFirst confirmedAt location { region { code } } } } } } }";

/// The whole queue, in pages of so many.
async fn queue(service: &Service, token: &str, asked: Value, first: usize) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let mut variables = asked.clone();
        variables["first"] = json!(first);
        variables["after"] = after;
        let page = service.ask_with(Some(token), QUEUE, variables).await.data("/staleQueue");
        all.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], all.len());
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// The places of the demo with whose they are and how many days ago they were confirmed at noon of its date.
fn places() -> BTreeMap<String, (ProviderId, Option<i64>)> {
    let noon = DEMO_DATE.and_hms_opt(12, 0, 0).unwrap().and_utc();
    let bundles = demo(&reference().unwrap(), 1, DEMO_DATE).unwrap().bundles;
    let of = |id: PlaceId| GlobalId::Place(id).to_string();
    bundles
        .iter()
        .flat_map(|bundle| bundle.places.iter().map(|place| (bundle.provider.id, place)))
        .map(|(provider, place)| (of(place.id), (provider, place.confirmed_at.map(|at| (noon - at).num_days()))))
        .collect()
}

async fn look(service: &Service, token: Option<&str>, place: &str, times: usize) {
    for _ in 0..times {
        service.ask(token, &format!("{{ place(id: \"{place}\") {{ id }} }}")).await.data("/place/id");
    }
    service.store.write_looks().await.unwrap();
}

on_both_databases! {
    async fn what_waits_is_in_the_order_of_age_and_looks(db: TestDatabase) {
        let service = Service::start(db).await;
        let kenniscentrum = service.token(&Subject::Kenniscentrum);
        let all = places();
        let found = queue(&service, &kenniscentrum, json!({}), 100).await;
        // A second reading: nothing was looked at yet, so age alone decides; what was never confirmed is a year old.
        let waits = all.iter().filter(|(_, (_, days))| days.is_none_or(|days| days >= 14));
        let mut expected: Vec<(Reverse<i64>, &String)> =
            waits.map(|(id, (_, days))| (Reverse(days.unwrap_or(365)), id)).collect();
        expected.sort_unstable();
        let ids: Vec<&str> = found.iter().map(|one| one["place"]["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected.iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>());
        for one in &found {
            let (_, days) = all[one["place"]["id"].as_str().unwrap()];
            assert_eq!((&one["daysSinceConfirmed"], &one["looks"]), (&json!(days), &Value::Null));
            assert_eq!(one["score"], days.unwrap_or(365));
            assert_eq!(one["place"]["phoneFirst"], days.is_none_or(|days| days >= 90));
            assert_ne!(one["place"]["freshness"], "FRESH");
        }
        assert_eq!(queue(&service, &kenniscentrum, json!({}), 17).await, found);
        let region = found[0]["place"]["location"]["region"]["code"].clone();
        let there: Vec<Value> =
            found.iter().filter(|one| one["place"]["location"]["region"]["code"] == region).cloned().collect();
        assert_eq!(queue(&service, &kenniscentrum, json!({ "region": region }), 100).await, there);
    }

    async fn looks_of_holders_count_from_three_on_and_those_of_others_never(db: TestDatabase) {
        let service = Service::start(db).await;
        let (kenniscentrum, holder) = (service.token(&Subject::Kenniscentrum), service.holder("DEMO-0001").await);
        let before = queue(&service, &kenniscentrum, json!({}), 100).await;
        let last = before.last().unwrap();
        let place = last["place"]["id"].as_str().unwrap();
        let seen = async || {
            let found = queue(&service, &kenniscentrum, json!({}), 100).await;
            let at = found.iter().position(|one| one["place"]["id"] == place).unwrap();
            (at, found[at]["looks"].clone(), found[at]["score"].clone())
        };
        let days = last["daysSinceConfirmed"].as_i64().unwrap();
        // Anybody, staff, and a holder whose passport has ended.
        for token in [None, Some(kenniscentrum.as_str()), Some(service.holder("DEMO-0002").await.as_str())] {
            look(&service, token, place, 4).await;
        }
        look(&service, Some(&holder), place, 2).await;
        // Two are too few to be shown, and the order does not tell them either.
        assert_eq!(seen().await, (before.len() - 1, Value::Null, json!(days)));
        look(&service, Some(&holder), place, 1).await;
        let (at, looks, score) = seen().await;
        assert_eq!((looks, score), (json!(3), json!(days * 4)));
        assert!(at < before.len() - 1);
        // By `node` too, and in the first page of a search; not in the pages after it.
        service.ask(Some(&holder), &format!("{{ node(id: \"{place}\") {{ __typename }} }}")).await.data("/node");
        service.store.write_looks().await.unwrap();
        assert_eq!(seen().await.1, 4);
        let mut after = "null".to_owned();
        for _ in 0..6 {
            let search = format!(
                "{{ placesNear(near: {{ postcode: \"3511\" }}, first: 100, after: {after}) {{ pageInfo {{ endCursor }} }} }}"
            );
            let cursor = service.ask(Some(&holder), &search).await.data("/placesNear/pageInfo/endCursor");
            after = cursor.to_string();
        }
        service.store.write_looks().await.unwrap();
        let found = queue(&service, &kenniscentrum, json!({}), 100).await;
        assert!(found.iter().all(|one| one["looks"] == Value::Null || one["place"]["id"] == place));
        // Nothing of who looked is kept, and confirming takes the place out of the queue.
        let confirm = format!("mutation {{ confirmPlaces(input: {{ place: \"{place}\" }}) {{ count }} }}");
        service.ask(Some(&kenniscentrum), &confirm).await.data("/confirmPlaces/count");
        assert_eq!(queue(&service, &kenniscentrum, json!({}), 100).await.len(), before.len() - 1);
    }

    async fn staff_see_their_own_queue_and_nobody_elses(db: TestDatabase) {
        let service = Service::start(db).await;
        let all = places();
        let own = all.values().find(|(_, days)| days.is_none()).unwrap().0;
        let other = all.values().find(|(provider, _)| *provider != own).unwrap().0;
        let token = service.token(&Subject::Provider(own));
        let text = |id| GlobalId::Provider(id).to_string();
        let found = queue(&service, &token, json!({}), 100).await;
        assert!(!found.is_empty() && found.iter().all(|one| all[one["place"]["id"].as_str().unwrap()].0 == own));
        assert_eq!(queue(&service, &token, json!({ "provider": text(own) }), 100).await, found);
        let holder = service.holder("DEMO-0001").await;
        for (token, provider, code) in [
            (Some(token.as_str()), other, "FORBIDDEN"),
            (Some(holder.as_str()), own, "FORBIDDEN"),
            (None, own, "UNAUTHENTICATED"),
        ] {
            let answer = service.ask_with(token, QUEUE, json!({ "provider": text(provider) })).await;
            assert_eq!(answer.code(), code);
        }
        let kenniscentrum = service.token(&Subject::Kenniscentrum);
        for (asked, argument) in [
            (json!({ "provider": "x" }), "provider"),
            (json!({ "provider": format!("provider_{}", "0".repeat(32)) }), "provider"),
            (json!({ "region": "ZK99" }), "region"),
            (json!({ "first": 0 }), "first"),
            (json!({ "after": "x" }), "after"),
        ] {
            let answer = service.ask_with(Some(&kenniscentrum), QUEUE, asked).await;
            assert_eq!((answer.code(), answer.argument()), (json!("BAD_USER_INPUT"), json!(argument)));
        }
    }

    async fn fresh_first_is_the_nearest_first_sorted_by_freshness(db: TestDatabase) {
        let service = Service::start(db).await;
        let pages = async |order: &str, filter: &str, size: usize| {
            let (mut all, mut after) = (Vec::new(), "null".to_owned());
            loop {
                let search = format!(
                    "{{ placesNear(near: {{ postcode: \"3511\" }}, filter: {{ {filter} }}, order: {order}, first: {size}, \
                     after: {after}) {{ pageInfo {{ hasNextPage endCursor }} edges {{ distanceKm node {{ id freshness }} }} }} }}"
                );
                let page = service.ask(None, &search).await.data("/placesNear");
                all.extend(page["edges"].as_array().unwrap().iter().cloned());
                if page["pageInfo"]["hasNextPage"] == false {
                    return all;
                }
                after = page["pageInfo"]["endCursor"].to_string();
            }
        };
        for filter in ["careForms: [LOGEREN]", "freshness: [STALE, FRESH]", "vervoerTo: { postcode: \"3511\" }"] {
            let mut expected = pages("NEAREST", filter, 100).await;
            let rank = |edge: &Value| ["FRESH", "AGING", "STALE"].iter().position(|one| edge["node"]["freshness"] == *one);
            expected.sort_by_key(rank);
            assert!(expected.len() > 30, "{filter}");
            for size in [7, 100] {
                assert_eq!(pages("FRESH_FIRST", filter, size).await, expected, "{filter}");
            }
        }
        let cursor = service
            .ask(None, "{ placesNear(near: { postcode: \"3511\" }, first: 1) { pageInfo { endCursor } } }")
            .await
            .data("/placesNear/pageInfo/endCursor");
        let other = format!(
            "{{ placesNear(near: {{ postcode: \"3511\" }}, order: FRESH_FIRST, after: {cursor}) {{ edges {{ cursor }} }} }}"
        );
        assert_eq!(service.ask(None, &other).await.argument(), "after");
    }

    async fn the_digest_tells_which_changes_wait(db: TestDatabase) {
        let service = Service::start(db).await;
        let provider = service.first_provider().await;
        let (staff, keeper) = (service.token(&Subject::Provider(provider)), service.token(&Subject::Kenniscentrum));
        let question = format!(
            "{{ provider(id: \"{}\") {{ places(first: 1) {{ edges {{ node {{ location {{ id version }} }} }} }} }} }}",
            GlobalId::Provider(provider)
        );
        let location = service.ask(Some(&staff), &question).await.data("/provider/places/edges/0/node/location");
        let edit = format!(
            "mutation {{ editLocation(input: {{ location: {}, expectedVersion: {}, set: {{ street: \"Demoweg\" }} }}) {{ \
             review {{ id version }} }} }}",
            location["id"], location["version"]
        );
        let review = service.ask(Some(&staff), &edit).await.data("/editLocation/review");
        let waits = async || {
            let view = service.store.view(Scope::operator(), service.clock.now());
            let digests = service.store.digests(&view, DEMO_DATE).await.unwrap();
            let own = digests.iter().find(|one| one.provider == GlobalId::Provider(provider).to_string()).unwrap();
            let others: usize = digests.iter().map(|one| one.to_answer + one.in_review).sum();
            (own.to_answer, own.in_review, others)
        };
        assert_eq!(waits().await, (0, 1, 1));
        let ask = format!(
            "mutation {{ decideReview(input: {{ review: {}, expectedVersion: {}, decision: ASK_BACK, reason: \"Demo\" }}) {{ \
             review {{ status }} }} }}",
            review["id"], review["version"]
        );
        service.ask(Some(&keeper), &ask).await.data("/decideReview");
        assert_eq!(waits().await, (1, 0, 1));
    }

    async fn looks_that_cannot_be_written_are_kept_and_old_ones_go(db: TestDatabase) {
        use sea_orm::ConnectionTrait;
        let url = db.url.clone();
        let service = Service::start(db).await;
        let (kenniscentrum, holder) = (service.token(&Subject::Kenniscentrum), service.holder("DEMO-0001").await);
        let place = queue(&service, &kenniscentrum, json!({}), 1).await[0]["place"]["id"].as_str().unwrap().to_owned();
        let connection = sea_orm::Database::connect(&url).await.unwrap();
        connection.execute_unprepared("ALTER TABLE place_looks RENAME TO place_looks_away").await.unwrap();
        for _ in 0..3 {
            service.ask(Some(&holder), &format!("{{ place(id: \"{place}\") {{ id }} }}")).await.data("/place/id");
        }
        assert!(service.store.write_looks().await.is_err());
        connection.execute_unprepared("ALTER TABLE place_looks_away RENAME TO place_looks").await.unwrap();
        service.store.write_looks().await.unwrap();
        assert_eq!(queue(&service, &kenniscentrum, json!({}), 1).await[0]["looks"], 3);
        // Those of thirty days ago do not count, those of 401 are gone.
        for (date, left) in [("2026-11-02", 1), ("2026-11-01", 1), ("2025-10-26", 0)] {
            connection.execute_unprepared(&format!("UPDATE place_looks SET date = '{date}'")).await.unwrap();
            let looks = queue(&service, &kenniscentrum, json!({}), 1).await[0]["looks"].clone();
            assert_eq!(looks, if date == "2026-11-02" { json!(3) } else { Value::Null }, "{date}");
            service.store.write_looks().await.unwrap();
            assert_eq!(crate::writes::count(&connection, "SELECT count(*) FROM place_looks").await, left, "{date}");
        }
        connection.close().await.unwrap();
    }
}

#[test]
fn a_digest_is_a_line_of_json_for_each_provider() {
    let data_dir = crate::command_line::demo();
    let said = run(program(data_dir.path()).args(["digest", "--month", "2026-11", "--format", "json"]));
    assert!(said.success, "{}", said.stderr);
    let all = places();
    let digests: Vec<Value> = said.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(digests.len(), 98);
    let mut told = 0;
    for digest in &digests {
        assert_eq!(digest["month"], "2026-11");
        assert!(!digest["name"].as_str().unwrap().is_empty());
        let places = digest["places"].as_array().unwrap();
        let waits = places.iter().filter(|place| place["freshness"] != "FRESH").count();
        assert_eq!(digest["toConfirm"], waits);
        for place in places {
            let (provider, days) = all[place["place"].as_str().unwrap()];
            assert_eq!(digest["provider"], GlobalId::Provider(provider).to_string());
            assert_eq!((&place["daysSinceConfirmed"], &place["looks"]), (&json!(days), &Value::Null));
            assert_eq!(place["confirmedAt"].is_null(), days.is_none());
            let coming = place["coming"].as_array().unwrap();
            assert_eq!(coming.len(), if place["careForm"] == "DAGBESTEDING" { 2 } else { 1 });
            for month in coming {
                let number = |name: &str| month[name].as_u64().unwrap();
                assert!(number("freeDays") <= number("statedDays") && number("statedDays") <= 31, "{month}");
                told += number("freeDays");
            }
        }
    }
    assert!(told > 1_000 && digests.iter().any(|digest| digest["email"].is_string()));
    assert_eq!(digests.iter().map(|digest| digest["places"].as_array().unwrap().len()).sum::<usize>(), all.len());
    let digest = |month: &str| program(data_dir.path()).args(["digest", "--month", month]).output().unwrap();
    assert!(!digest("2026-12").stdout.is_empty());
    fails(program(data_dir.path()).args(["digest", "--month", "2027-01"]), &["2027-01 has not begun"]);
    fails(program(data_dir.path()).args(["digest", "--month", "november"]), &["a month looks like 2026-10"]);
    fails(program(data_dir.path()).args(["digest", "--month", "2026-13"]), &["a month looks like 2026-10"]);
    fails(program(data_dir.path()).args(["digest", "--month", "2026-11", "--format", "csv"]), &["json"]);
}
