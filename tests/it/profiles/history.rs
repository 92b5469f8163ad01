//! Who changed what of a place, and what it stated.

use serde_json::{Value, json};
use zorgkaart::graphql::id::GlobalId;

use super::Team;
use crate::support::{
    databases::{DEMO_DATE, on_both_databases},
    service::Service,
};

async fn history(team: &Team, arguments: &str) -> Value {
    let question = format!(
        "{{ placeHistory(place: {}{arguments}) {{ pageInfo {{ hasNextPage endCursor }} edges {{ node {{ role organisation object \
         field from to }} }} }} }}",
        team.place["id"]
    );
    team.service.ask(Some(&team.staff), &question).await.data("/placeHistory")
}

async fn as_of(team: &Team, on: &str) -> Value {
    let question = format!(
        "{{ placeAsOf(place: {}, on: \"{on}\") {{ stated {{ object field value }} claims freeSpots {{ slot from to free }} }} }}",
        team.place["id"]
    );
    team.service.ask(Some(&team.staff), &question).await.data("/placeAsOf")
}

on_both_databases! {
    async fn every_change_leaves_its_history(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        assert_eq!(history(&team, "").await["edges"], json!([]));
        let before = as_of(&team, "2026-11-30").await;
        let (place, group) = (&team.place["id"], &team.place["group"]["id"]);
        team.changed("editPlace", json!({ "place": place, "set": { "name": "Demo Anders" } })).await;
        let sized = json!({ "careGroup": group, "set": { "size": 77 } });
        team.change(&team.centre, "editCareGroup", sized).await.data("/editCareGroup/id");
        let send = async |change: &str, input: Value| {
            let answer = team.send(&team.staff, change, "__typename", input).await;
            answer.data(&format!("/{change}"));
        };
        send("setCapacity", json!({ "place": place, "capacity": 40 })).await;
        send("setWaitingList", json!({ "place": place, "length": 5, "expectedWeeks": 12 })).await;
        send("confirmPlaces", json!({ "place": place })).await;
        let nights = json!([{ "slot": "NIGHT", "from": "2027-03-01", "to": "2027-03-05", "free": 33 }]);
        send("setAvailability", json!({ "place": place, "periods": nights })).await;
        send("stateClaim", json!({ "place": place, "code": "8", "status": "MET" })).await;
        let told = history(&team, "").await;
        let edges = told["edges"].as_array().unwrap();
        let fields: Vec<&str> = edges.iter().map(|edge| edge["node"]["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["CLAIM", "AVAILABILITY", "CONFIRMED_AT", "WAITING_LIST", "CAPACITY", "SIZE", "NAME"]);
        let own = GlobalId::Provider(team.provider).to_string();
        assert_eq!(edges[6]["node"], json!({ "role": "PROVIDER", "organisation": own, "object": "PLACE", "field": "NAME",
            "from": team.place["name"], "to": "Demo Anders" }));
        assert_eq!((&edges[5]["node"]["role"], &edges[5]["node"]["organisation"]), (&json!("KENNISCENTRUM"), &Value::Null));
        assert!(edges[1]["node"]["to"].as_str().unwrap().contains("slot: NIGHT, from: 2027-03-01, to: 2027-03-05, free: 33"));
        // In pages.
        let first = history(&team, ", first: 3").await;
        let rest = history(&team, &format!(", first: 100, after: {}", first["pageInfo"]["endCursor"])).await;
        assert_eq!([first["edges"].as_array().unwrap().as_slice(), rest["edges"].as_array().unwrap()].concat(), *edges);
        // The day before it stated what it did.
        assert_eq!(as_of(&team, "2026-11-30").await, before);
        let now = as_of(&team, &DEMO_DATE.to_string()).await;
        assert!(now["stated"].as_array().unwrap().contains(&json!({ "object": "CARE_GROUP", "field": "SIZE", "value": "77" })));
        assert!(now["freeSpots"].as_array().unwrap().contains(
            &json!({ "slot": "NIGHT", "from": "2027-03-01", "to": "2027-03-05", "free": 33 })
        ));
        assert_ne!(now, before);
    }

    async fn another_care_form_takes_what_is_stated_of_its_nights_along(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let before = as_of(&team, "2026-11-30").await;
        assert_ne!(before["freeSpots"], json!([]));
        let input = json!({ "place": team.place["id"], "set": { "careForm": "WONEN" } });
        let waits = team.changed("editPlace", input).await;
        assert_eq!((&waits["version"], &waits["waiting"]), (&json!(1), &json!(["CARE_FORM"])));
        team.decide(&waits["review"], "APPROVE").await.data("/decideReview/review/id");
        assert_eq!(team.seen().await["careForm"], "WONEN");
        assert_eq!(as_of(&team, &DEMO_DATE.to_string()).await["freeSpots"], json!([]));
        assert_eq!(as_of(&team, "2026-11-30").await, before);
    }

    async fn a_place_states_nothing_before_it_was_and_after_it_went(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let set = json!({ "name": "Demoplek Nieuw", "careForm": "WONEN", "capacity": 2 });
        let new = json!({ "careGroup": team.place["group"]["id"], "set": set });
        let new = team.change(&team.centre, "addPlace", new).await.data("/addPlace/id");
        let asked = async |place: &Value, on: &str| {
            let question = format!("{{ placeAsOf(place: {place}, on: \"{on}\") {{ on }} }}");
            team.service.ask(Some(&team.centre), &question).await
        };
        assert_eq!(asked(&new, "2026-12-01").await.data("/placeAsOf/on"), "2026-12-01");
        assert_eq!(asked(&new, "2026-11-30").await.data("/placeAsOf"), Value::Null);
        team.changed("withdrawPlace", json!({ "place": team.place["id"] })).await;
        assert_eq!(asked(&team.place["id"], "2026-12-01").await.data("/placeAsOf"), Value::Null);
        assert_eq!(asked(&team.place["id"], "2026-11-30").await.data("/placeAsOf/on"), "2026-11-30");
        assert_eq!(asked(&new, "2026-12-02").await.argument(), "on");
        let holder = team.service.holder("DEMO-0001").await;
        let question = format!("{{ placeHistory(place: {new}) {{ edges {{ cursor }} }} }}");
        assert_eq!(team.service.ask(Some(&holder), &question).await.code(), "FORBIDDEN");
    }
}
