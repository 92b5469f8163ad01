//! Who changed what, and what an entry was.

use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use super::Curator;
use crate::support::{databases::on_both_databases, service::Service};

on_both_databases! {
    async fn every_change_says_who_when_and_from_what_to_what(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let entry = curator.publish(&curator.add(json!({})).await).await;
        let set = json!({ "function": null, "expertise": ["beademing", "epilepsie"], "workPostcode": "3512" });
        let input = json!({ "contact": entry["id"], "expectedVersion": 2, "set": set });
        curator.change("editContact", input).await.data("/editContact/version");
        let history = curator.history(&entry["id"]).await;
        let actions: Vec<&Value> = history.iter().map(|change| &change["action"]).collect();
        assert_eq!(actions, ["EDIT", "PUBLISH", "CREATE"]);
        for change in &history {
            assert_eq!((&change["role"], &change["actor"]), (&json!("KENNISCENTRUM"), &json!("kenniscentrum")));
            assert_eq!(change["at"], "2026-12-01T12:00:00Z");
        }
        assert_eq!(
            history[0]["fields"],
            json!([
                { "field": "FUNCTION", "from": "verpleegkundige", "to": null },
                { "field": "WORK_POSTCODE", "from": "3511", "to": "3512" },
                { "field": "EXPERTISE", "from": "epilepsie, sondevoeding", "to": "beademing, epilepsie" },
            ])
        );
        assert_eq!(
            history[1]["fields"],
            json!([
                { "field": "STATUS", "from": "DRAFT", "to": "PUBLISHED" },
                { "field": "CONSENT", "from": null, "to": "2026-11-01, formulier" },
            ])
        );
        let made = history[2]["fields"].as_array().unwrap();
        assert!(made.iter().all(|field| field["from"] == Value::Null && field["to"] != Value::Null));
        assert!(made.contains(&json!({ "field": "NAME", "from": null, "to": "Demo Álida de Wit" })));
    }

    async fn an_entry_is_shown_as_it_was_with_every_version(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let mut versions = vec![curator.add(json!({})).await];
        versions.push(curator.publish(&versions[0]).await);
        for (mutation, more) in [
            ("editContact", json!({ "set": { "gemeenten": [], "regions": ["ZK23"], "email": null } })),
            ("undoContact", json!({})),
            ("editContact", json!({ "set": { "name": "Demo Anders", "organisationKind": "OVERIG" } })),
            ("withdrawContact", json!({ "reason": "OTHER" })),
        ] {
            let last = versions.last().unwrap();
            let mut input = json!({ "contact": last["id"], "expectedVersion": last["version"] });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            versions.push(curator.change(mutation, input).await.data(&format!("/{mutation}/contact")));
        }
        let id = &versions[0]["id"];
        let query = format!(
            "query($id: ID!, $version: Int!) {{ contactVersion(contact: $id, version: $version) {{ {} }} }}",
            super::ENTRY
        );
        for version in &versions {
            let asked = json!({ "id": id, "version": version["version"] });
            assert_eq!(curator.ask(&query, asked).await.data("/contactVersion"), *version);
        }
        for none in [0, -1, 7, i32::MAX] {
            let asked = json!({ "id": id, "version": none });
            assert_eq!(curator.ask(&query, asked).await.data("/contactVersion"), Value::Null, "{none}");
        }
    }

    async fn history_comes_in_pages(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let entry = curator.add(json!({})).await;
        for version in 1..=6 {
            let set = json!({ "function": format!("taak {version}") });
            let input = json!({ "contact": entry["id"], "expectedVersion": version, "set": set });
            curator.change("editContact", input).await.data("/editContact/version");
        }
        let query = "query($id: ID!, $after: String) { contactHistory(contact: $id, first: 3, after: $after) {
            pageInfo { endCursor hasNextPage } edges { node { version } } } }";
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = curator.ask(query, json!({ "id": entry["id"], "after": after })).await.data("/contactHistory");
            seen.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["version"].as_i64().unwrap()));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
        let other = curator.add(json!({ "name": "Demo Ander" })).await;
        let foreign = curator.ask(query, json!({ "id": other["id"], "after": after })).await;
        assert_eq!((foreign.code(), foreign.argument()), (json!("BAD_USER_INPUT"), json!("after")));
    }

    async fn looking_back_is_recorded_and_for_the_kenniscentrum_alone(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let entry = curator.add(json!({})).await;
        curator.history(&entry["id"]).await;
        let query = "query($id: String!) { auditTrail(subject: $id, from: \"2026-12-01\", to: \"2026-12-01\") {
            edges { node { kind purpose success } } } }";
        let edges = curator.ask(query, json!({ "id": entry["id"] })).await.data("/auditTrail/edges");
        let purposes: Vec<(&str, &str)> = edges
            .as_array()
            .unwrap()
            .iter()
            .map(|edge| (edge["node"]["kind"].as_str().unwrap(), edge["node"]["purpose"].as_str().unwrap()))
            .collect();
        assert_eq!(purposes, [("create", "addContact"), ("read", "contactenbestand"), ("read", "contactHistory")]);
        let staff = service.token(&Subject::Provider(service.first_provider().await));
        let asked = format!("{{ contactHistory(contact: {}) {{ edges {{ cursor }} }} }}", entry["id"]);
        assert_eq!(service.ask(Some(&staff), &asked).await.code(), "FORBIDDEN");
    }
}
