//! What providers propose.

use serde_json::{Value, json};
use zorgkaart::{auth::Subject, graphql::id::GlobalId};

use super::Curator;
use crate::support::{databases::on_both_databases, service::Service};

const PROPOSE: &str = "mutation($input: ProposeContactInput!) { proposeContact(input: $input) { proposal {
    id provider contact status note reason decidedAt fields { field from to } } } }";
const DECIDE: &str = "mutation($input: DecideContactProposalInput!) { decideContactProposal(input: $input) { proposal {
    id contact status reason decidedAt } } }";
const LIST: &str =
    "query($status: ProposalStatus, $after: String) { contactProposals(status: $status, first: 2, after: $after) {
    pageInfo { endCursor hasNextPage } edges { node { id } } } }";

/// Staff of a provider, with an entry of their own.
async fn staff<'a>(service: &'a Service, curator: &Curator<'_>) -> (Curator<'a>, Value) {
    let provider = service.first_provider().await;
    let staff = Curator { service, token: service.token(&Subject::Provider(provider)) };
    let id = GlobalId::Provider(provider).to_string();
    let entry = curator.add(json!({ "provider": id, "organisationKind": "ZORGAANBIEDER" })).await;
    (staff, curator.publish(&entry).await)
}

async fn listed(who: &Curator<'_>, status: Option<&str>) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = who.ask(LIST, json!({ "status": status, "after": after })).await.data("/contactProposals");
        all.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["id"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

on_both_databases! {
    async fn what_is_proposed_waits_for_the_kenniscentrum(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let (staff, entry) = staff(&service, &curator).await;
        let seen = json!({ "contact": entry["id"], "version": 2 });
        let propose = async |set: Value, more: Value| {
            let mut input = json!({ "contact": seen, "set": set });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            staff.ask(PROPOSE, json!({ "input": input })).await
        };
        let phone = propose(json!({ "phone": "030 999 99 99" }), json!({ "note": "Demo: ander nummer" })).await;
        let phone = phone.data("/proposeContact/proposal");
        assert_eq!((&phone["status"], &phone["note"]), (&json!("OPEN"), &json!("Demo: ander nummer")));
        assert_eq!(phone["fields"], json!([{ "field": "PHONE", "from": "030 123 45 67", "to": "030 999 99 99" }]));
        let city = propose(json!({ "workCity": "Zeist" }), json!({})).await.data("/proposeContact/proposal");
        let gone = propose(json!({}), json!({ "withdraw": true })).await.data("/proposeContact/proposal");
        assert_eq!(curator.entry(&entry["id"]).await, entry, "nothing has changed yet");
        let ids = [&phone["id"], &city["id"], &gone["id"]];
        assert_eq!(listed(&curator, Some("OPEN")).await.iter().collect::<Vec<_>>(), ids);
        assert_eq!(listed(&staff, None).await.iter().collect::<Vec<_>>(), ids);

        let decide = async |proposal: &Value, accept: bool| {
            let input = json!({ "proposal": proposal["id"], "accept": accept, "reason": "Demo: nagebeld" });
            curator.ask(DECIDE, json!({ "input": input })).await
        };
        let accepted = decide(&phone, true).await.data("/decideContactProposal/proposal");
        assert_eq!((&accepted["status"], &accepted["reason"]), (&json!("ACCEPTED"), &json!("Demo: nagebeld")));
        let now = curator.entry(&entry["id"]).await;
        assert_eq!((&now["phone"], &now["version"], &now["status"]), (&json!("030 999 99 99"), &json!(3), &json!("PUBLISHED")));
        assert_eq!(curator.history(&entry["id"]).await[0]["action"], "ACCEPT");
        let rejected = decide(&city, false).await.data("/decideContactProposal/proposal");
        assert_eq!(rejected["status"], "REJECTED");
        assert_eq!(curator.entry(&entry["id"]).await, now);
        assert_eq!(decide(&city, true).await.argument(), "input.proposal", "once");
        decide(&gone, true).await.data("/decideContactProposal/proposal/id");
        let ended = curator.entry(&entry["id"]).await;
        assert_eq!((&ended["status"], &ended["curation"]["withdrawalReason"]), (&json!("WITHDRAWN"), &json!("LEFT_ORGANISATION")));
        assert_eq!(listed(&curator, Some("OPEN")).await, [] as [Value; 0]);
        assert_eq!(listed(&staff, Some("ACCEPTED")).await.len(), 2);
    }

    async fn somebody_new_becomes_a_draft(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let (staff, entry) = staff(&service, &curator).await;
        let set = json!({ "name": "Demo Nieuw", "organisation": "Demo Zorg", "email": "nieuw@zorg.example" });
        let proposed = staff.ask(PROPOSE, json!({ "input": { "set": set } })).await.data("/proposeContact/proposal");
        assert_eq!(proposed["contact"], Value::Null);
        let input = json!({ "proposal": proposed["id"], "accept": true, "reason": "Demo: welkom" });
        let decided = curator.ask(DECIDE, json!({ "input": input })).await.data("/decideContactProposal/proposal");
        let made = curator.entry(&decided["contact"]).await;
        assert_eq!((&made["name"], &made["status"]), (&json!("Demo Nieuw"), &json!("DRAFT")));
        assert_eq!((&made["organisationKind"], &made["curation"]["provider"]), (&json!("ZORGAANBIEDER"), &entry["curation"]["provider"]));
        let undo = json!({ "contact": made["id"], "expectedVersion": 1 });
        assert_eq!(curator.change("undoContact", undo).await.argument(), "input.contact", "what made it is not undone");
    }

    async fn what_has_changed_in_between_is_not_overwritten(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let (staff, entry) = staff(&service, &curator).await;
        let seen = json!({ "contact": entry["id"], "version": 2 });
        let propose = async |set: Value| {
            let input = json!({ "contact": seen, "set": set });
            staff.ask(PROPOSE, json!({ "input": input })).await.data("/proposeContact/proposal/id")
        };
        let (phone, city) = (propose(json!({ "phone": "030 999 99 99" })).await, propose(json!({ "workCity": "Zeist" })).await);
        let input = json!({ "contact": entry["id"], "expectedVersion": 2, "set": { "phone": "030 888 88 88" } });
        curator.change("editContact", input).await.data("/editContact/version");
        let decide = async |id: &Value| {
            let input = json!({ "proposal": id, "accept": true, "reason": "Demo" });
            curator.ask(DECIDE, json!({ "input": input })).await
        };
        assert_eq!(decide(&phone).await.argument(), "input.proposal");
        assert_eq!(curator.entry(&entry["id"]).await["phone"], "030 888 88 88");
        assert!(listed(&curator, Some("OPEN")).await.contains(&phone), "still to be decided");
        decide(&city).await.data("/decideContactProposal/proposal/id");
        assert_eq!(curator.entry(&entry["id"]).await["workCity"], "Zeist", "another field does not stand in the way");
        // Who proposes has to have seen what there is.
        let input = json!({ "contact": seen, "set": { "function": "arts" } });
        let late = staff.ask(PROPOSE, json!({ "input": input })).await;
        assert_eq!((late.code(), &late.json()["errors"][0]["extensions"]["version"]), (json!("CONFLICT"), &json!(4)));
    }

    async fn only_for_the_own_organisation_and_only_what_is_theirs(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let (staff, entry) = staff(&service, &curator).await;
        let other = curator.add(json!({ "name": "Demo Ander" })).await;
        let query = "{ placesNear(near: { postcode: \"3511\" }, first: 100) { edges { node { id provider { id } } } } }";
        let places = service.ask(None, query).await.data("/placesNear/edges");
        let away = places.as_array().unwrap().iter().find(|edge| edge["node"]["provider"]["id"] != entry["curation"]["provider"]).unwrap();
        let seen = json!({ "contact": entry["id"], "version": 2 });
        for (input, argument) in [
            (json!({ "contact": { "contact": other["id"], "version": 1 }, "set": { "phone": null } }), "input.contact"),
            (json!({ "contact": { "contact": format!("contact_{}", "0".repeat(32)), "version": 1 }, "set": {} }), "input.contact"),
            (json!({ "contact": seen, "set": {} }), "input.set"),
            (json!({ "contact": seen, "set": { "name": "Demo Álida de Wit" } }), "input.set"),
            (json!({ "contact": seen, "set": { "externalId": "x" } }), "input.set.externalId"),
            (json!({ "contact": seen, "set": { "provider": null } }), "input.set.provider"),
            (json!({ "contact": seen, "set": { "place": away["node"]["id"] } }), "input.set.place"),
            (json!({ "contact": seen, "set": { "email": "x" } }), "input.set.email"),
            (json!({ "set": { "name": "Demo Half" } }), "input.set"),
            (json!({ "withdraw": true }), "input.withdraw"),
            (json!({ "contact": seen, "set": { "phone": null }, "note": "x".repeat(201) }), "input.note"),
        ] {
            let refused = staff.ask(PROPOSE, json!({ "input": input })).await;
            assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{input}");
        }
        assert_eq!(listed(&curator, None).await, [] as [Value; 0]);
        // Another provider sees none of it.
        let input = json!({ "contact": seen, "set": { "phone": null } });
        staff.ask(PROPOSE, json!({ "input": input })).await.data("/proposeContact/proposal/id");
        let Some(GlobalId::Provider(stranger)) = GlobalId::parse(away["node"]["provider"]["id"].as_str().unwrap()) else { panic!() };
        let stranger = Curator { service: &service, token: service.token(&Subject::Provider(stranger)) };
        assert_eq!(listed(&stranger, None).await, [] as [Value; 0]);
        assert_eq!(stranger.ask(PROPOSE, json!({ "input": input })).await.argument(), "input.contact");
        // And the kenniscentrum edits, it does not propose.
        assert_eq!(curator.ask(PROPOSE, json!({ "input": input })).await.code(), "FORBIDDEN");
    }

    async fn who_works_elsewhere_by_now_is_no_longer_theirs(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let (staff, entry) = staff(&service, &curator).await;
        let query = "{ placesNear(near: { postcode: \"3511\" }, first: 100) { edges { node { id provider { id } } } } }";
        let edges = service.ask(None, query).await.data("/placesNear/edges");
        let places: Vec<&Value> = edges.as_array().unwrap().iter().map(|edge| &edge["node"]).collect();
        let own = places.iter().find(|place| place["provider"]["id"] == entry["curation"]["provider"]);
        let away = places.iter().find(|place| place["provider"]["id"] != entry["curation"]["provider"]).unwrap();
        let seen = json!({ "contact": entry["id"], "version": 2 });
        let mut ids = Vec::new();
        let set = own.map_or(json!({ "phone": null }), |own| json!({ "place": own["id"] }));
        for input in [json!({ "contact": seen, "set": set, "note": "Demo: hier" }), json!({ "contact": seen, "withdraw": true })] {
            ids.push(staff.ask(PROPOSE, json!({ "input": input })).await.data("/proposeContact/proposal/id"));
        }
        let list = "{ contactProposals { edges { node { id contact note fields { field from to } } } } }";
        let shown = staff.ask(list, json!({})).await.data("/contactProposals/edges");
        assert!(shown.to_string().contains("Demo: hier") && shown.to_string().contains(entry["id"].as_str().unwrap()));
        if let Some(own) = own {
            assert!(shown.to_string().contains("place_"), "a building is shown as a place in it: {own}");
        }
        let input = json!({ "contact": entry["id"], "expectedVersion": 2, "set": { "provider": away["provider"]["id"] } });
        curator.change("editContact", input).await.data("/editContact/version");
        for id in &ids {
            let input = json!({ "proposal": id, "accept": true, "reason": "Demo" });
            assert_eq!(curator.ask(DECIDE, json!({ "input": input })).await.argument(), "input.proposal");
        }
        assert_eq!(curator.entry(&entry["id"]).await["status"], "PUBLISHED");
        // What was proposed of somebody who is theirs no longer is shown to them no longer.
        let shown = staff.ask(list, json!({})).await.data("/contactProposals/edges");
        for edge in shown.as_array().unwrap() {
            assert_eq!((&edge["node"]["contact"], &edge["node"]["note"]), (&Value::Null, &Value::Null));
            assert_eq!(edge["node"]["fields"], json!([]));
        }
        assert!(curator.ask(list, json!({})).await.data("/contactProposals/edges").to_string().contains("Demo: hier"));
    }

    async fn nobody_buries_the_kenniscentrum_in_proposals(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let (staff, _) = staff(&service, &curator).await;
        let propose = async || {
            let set = json!({ "name": "Demo Nieuw", "organisation": "Demo Zorg" });
            staff.ask(PROPOSE, json!({ "input": { "set": set } })).await
        };
        for _ in 0..200 {
            propose().await.data("/proposeContact/proposal/id");
        }
        let refused = propose().await;
        assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!("input.contact")));
        assert_eq!(listed(&curator, Some("OPEN")).await.len(), 200);
    }
}
