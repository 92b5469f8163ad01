//! Two curators at one entry.

use std::sync::Arc;

use futures::future::join_all;
use serde_json::json;

use super::Curator;
use crate::support::{databases::on_both_databases, service::Service};

on_both_databases! {
    async fn a_hundred_times_two_curators_lose_nothing(db: TestDatabase) {
        let db = Arc::new(db);
        // Each at a replica of their own.
        let (one, two) = (Service::start(Arc::clone(&db)).await, Service::start(db).await);
        let curators = [Curator::of(&one), Curator::of(&two)];
        let entry = curators[0].add(json!({})).await;
        let mut version = 1;
        for round in 0..100 {
            let edits = curators.iter().enumerate().map(|(at, curator)| {
                let (field, value) = if at == 0 { ("function", "taak") } else { ("workCity", "stad") };
                let set = json!({ field: format!("{value} {round}") });
                let input = json!({ "contact": entry["id"], "expectedVersion": version, "set": set });
                curator.change("editContact", input)
            });
            let answers = join_all(edits).await;
            let (won, lost): (Vec<_>, Vec<_>) =
                answers.iter().enumerate().partition(|(_, answer)| answer.json().get("errors").is_none());
            assert_eq!((won.len(), lost.len()), (1, 1), "round {round}");
            let error = &lost[0].1.json()["errors"][0];
            assert_eq!(error["extensions"]["code"], "CONFLICT");
            assert_eq!(error["extensions"]["version"], version + 1);
            assert_eq!(error["extensions"]["expectedVersion"], version);
            version += 1;
            // Who was second reads both versions, and then has it.
            let second = &curators[lost[0].0];
            let query = "query($id: ID!, $seen: Int!, $now: Int!) {
                seen: contactVersion(contact: $id, version: $seen) { version function workCity }
                now: contactVersion(contact: $id, version: $now) { version function workCity } }";
            let both = second.ask(query, json!({ "id": entry["id"], "seen": version - 1, "now": version })).await.data("");
            assert_eq!((&both["seen"]["version"], &both["now"]["version"]), (&json!(version - 1), &json!(version)));
            let changed = if won[0].0 == 0 { "function" } else { "workCity" };
            assert_ne!(both["seen"][changed], both["now"][changed]);
            let (field, value) = if lost[0].0 == 0 { ("function", "taak") } else { ("workCity", "stad") };
            let set = json!({ field: format!("{value} {round}") });
            let input = json!({ "contact": entry["id"], "expectedVersion": version, "set": set });
            second.change("editContact", input).await.data("/editContact/version");
            version += 1;
            let now = curators[0].entry(&entry["id"]).await;
            assert_eq!((&now["function"], &now["workCity"]), (&json!(format!("taak {round}")), &json!(format!("stad {round}"))));
        }
        let history = curators[0].history(&entry["id"]).await;
        assert_eq!(history.len(), 100, "the first page");
        assert_eq!(history[0]["version"], 201);
        assert!(history.windows(2).all(|two| two[0]["version"].as_i64().unwrap() == two[1]["version"].as_i64().unwrap() + 1));
    }

    async fn of_many_at_once_one_is_first(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let entry = curator.add(json!({})).await;
        let edits = (0..100).map(|number| {
            let set = json!({ "function": format!("taak {number}") });
            curator.change("editContact", json!({ "contact": entry["id"], "expectedVersion": 1, "set": set }))
        });
        let answers = join_all(edits).await;
        let won: Vec<_> = answers.iter().filter(|answer| answer.json().get("errors").is_none()).collect();
        assert_eq!(won.len(), 1);
        // Nobody is told anything else than that somebody was first, or that it is busy.
        let told = |code: &str| answers.iter().filter(|answer| answer.code() == code).count();
        assert_eq!(told("CONFLICT") + told("UNAVAILABLE"), 99);
        assert!(told("CONFLICT") > 0);
        let now = curator.entry(&entry["id"]).await;
        assert_eq!((&now["version"], &now["function"]), (&json!(2), &won[0].data("/editContact/contact/function")));
    }
}
