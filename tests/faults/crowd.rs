//! Fifty providers write while fifty parents read.
//!
//! What a place states follows from its version, so that every answer can be told from a moment that there was: all nights of the
//! range say the same, and what they say is what that version states.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use futures::future::join_all;
use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use super::{alone, is_long};
use crate::support::{databases::on_both_databases, service::Service};

const MANY: usize = 50;
const NIGHTS: [&str; 2] = ["2027-02-01", "2027-02-14"];
const SET: &str = "mutation($input: SetAvailabilityInput!) { setAvailability(input: $input) { version } }";
/// Every place twice, so that an answer can be seen to be of one moment.
const READ: &str = "query($from: Date!, $to: Date!, $near: String!) {
    one: placesNear(near: { postcode: $near }, filter: { careForms: [LOGEREN] }, first: 12) { edges { node { ...P } } }
    again: placesNear(near: { postcode: $near }, filter: { careForms: [LOGEREN] }, first: 12) { edges { node { ...P } } } }
    fragment P on Place { id version availability(from: $from, to: $to) { free } }";

/// What a version states.
fn stated(version: i64) -> i64 {
    version % 2
}

/// A place, and its provider's staff.
struct Own {
    id: String,
    token: String,
}

async fn places(service: &Service) -> Vec<Own> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    // From the middle and from the north: more providers than one page has.
    for near in ["3511", "9711"] {
        let question = format!(
            "{{ placesNear(near: {{ postcode: \"{near}\" }}, filter: {{ careForms: [LOGEREN] }}, first: 100) {{ edges {{ \
             node {{ id provider {{ id }} }} }} }} }}"
        );
        for edge in service.ask(None, &question).await.data("/placesNear/edges").as_array().unwrap() {
            let provider = edge["node"]["provider"]["id"].as_str().unwrap();
            found.entry(provider.to_owned()).or_insert_with(|| edge["node"]["id"].as_str().unwrap().to_owned());
        }
    }
    let staff = |provider: &str| match zorgkaart::graphql::id::GlobalId::parse(provider) {
        Some(zorgkaart::graphql::id::GlobalId::Provider(id)) => service.token(&Subject::Provider(id)),
        other => panic!("{other:?}"),
    };
    found.into_iter().take(MANY).map(|(provider, id)| Own { id, token: staff(&provider) }).collect()
}

/// Writes, version after version; the last version that was acknowledged.
async fn write(service: &Service, own: &Own, until: Instant) -> i64 {
    let read = format!("{{ place(id: \"{}\") {{ version }} }}", own.id);
    let mut seen = service.ask(None, &read).await.data("/place/version").as_i64().unwrap();
    let mut acknowledged = 0;
    while acknowledged == 0 || Instant::now() < until {
        let [from, to] = NIGHTS;
        let period = json!({ "slot": "NIGHT", "from": from, "to": to, "free": stated(seen + 1) });
        let input = json!({ "place": own.id, "periods": [period], "expectedVersion": seen });
        let answer = service.ask_with(Some(&own.token), SET, json!({ "input": input })).await;
        if let Some(version) = answer.json().pointer("/data/setAvailability/version").and_then(Value::as_i64) {
            assert_eq!(version, seen + 1);
            (seen, acknowledged) = (version, version);
        } else {
            // Too busy: it may have been written all the same.
            assert!(["UNAVAILABLE", "CONFLICT"].contains(&answer.code().as_str().unwrap()), "{}", answer.text);
            seen = service.ask(None, &read).await.data("/place/version").as_i64().unwrap();
        }
    }
    acknowledged
}

/// Reads, and looks at every answer; never an older version than one before it.
async fn read(service: &Service, parent: &str, near: &str, own: &[Own], writing: &AtomicU64) -> usize {
    let (mut newest, mut answers) = (BTreeMap::<String, i64>::new(), 0);
    while writing.load(Ordering::Acquire) > 0 {
        let [from, to] = NIGHTS;
        let answer = service.ask_with(Some(parent), READ, json!({ "from": from, "to": to, "near": near })).await;
        if answer.status == 503 {
            // Fifty who write leave nobody a connection for longer than a request may wait: that is said, and nothing else.
            assert!(
                answer.json()["errors"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|error| error["extensions"]["code"] == "UNAVAILABLE")
            );
            continue;
        }
        let (one, again) = (answer.data("/one"), answer.data("/again"));
        assert_eq!(one, again, "one answer is of one moment");
        for edge in one["edges"].as_array().unwrap() {
            let node = &edge["node"];
            let (id, version) = (node["id"].as_str().unwrap(), node["version"].as_i64().unwrap());
            let before = newest.insert(id.to_owned(), version);
            assert!(before.is_none_or(|before| before <= version), "{id} went from {before:?} back to {version}");
            // Until it is written for the first time it states what the demo states.
            let free: Vec<i64> =
                node["availability"].as_array().unwrap().iter().map(|day| day["free"].as_i64().unwrap()).collect();
            if own.iter().any(|own| own.id == id) && before.is_some_and(|before| before < version) {
                assert_eq!(free, vec![stated(version); 14], "{id} at version {version}");
            }
        }
        answers += 1;
    }
    answers
}

on_both_databases! {
    async fn everybody_reads_what_there_was_and_nothing_is_lost(db: TestDatabase) {
        let _alone = alone().await;
        let service = Service::start(db).await;
        let own = places(&service).await;
        assert_eq!(own.len(), MANY);
        let parent = service.holder("DEMO-0001").await;
        let until = Instant::now() + Duration::from_secs(if is_long() { 60 } else { 5 });
        let writing = AtomicU64::new(MANY as u64);
        let writers = join_all(own.iter().map(async |own| {
            let acknowledged = write(&service, own, until).await;
            writing.fetch_sub(1, Ordering::AcqRel);
            acknowledged
        }));
        let nears = ["3511", "1011", "9711", "6211", "8011"];
        let readers = join_all((0..MANY).map(|number| read(&service, &parent, nears[number % nears.len()], &own, &writing)));
        let (acknowledged, answers) = tokio::join!(writers, readers);
        assert!(answers.iter().all(|count| *count > 0), "{answers:?}");
        // An answer to a write does not wait forever for the map; here it is about what the database keeps.
        service.store.catch_up().await.unwrap();
        for (own, acknowledged) in own.iter().zip(acknowledged) {
            let [from, to] = NIGHTS;
            let question = format!("{{ place(id: \"{}\") {{ version availability(from: \"{from}\", to: \"{to}\") {{ free }} }} }}", own.id);
            let place = service.ask(Some(&own.token), &question).await.data("/place");
            let version = place["version"].as_i64().unwrap();
            assert!(version >= acknowledged, "{acknowledged} is lost: {version}");
            let free: Vec<i64> = place["availability"].as_array().unwrap().iter().map(|day| day["free"].as_i64().unwrap()).collect();
            assert_eq!(free, vec![stated(version); 14]);
        }
    }
}
