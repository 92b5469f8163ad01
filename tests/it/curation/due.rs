//! The verification round.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Curator;
use crate::support::{databases::on_both_databases, service::Service};

const DUE: &str = "query($region: String, $by: Date, $first: Int!, $after: String) {
    contactsDue(region: $region, by: $by, first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
    edges { node { id version dueOn verifiedAt status regions { code } gemeenten { code } } } } }";

/// All that is due, over pages.
async fn due(curator: &Curator<'_>, region: Option<&str>, by: Option<&str>, first: usize) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let asked = json!({ "region": region, "by": by, "first": first, "after": after });
        let page = curator.ask(DUE, asked).await.data("/contactsDue");
        all.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], all.len());
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn seen(entries: &[Value]) -> Vec<Value> {
    entries.iter().map(|entry| json!({ "contact": entry["id"], "version": entry["version"] })).collect()
}

async fn confirm(curator: &Curator<'_>, contacts: Vec<Value>) -> Value {
    let query = "mutation($input: ConfirmContactsInput!) { confirmContacts(input: $input) {
        confirmed { contact version } changed { contact version } } }";
    curator.ask(query, json!({ "input": { "contacts": contacts } })).await.data("/confirmContacts")
}

on_both_databases! {
    async fn what_is_due_comes_oldest_first_and_by_region(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let all = due(&curator, None, None, 7).await;
        assert!(all.len() > 10, "{}", all.len());
        assert!(all.is_sorted_by(|a, b| a["dueOn"].as_str() <= b["dueOn"].as_str()));
        assert!(all.iter().all(|entry| entry["dueOn"].as_str().unwrap() <= "2026-12-01"));
        assert!(all.iter().all(|entry| entry["status"] != "WITHDRAWN"));
        assert_eq!(due(&curator, None, None, 100).await, all, "pages do not change the order");
        // A year on all are due, withdrawn ones excepted: as the whole contactenbestand says.
        let query = "query($after: String) { contacts(first: 100, after: $after) { pageInfo { endCursor hasNextPage }
            edges { node { id status dueOn regions { code } gemeenten { code } } } } }";
        let (mut every, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = curator.ask(query, json!({ "after": after })).await.data("/contacts");
            every.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()));
            if page["pageInfo"]["hasNextPage"] == false { break }
            after = page["pageInfo"]["endCursor"].clone();
        }
        let ids = |entries: &[Value]| entries.iter().map(|entry| entry["id"].to_string()).collect::<BTreeSet<_>>();
        let open: Vec<Value> = every.into_iter().filter(|entry| entry["status"] != "WITHDRAWN").collect();
        assert_eq!(ids(&due(&curator, None, Some("2027-12-01"), 100).await), ids(&open));
        // By region: those who work for it or one of its gemeenten, and those who are not limited to any.
        let of_region = service.ask(None, "{ region(code: \"ZK23\") { gemeenten { code } } }").await.data("/region/gemeenten");
        let gemeenten: BTreeSet<String> = of_region.as_array().unwrap().iter().map(|one| one["code"].to_string()).collect();
        let here: Vec<Value> = open
            .into_iter()
            .filter(|entry| {
                let regions = entry["regions"].as_array().unwrap();
                let own = entry["gemeenten"].as_array().unwrap();
                regions.iter().any(|region| region["code"] == "ZK23")
                    || own.iter().any(|gemeente| gemeenten.contains(&gemeente["code"].to_string()))
                    || regions.is_empty() && own.is_empty()
            })
            .collect();
        assert!(!here.is_empty());
        assert_eq!(ids(&due(&curator, Some("ZK23"), Some("2027-12-01"), 3).await), ids(&here));
    }

    async fn one_mutation_confirms_many(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let all = due(&curator, None, None, 100).await;
        let changed = &all[0];
        let input = json!({ "contact": changed["id"], "expectedVersion": changed["version"], "set": { "phone": null } });
        curator.change("editContact", input).await.data("/editContact/version");
        let withdrawn = &all[1];
        let input = json!({ "contact": withdrawn["id"], "expectedVersion": withdrawn["version"], "reason": "OTHER" });
        curator.change("withdrawContact", input).await.data("/withdrawContact/version");
        let mut asked = seen(&all);
        asked[1]["version"] = json!(2);
        let done = confirm(&curator, asked).await;
        assert_eq!(done["confirmed"].as_array().unwrap().len(), all.len() - 2);
        let version = |list: &str, id: &Value| {
            let mut found = done[list].as_array().unwrap().iter().filter(|one| one["contact"] == *id);
            found.next().map(|one| one["version"].clone())
        };
        assert_eq!(version("changed", &changed["id"]), Some(json!(2)));
        assert_eq!(version("changed", &withdrawn["id"]), Some(json!(2)), "withdrawn, although seen so");
        assert_eq!(version("confirmed", &all[2]["id"]), Some(json!(2)));
        let now = curator.entry(&all[2]["id"]).await;
        assert_eq!((&now["verifiedAt"], &now["dueOn"]), (&json!("2026-12-01T12:00:00Z"), &json!("2027-12-01")));
        let left = due(&curator, None, None, 100).await;
        assert_eq!(left.iter().map(|entry| &entry["id"]).collect::<Vec<_>>(), [&changed["id"]]);
        // What was left alone has no new version and no history of this.
        assert_eq!(curator.entry(&changed["id"]).await["version"], 2);
        assert_eq!(curator.history(&changed["id"]).await.len(), 2);
        assert_eq!(curator.history(&all[2]["id"]).await[0]["action"], "VERIFY");
    }

    async fn a_confirmation_is_checked(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let query = "mutation($input: ConfirmContactsInput!) { confirmContacts(input: $input) { confirmed { version } } }";
        let entry = curator.add(json!({})).await;
        let one = json!({ "contact": entry["id"], "version": 1 });
        let nobody = json!({ "contact": format!("contact_{}", "0".repeat(32)), "version": 1 });
        for (contacts, argument) in [
            (json!([]), "input.contacts"),
            (json!(vec![one.clone(); 501]), "input.contacts"),
            (json!([one, one]), "input.contacts.1.contact"),
            (json!([one, { "contact": "x", "version": 1 }]), "input.contacts.1.contact"),
            (json!([one, nobody]), "input.contacts"),
        ] {
            let refused = curator.ask(query, json!({ "input": { "contacts": contacts } })).await;
            assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!(argument)));
        }
        assert_eq!(curator.entry(&entry["id"]).await, entry, "all or nothing");
        for (asked, argument) in [(json!({ "region": "ZK99" }), "region"), (json!({ "by": "2026-02-30" }), "by")] {
            let mut asked = asked;
            asked["first"] = json!(20);
            let refused = curator.ask(DUE, asked).await;
            assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!(argument)));
        }
    }
}
