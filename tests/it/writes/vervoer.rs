//! What a provider states of vervoer, and whom a search then finds by it.

use serde_json::{Value, json};
use zorgkaart::{
    auth::Subject,
    care::{
        demo::demo,
        place::Place,
        shipped::reference,
        vocabulary::{CareForm, LocationPrecision},
    },
    graphql::id::GlobalId,
};

use super::Own;
use crate::support::{
    databases::{DEMO_DATE, on_both_databases},
    service::{Answer, Service},
};

const CHANGE: &str = "mutation($input: SetVervoerInput!) { setVervoer(input: $input) { version place { version vervoer {
    radiusKm postcodes gemeenten { code } area trips { from pickUp { weekdays from to } } bagsAndAids powerSockets nurseAboard
    wheelchairs oxygen medicineFridge airConditioning paidBy } } } }";
/// The polygon around Utrecht.
const UTRECHT: &str = r#"{"type":"Polygon","coordinates":[[[5.0,52.0],[5.2,52.0],[5.2,52.2],[5.0,52.2],[5.0,52.0]]]}"#;

async fn set(service: &Service, own: &Own, vervoer: &Value) -> Answer {
    let input = json!({ "input": { "place": own.id, "vervoer": vervoer } });
    service.ask_with(Some(&own.token), CHANGE, input).await
}

/// Whether a search with this filter finds the place.
async fn found(service: &Service, own: &Own, filter: &str) -> bool {
    let provider = GlobalId::Provider(own.provider).to_string();
    let question = format!(
        "{{ placesNear(near: {{ postcode: \"3511\" }}, filter: {{ provider: \"{provider}\", {filter} }}, first: 100) {{ edges {{
         node {{ id }} }} }} }}"
    );
    service.ask(None, &question).await.data("/placesNear/edges").to_string().contains(&own.id)
}

/// Whether its vervoer fetches at this dagbesteding, as the place says.
async fn from(service: &Service, own: &Own, dagbesteding: &str) -> Value {
    let question = format!("{{ place(id: \"{}\") {{ vervoerFrom(dagbesteding: \"{dagbesteding}\") }} }}", own.id);
    service.ask(None, &question).await.data("/place/vervoerFrom")
}

/// Dagbesteding of the demo whose building may be shown, with the point of it.
fn dagbesteding() -> Vec<(String, f64, f64)> {
    let bundles = demo(&reference().unwrap(), 1, DEMO_DATE).unwrap().bundles;
    let mut all = Vec::new();
    for bundle in &bundles {
        let days = bundle.places.iter().filter(|place: &&Place| place.care_form == CareForm::Dagbesteding);
        for place in days {
            let group = bundle.groups.iter().find(|group| group.id == place.care_group_id).unwrap();
            let location = bundle.locations.iter().find(|location| location.id == group.location_id).unwrap();
            if location.precision == LocationPrecision::Exact {
                all.push((GlobalId::Place(place.id).to_string(), location.point.lat(), location.point.lng()));
            }
        }
    }
    all
}

on_both_databases! {
    async fn vervoer_is_read_as_it_was_stated_and_takes_the_place_of_what_was(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let bus = json!({
            "radiusKm": 12.5, "postcodes": ["3512", "3511", "3511"], "gemeenten": ["GM0344"], "area": UTRECHT,
            "trips": [{ "from": "DAGBESTEDING" }, { "from": "HOME", "pickUp": [
                { "weekdays": ["SUNDAY", "FRIDAY", "FRIDAY"], "from": "07:05", "to": "09:30" }] }],
            "bagsAndAids": true, "powerSockets": false, "nurseAboard": true, "wheelchairs": 2, "oxygen": true,
            "medicineFridge": false, "airConditioning": true, "paidBy": " pgb " });
        let before = own.version(&service).await;
        let answer = set(&service, &own, &json!([bus, { "radiusKm": 3 }])).await;
        assert_eq!(answer.data("/setVervoer/version"), before + 1);
        let nothing = json!({ "radiusKm": 3.0, "postcodes": null, "gemeenten": null, "area": null, "trips": null,
            "bagsAndAids": null, "powerSockets": null, "nurseAboard": null, "wheelchairs": null, "oxygen": null,
            "medicineFridge": null, "airConditioning": null, "paidBy": null });
        let stated = json!({
            "radiusKm": 12.5, "postcodes": ["3511", "3512"], "gemeenten": [{ "code": "GM0344" }], "area": UTRECHT,
            "trips": [{ "from": "HOME", "pickUp": [{ "weekdays": ["FRIDAY", "SUNDAY"], "from": "07:05", "to": "09:30" }] },
                { "from": "DAGBESTEDING", "pickUp": [] }],
            "bagsAndAids": true, "powerSockets": false, "nurseAboard": true, "wheelchairs": 2, "oxygen": true,
            "medicineFridge": false, "airConditioning": true, "paidBy": "pgb" });
        assert_eq!(answer.data("/setVervoer/place/vervoer"), json!([stated, nothing]));
        // It takes the place of all that was stated; none at all is a statement too.
        let none = set(&service, &own, &json!([])).await;
        assert_eq!(none.data("/setVervoer/place/vervoer"), json!([]));
        let several = (1..=10).map(|km| json!({ "radiusKm": km })).collect::<Vec<_>>();
        let answer = set(&service, &own, &json!(several)).await.data("/setVervoer/place/vervoer");
        let radii: Vec<f64> = answer.as_array().unwrap().iter().map(|one| one["radiusKm"].as_f64().unwrap()).collect();
        assert_eq!(radii, (1..=10).map(f64::from).collect::<Vec<_>>());
    }

    async fn the_filter_and_the_answer_say_the_same_of_every_dagbesteding(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let days = dagbesteding();
        // A square around the middle one by longitude: some lie in it, some do not.
        let (_, lat, lng) = days[0];
        let corner = |east: f64, north: f64| json!([lng + east, lat + north]);
        let ring = json!([corner(-0.5, -0.3), corner(0.5, -0.3), corner(0.5, 0.3), corner(-0.5, 0.3), corner(-0.5, -0.3)]);
        let area = json!({ "type": "Polygon", "coordinates": [ring] }).to_string();
        let near_edge = |off: f64, half: f64| (off.abs() - half).abs() < 0.01;
        let mut told = [0, 0];
        for (trips, yes) in [
            (json!(null), Value::Null),
            (json!([{ "from": "HOME" }]), json!(false)),
            (json!([{ "from": "DAGBESTEDING" }]), json!(true)),
        ] {
            set(&service, &own, &json!([{ "area": area, "trips": trips }])).await.data("/setVervoer/version");
            for (id, their_lat, their_lng) in &days {
                let (north, east) = (their_lat - lat, their_lng - lng);
                if near_edge(north, 0.3) || near_edge(east, 0.5) {
                    continue;
                }
                let inside = north.abs() < 0.3 && east.abs() < 0.5;
                told[usize::from(inside)] += 1;
                let expected = if inside { yes.clone() } else { json!(false) };
                assert_eq!(from(&service, &own, id).await, expected, "{trips} {id}");
                let filter = format!("vervoerFrom: \"{id}\"");
                assert_eq!(found(&service, &own, &filter).await, expected == json!(true), "{trips} {id}");
                let unknown = format!("{filter}, includeUnknown: true");
                assert_eq!(found(&service, &own, &unknown).await, expected != json!(false), "{trips} {id}");
            }
            // Home is another trip.
            let home = format!("vervoerTo: {{ point: {{ lat: {lat}, lng: {lng} }} }}");
            assert_eq!(found(&service, &own, &home).await, yes != json!(true), "{trips}");
        }
        assert!(told[0] > 10 && told[1] > 3, "{told:?}");
    }

    async fn only_the_own_provider_and_the_kenniscentrum_state_it(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let input = json!({ "input": { "place": own.id, "vervoer": [{ "radiusKm": 7 }], "idempotencyKey": "once" } });
        let bundles = demo(&reference().unwrap(), 1, DEMO_DATE).unwrap().bundles;
        let other = bundles.iter().map(|bundle| bundle.provider.id).find(|id| *id != own.provider).unwrap();
        let stranger = service.token(&Subject::Provider(other));
        let version = own.version(&service).await;
        for (token, code) in [(None, "UNAUTHENTICATED"), (Some(stranger.as_str()), "FORBIDDEN")] {
            let refused = service.ask_with(token, CHANGE, input.clone()).await;
            assert_eq!(refused.json()["errors"][0]["extensions"]["code"], code);
        }
        assert_eq!(own.version(&service).await, version);
        let kenniscentrum = service.token(&Subject::Kenniscentrum);
        for _ in 0..2 {
            let done = service.ask_with(Some(&kenniscentrum), CHANGE, input.clone()).await;
            assert_eq!(done.data("/setVervoer/version"), version + 1);
        }
        let stale = json!({ "input": { "place": own.id, "vervoer": [], "expectedVersion": version } });
        let refused = service.ask_with(Some(&own.token), CHANGE, stale).await;
        assert_eq!(refused.json()["errors"][0]["extensions"]["code"], "CONFLICT");
    }

    async fn what_cannot_be_vervoer_is_refused_and_changes_nothing(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let version = own.version(&service).await;
        let area = |coordinates: &str| json!({ "area": format!("{{\"type\":\"Polygon\",\"coordinates\":{coordinates}}}") });
        let window = |window: Value| json!({ "trips": [{ "from": "HOME" }, { "from": "DAGBESTEDING", "pickUp": [window] }] });
        let many = |count: usize| (0..count).map(|_| json!({ "weekdays": ["FRIDAY"], "from": "07:00", "to": "08:00" }));
        let good = json!({ "radiusKm": 5 });
        for (second, argument, says) in [
            (json!({ "radiusKm": 0 }), "radiusKm", "more than 0 and at most 200 km"),
            (json!({ "radiusKm": 200.1 }), "radiusKm", "more than 0 and at most 200 km"),
            (json!({ "wheelchairs": -1 }), "wheelchairs", "from 0 to 60"),
            (json!({ "wheelchairs": 61 }), "wheelchairs", "from 0 to 60"),
            (json!({ "paidBy": "" }), "paidBy", "1 to 200 characters"),
            (json!({ "postcodes": ["3511", "0000"] }), "postcodes.1", "four digits, such as 3511"),
            (json!({ "postcodes": vec!["3511"; 1001] }), "postcodes", "at most 1000"),
            (json!({ "gemeenten": ["Utrecht"] }), "gemeenten.0", "such as GM0344"),
            (json!({ "area": "Utrecht" }), "area", "State a GeoJSON geometry"),
            (area("[[[5,52],[5.1,52],[5.1,52.1]]]"), "area", "ends where it began"),
            (area("[[[52,5],[52,5.1],[52.1,5.1],[52,5]]]"), "area", "longitude first"),
            (area("[[[5,52],[5.2,52.1],[5.2,52],[5,52.1],[5,52]]]"), "area", "crosses or touches itself"),
            (area("[[[3.4,50.8],[7.2,50.8],[7.2,53.5],[3.4,53.5],[3.4,50.8]]]"), "area", "at most 6000 km²"),
            (area("[[[5,52],[5.0001,52],[5.0001,52.0001],[5,52]]]"), "area", "too small"),
            (area(&json!([vec![[5.0, 52.0]; 2001]]).to_string()), "area", "at most 2000 points"),
            (json!({ "trips": [] }), "trips", "leave this out"),
            (json!({ "trips": [{ "from": "HOME" }, { "from": "HOME" }] }), "trips.1.from", "each trip once"),
            (window(json!({ "weekdays": [], "from": "07:00", "to": "08:00" })), "trips.1.pickUp.0.weekdays", "or more"),
            (window(json!({ "weekdays": ["FRIDAY"], "from": "7:00", "to": "08:00" })), "trips.1.pickUp.0.from", "two digits"),
            (window(json!({ "weekdays": ["FRIDAY"], "from": "07:00", "to": "24:00" })), "trips.1.pickUp.0.to", "to 23:59"),
            (window(json!({ "weekdays": ["FRIDAY"], "from": "08:00", "to": "08:00" })), "trips.1.pickUp.0.to", "later than"),
            (json!({ "trips": [{ "from": "HOME", "pickUp": many(21).collect::<Vec<_>>() }] }), "trips.0.pickUp", "at most 20"),
        ] {
            let answer = set(&service, &own, &json!([good, second])).await;
            let error = &answer.json()["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{second}: {}", answer.text);
            assert_eq!(error["extensions"]["argument"], format!("input.vervoer.1.{argument}"), "{}", answer.text);
            assert!(error["message"].as_str().unwrap().contains(says), "{}", answer.text);
        }
        let answer = set(&service, &own, &json!(vec![good; 11])).await;
        assert_eq!(answer.json()["errors"][0]["extensions"]["argument"], "input.vervoer");
        assert_eq!(own.version(&service).await, version);
    }
}
