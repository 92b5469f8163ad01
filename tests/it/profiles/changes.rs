//! What is live at once, and what cannot be.

use serde_json::{Value, json};
use zorgkaart::{auth::Subject, graphql::id::GlobalId};

use super::Team;
use crate::support::{databases::on_both_databases, service::Service};

on_both_databases! {
    async fn what_parents_rely_on_waits_and_the_rest_is_live(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let group = &team.place["group"];
        let set = json!({ "size": 9, "homogeneity": other(&group["homogeneity"]), "nurses": 7, "careCapabilities": [
            { "capability": "SONDEVOEDING", "offered": null }, { "capability": "WAKENDE_NACHTZORG", "offered": opposite(group) }] });
        let input = json!({ "careGroup": group["id"], "expectedVersion": group["version"], "set": set, "note": "Demo" });
        let done = team.changed("editCareGroup", input.clone()).await;
        assert_eq!(done["waiting"], json!(["HOMOGENEITY", "NURSES", "NIGHT_CARE"]));
        assert!(done["live"].as_array().unwrap().contains(&json!("SIZE")), "{done}");
        let now = team.seen().await;
        assert_eq!((&now["group"]["size"], &now["group"]["version"]), (&json!(9), &json!(2)));
        assert_eq!((&now["group"]["homogeneity"], &now["group"]["nurses"]), (&group["homogeneity"], &group["nurses"]));
        assert!(!now["group"]["careCapabilities"].to_string().contains("SONDEVOEDING"), "not known any more");
        // Somebody else was first.
        let late = team.change(&team.staff, "editCareGroup", input.clone()).await;
        assert_eq!((late.code(), &late.json()["errors"][0]["extensions"]["version"]), (json!("CONFLICT"), &json!(2)));
        // By the kenniscentrum nothing waits.
        let input = json!({ "careGroup": group["id"], "set": set });
        let done = team.change(&team.centre, "editCareGroup", input).await.data("/editCareGroup");
        assert_eq!((&done["waiting"], &done["review"]), (&json!([]), &Value::Null));
        assert_eq!(team.seen().await["group"]["nurses"], 7);
    }

    async fn what_cannot_be_names_its_argument_and_changes_nothing(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let (place, location, group) = (&team.place["id"], &team.place["location"]["id"], &team.place["group"]["id"]);
        let cases = [
            ("editPlace", "place", place, json!({ "name": "" }), "name"),
            ("editPlace", "place", place, json!({ "name": "x".repeat(201) }), "name"),
            ("editPlace", "place", place, json!({ "name": "a\u{202e}b" }), "name"),
            ("editPlace", "place", place, json!({ "minAge": 30, "maxAge": 20 }), "maxAge"),
            ("editPlace", "place", place, json!({ "minAge": 121 }), "minAge"),
            ("editPlace", "place", place, json!({ "phone": "bel maar" }), "phone"),
            ("editPlace", "place", place, json!({ "email": "@" }), "email"),
            ("editPlace", "place", place, json!({ "capacity": 3 }), "capacity"),
            ("editLocation", "location", location, json!({ "postcode": "0000" }), "postcode"),
            ("editLocation", "location", location, json!({ "gemeente": "GM9999" }), "gemeente"),
            ("editLocation", "location", location, json!({ "point": { "lat": 91.0, "lng": 5.0 } }), "point"),
            ("editLocation", "location", location, json!({ "point": { "lat": 5.1, "lng": 52.1 } }), "point"),
            ("editCareGroup", "careGroup", group, json!({ "size": 0 }), "size"),
            ("editCareGroup", "careGroup", group, json!({ "staffPerTen": -0.5 }), "staffPerTen"),
            ("editProvider", "provider", &json!(GlobalId::Provider(team.provider).to_string()), json!({ "website": "javascript:1" }), "website"),
            ("editProvider", "provider", &json!(GlobalId::Provider(team.provider).to_string()), json!({ "kvkNumber": "12" }), "kvkNumber"),
            ("editProvider", "provider", &json!(GlobalId::Provider(team.provider).to_string()), json!({ "fieldlab": true }), "fieldlab"),
        ];
        for (change, name, id, set, field) in cases {
            let answer = team.change(&team.staff, change, json!({ name: id, "set": set })).await;
            let expected = (json!("BAD_USER_INPUT"), json!(format!("input.set.{field}")));
            assert_eq!((answer.code(), answer.argument()), expected, "{}", answer.text);
        }
        let nothing = json!({ "place": place, "set": { "name": team.place["name"] } });
        assert_eq!(team.change(&team.staff, "editPlace", nothing).await.argument(), "input.set");
        let new = json!({ "set": { "postcode": "3511", "precision": "EXACT" } });
        assert_eq!(team.change(&team.staff, "addLocation", new).await.argument(), "input.set.city", "it is needed");
        assert_eq!(team.seen().await, team.place);
        assert_eq!(team.queue(&team.staff, "first: 5").await, [] as [Value; 0]);
    }

    async fn only_its_own_staff_and_the_kenniscentrum_change_a_place(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let view = team.service.store.view(zorgkaart::auth::Scope::anonymous(), team.service.clock.now());
        let stranger = view.providers_by_name().map(|(_, id)| *id).find(|id| *id != team.provider).unwrap();
        let stranger = team.service.token(&Subject::Provider(stranger));
        let holder = team.service.holder("DEMO-0001").await;
        let input = json!({ "place": team.place["id"], "set": { "name": "Demo Anders" } });
        for token in [&stranger, &holder] {
            assert_eq!(team.change(token, "editPlace", input.clone()).await.code(), "FORBIDDEN");
            let away = json!({ "place": team.place["id"] });
            assert_eq!(team.change(token, "withdrawPlace", away).await.code(), "FORBIDDEN");
        }
        // What may be changed is named to those alone who may.
        let question = format!("{{ place(id: {}) {{ location {{ id version }} group {{ id version }} }} }}", team.place["id"]);
        let seen = team.service.ask(Some(&stranger), &question).await.data("/place");
        let hidden = json!({ "id": null, "version": null });
        assert_eq!(seen, json!({ "location": hidden, "group": hidden }));
        assert_eq!(team.seen().await, team.place);
    }

    async fn a_place_goes_off_the_map_and_comes_back(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let input = json!({ "place": team.place["id"], "expectedVersion": 1 });
        assert_eq!(team.changed("withdrawPlace", input.clone()).await["version"], 2);
        let question = format!("{{ place(id: {}) {{ id }} }}", team.place["id"]);
        assert_eq!(team.service.ask(None, &question).await.data("/place"), Value::Null);
        let edit = json!({ "place": team.place["id"], "set": { "name": "Demo Anders" } });
        assert_eq!(team.change(&team.staff, "editPlace", edit).await.argument(), "input.place");
        let back = json!({ "place": team.place["id"], "expectedVersion": 2 });
        assert_eq!(team.change(&team.staff, "restorePlace", back.clone()).await.code(), "FORBIDDEN");
        assert_eq!(team.change(&team.centre, "restorePlace", input).await.code(), "CONFLICT");
        team.change(&team.centre, "restorePlace", back).await.data("/restorePlace/id");
        let now = team.seen().await;
        assert_eq!((&now["version"], &now["name"], &now["group"]), (&json!(3), &team.place["name"], &team.place["group"]));
    }
}

fn other(homogeneity: &Value) -> &'static str {
    if homogeneity == "HETEROGENEOUS" { "HOMOGENEOUS_ZEVMB" } else { "HETEROGENEOUS" }
}

/// What a group does not say of waking night care.
fn opposite(group: &Value) -> bool {
    let known = group["careCapabilities"].as_array().unwrap();
    let said = known.iter().find(|one| one["capability"] == "WAKENDE_NACHTZORG");
    said.is_none_or(|one| one["offered"] == false)
}
