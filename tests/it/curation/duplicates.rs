//! Two entries of one person.

use serde_json::{Value, json};

use super::{Curator, found};
use crate::support::{databases::on_both_databases, service::Service};

const DUPLICATES: &str =
    "query($first: Int!, $after: String) { contactDuplicates(first: $first, after: $after) { totalCount
    pageInfo { endCursor hasNextPage } edges { node { score agreeing first { id } second { id } } } } }";

async fn duplicates(curator: &Curator<'_>, first: usize) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = curator.ask(DUPLICATES, json!({ "first": first, "after": after })).await.data("/contactDuplicates");
        all.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], all.len());
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// The pair of two entries among those that are proposed.
fn pair<'a>(all: &'a [Value], one: &Value, other: &Value) -> Option<&'a Value> {
    all.iter().find(|pair| {
        let ids = [&pair["first"]["id"], &pair["second"]["id"]];
        ids.contains(&&one["id"]) && ids.contains(&&other["id"])
    })
}

on_both_databases! {
    async fn who_is_in_it_twice_is_proposed(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let before = duplicates(&curator, 100).await;
        let one = curator.add(json!({})).await;
        // The same person, written by somebody else.
        let same = curator.add(json!({ "name": "Wit, Alida de (Demo)", "phone": "+31 (0)30-1234567", "email": null })).await;
        let mailed = curator.add(json!({ "name": "Demo A. Wit", "email": "ALIDA@noord.example", "phone": null })).await;
        let colleague = curator.add(json!({ "name": "Demo Bram Zwart", "email": "bram@noord.example" })).await;
        let typo = curator.add(json!({ "name": "Demo Alida de Witt", "email": null, "phone": null })).await;
        let all = duplicates(&curator, 100).await;
        let certain = pair(&all, &one, &same).expect("the same name and number");
        assert_eq!(certain["agreeing"], json!(["NAME", "PHONE", "ORGANISATION", "WORK_POSTCODE"]));
        assert!(certain["score"].as_f64().unwrap() > 0.99);
        let mailed = pair(&all, &one, &mailed).expect("the same mail address");
        assert_eq!(mailed["agreeing"], json!(["EMAIL", "ORGANISATION", "WORK_POSTCODE"]));
        assert_eq!(pair(&all, &one, &typo).expect("a slip of the pen")["agreeing"][0], "NAME");
        assert_eq!(pair(&all, &one, &colleague), None, "the number of a switchboard makes nobody the same");
        assert!(all.is_sorted_by(|a, b| a["score"].as_f64() >= b["score"].as_f64()));
        assert!(all.iter().all(|pair| (0.5..=1.0).contains(&pair["score"].as_f64().unwrap())));
        assert!(all.len() > before.len());
        assert_eq!(duplicates(&curator, 1).await, all, "pages do not change the order");
        // Who is said to be two is not proposed again.
        let input = json!({ "first": same["id"], "second": one["id"] });
        let query = "mutation($input: KeepContactsApartInput!) { keepContactsApart(input: $input) { first second } }";
        for _ in 0..2 {
            curator.ask(query, json!({ "input": input })).await.data("/keepContactsApart/first");
        }
        let rest = duplicates(&curator, 100).await;
        assert_eq!((pair(&rest, &one, &same), rest.len()), (None, all.len() - 1));
        assert_eq!(curator.entry(&one["id"]).await, one, "this changes no entry");
        // Nor is who is withdrawn.
        let input = json!({ "contact": one["id"], "expectedVersion": 1, "reason": "OTHER" });
        curator.change("withdrawContact", input).await.data("/withdrawContact/version");
        let left = duplicates(&curator, 100).await;
        assert!(left.iter().all(|pair| pair["first"]["id"] != one["id"] && pair["second"]["id"] != one["id"]));
    }

    async fn a_merge_keeps_what_both_say_and_both_histories(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let keep = curator.add(json!({ "function": null, "phone": "030 111 11 11", "expertise": ["epilepsie"] })).await;
        let keep = curator.publish(&keep).await;
        let other = curator
            .add(json!({ "externalId": "hr-9", "phone": "030 222 22 22", "expertise": ["beademing"], "workCity": "Zeist",
                "gemeenten": ["GM0355"] }))
            .await;
        let set = json!({ "workPostcode": "3701" });
        let input = json!({ "contact": other["id"], "expectedVersion": 1, "set": set });
        let other = curator.change("editContact", input).await.data("/editContact/contact");
        let input = json!({ "keep": { "contact": keep["id"], "version": 2 }, "other": { "contact": other["id"], "version": 2 },
            "take": ["WORK_CITY", "WORK_POSTCODE"] });
        let merged = curator.change("mergeContacts", input.clone()).await.data("/mergeContacts/contact");
        assert_eq!((&merged["id"], &merged["status"], &merged["version"]), (&keep["id"], &json!("PUBLISHED"), &json!(3)));
        assert_eq!(merged["function"], "verpleegkundige", "what it did not state");
        assert_eq!(merged["phone"], "030 111 11 11", "what it did state");
        assert_eq!((&merged["workCity"], &merged["workPostcode"]), (&json!("Zeist"), &json!("3701")), "what was asked for");
        assert_eq!(merged["expertise"], json!(["beademing", "epilepsie"]));
        assert_eq!(merged["gemeenten"], json!([{ "code": "GM0344" }]), "where the person works is not joined");
        assert_eq!(merged["curation"]["externalId"], "hr-9", "the other register finds it");
        let ended = curator.entry(&other["id"]).await;
        assert_eq!((&ended["status"], &ended["curation"]["withdrawalReason"]), (&json!("WITHDRAWN"), &json!("DUPLICATE")));
        assert_eq!(ended["curation"]["mergedInto"], keep["id"]);
        assert_eq!(ended["curation"]["externalId"], Value::Null);
        let history = curator.history(&keep["id"]).await;
        let of = |id: &Value| history.iter().filter(|change| change["contact"] == *id).map(|one| one["action"].clone()).collect::<Vec<_>>();
        assert_eq!(of(&keep["id"]), ["MERGE", "PUBLISH", "CREATE"]);
        assert_eq!(of(&other["id"]), ["MERGE", "EDIT", "CREATE"]);
        // Not twice, and not with what has changed.
        let again = curator.change("mergeContacts", input).await;
        assert_eq!(again.code(), "CONFLICT");
        let input = json!({ "keep": { "contact": keep["id"], "version": 3 }, "other": { "contact": other["id"], "version": 3 } });
        assert_eq!(curator.change("mergeContacts", input).await.argument(), "input.contact");
        let input = json!({ "contact": other["id"], "expectedVersion": 3, "consentOn": "2026-11-01", "consentSource": "mail" });
        assert_eq!(curator.change("publishContact", input).await.argument(), "input.contact", "the other goes on");
        // Taken back, by either side, both are as they were; and not once more.
        let undo = |entry: &Value, version: i32| json!({ "contact": entry["id"], "expectedVersion": version });
        curator.change("undoContact", undo(&other, 3)).await.data("/undoContact/version");
        for old in [&keep, &other] {
            let mut now = curator.entry(&old["id"]).await;
            assert_eq!(now["version"], 4);
            now["version"] = old["version"].clone();
            assert_eq!(now, *old);
            assert_eq!(curator.change("undoContact", undo(old, 4)).await.argument(), "input.contact");
        }
    }

    async fn a_merge_is_taken_back_on_both_sides_or_not_at_all(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let holder = service.holder("DEMO-0001").await;
        let (keep, other) = (curator.add(json!({})).await, curator.add(json!({ "name": "Demo Dubbel" })).await);
        let (keep, other) = (curator.publish(&keep).await, curator.publish(&other).await);
        let merge = json!({ "keep": { "contact": keep["id"], "version": 2 }, "other": { "contact": other["id"], "version": 2 } });
        curator.change("mergeContacts", merge).await.data("/mergeContacts/version");
        // The person takes consent back: of both entries, for they are one.
        let input = json!({ "contact": keep["id"], "expectedVersion": 3, "reason": "CONSENT_WITHDRAWN" });
        curator.change("withdrawContact", input).await.data("/withdrawContact/version");
        for (id, version) in [(&other["id"], 3), (&keep["id"], 4)] {
            let undo = json!({ "contact": id, "expectedVersion": version });
            assert_eq!(curator.change("undoContact", undo).await.argument(), "input.contact");
        }
        assert_eq!(found(&service, &holder, "dubbel").await, [] as [Value; 0]);
        assert_eq!(found(&service, &holder, "alida").await, [] as [Value; 0]);
    }

    async fn the_later_consent_counts_and_who_was_shown_is_shown(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let consent = async |entry: &Value, on: &str| {
            let input = json!({ "contact": entry["id"], "expectedVersion": entry["version"], "consentOn": on, "consentSource": "mail" });
            curator.change("publishContact", input).await.data("/publishContact/contact")
        };
        let merge = async |keep: &Value, other: &Value, take: Value| {
            let input = json!({ "keep": { "contact": keep["id"], "version": keep["version"] },
                "other": { "contact": other["id"], "version": other["version"] }, "take": take });
            curator.change("mergeContacts", input).await
        };
        let (old, new) = (curator.add(json!({})).await, curator.add(json!({ "workCity": null, "phone": null })).await);
        let (old, new) = (consent(&old, "2026-03-01").await, consent(&new, "2026-10-01").await);
        let merged = merge(&old, &new, json!(["PHONE"])).await.data("/mergeContacts/contact");
        assert_eq!(merged["curation"]["consentOn"], "2026-10-01");
        assert_eq!(merged["phone"], "030 123 45 67", "nothing is taken for something");
        let draft = curator.add(json!({ "workPostcode": "3512", "workCity": null, "provider": null })).await;
        let shown = merge(&draft, &merged, json!([])).await.data("/mergeContacts/contact");
        assert_eq!((&shown["status"], &shown["curation"]["consentOn"]), (&json!("PUBLISHED"), &json!("2026-10-01")));
        assert_eq!((&shown["workPostcode"], &shown["workCity"]), (&json!("3512"), &Value::Null), "an address is of one piece");
        let refused = merge(&shown, &curator.add(json!({})).await, json!(["NAME", "STATUS"])).await;
        assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!("input.take.1")));
        // A consent is renewed, and never by an older one.
        let renewed = consent(&shown, "2026-11-30").await;
        assert_eq!((&renewed["status"], &renewed["curation"]["consentOn"]), (&json!("PUBLISHED"), &json!("2026-11-30")));
        let input = json!({ "contact": renewed["id"], "expectedVersion": renewed["version"], "consentOn": "2026-11-29", "consentSource": "mail" });
        assert_eq!(curator.change("publishContact", input).await.argument(), "input.consentOn");
    }
}
