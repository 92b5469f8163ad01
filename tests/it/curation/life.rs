//! From draft to erasure: what each step leaves, and who sees it.

use serde_json::{Value, json};
use zorgkaart::{auth::Subject, graphql::id::GlobalId};

use super::{Curator, found};
use crate::support::{databases::on_both_databases, service::Service};

on_both_databases! {
    async fn an_entry_lives_from_draft_to_withdrawal(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let holder = service.holder("DEMO-0001").await;
        let draft = curator.add(json!({})).await;
        assert_eq!((&draft["status"], &draft["version"]), (&json!("DRAFT"), &json!(1)));
        assert_eq!((&draft["workPostcode"], &draft["expertise"]), (&json!("3511"), &json!(["epilepsie", "sondevoeding"])));
        assert_eq!((&draft["dueOn"], &draft["verifiedAt"]), (&json!("2026-12-01"), &Value::Null), "due at once");
        assert_eq!(found(&service, &holder, "alida wit").await, [] as [Value; 0], "a draft is not shown");

        let published = curator.publish(&draft).await;
        assert_eq!((&published["status"], &published["version"]), (&json!("PUBLISHED"), &json!(2)));
        assert_eq!(published["curation"]["consentOn"], "2026-11-01");
        assert_eq!(found(&service, &holder, "alida wit").await, [draft["id"].clone()]);

        // An edit is seen at once; what is left out stays, what is null goes.
        let set = json!({ "function": null, "phone": "+31 30 765 43 21", "expertise": [] });
        let input = json!({ "contact": draft["id"], "expectedVersion": 2, "set": set });
        let edited = curator.change("editContact", input).await.data("/editContact/contact");
        assert_eq!((&edited["function"], &edited["phone"]), (&Value::Null, &json!("+31 30 765 43 21")));
        assert_eq!((&edited["expertise"], &edited["email"]), (&json!([]), &json!("alida@noord.example")));

        let input = json!({ "contact": draft["id"], "expectedVersion": 3, "reason": "LEFT_ORGANISATION" });
        let withdrawn = curator.change("withdrawContact", input).await.data("/withdrawContact/contact");
        assert_eq!(withdrawn["status"], "WITHDRAWN");
        assert_eq!(withdrawn["curation"]["withdrawnOn"], "2026-12-01");
        assert_eq!(found(&service, &holder, "alida wit").await, [] as [Value; 0], "gone at once");

        let undo = json!({ "contact": draft["id"], "expectedVersion": 4 });
        let undone = curator.change("undoContact", undo).await.data("/undoContact/contact");
        assert_eq!((&undone["status"], &undone["version"]), (&json!("PUBLISHED"), &json!(5)));
        assert_eq!(undone["curation"]["withdrawnOn"], Value::Null);
        assert_eq!(found(&service, &holder, "alida wit").await, [draft["id"].clone()]);
        // Undone again it is withdrawn again: undoing is a change too.
        let undo = json!({ "contact": draft["id"], "expectedVersion": 5 });
        let redone = curator.change("undoContact", undo).await.data("/undoContact/contact");
        assert_eq!(redone["status"], "WITHDRAWN");
    }

    async fn who_took_consent_back_comes_back_only_by_a_new_consent(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let entry = curator.publish(&curator.add(json!({})).await).await;
        let input = json!({ "contact": entry["id"], "expectedVersion": 2, "reason": "CONSENT_WITHDRAWN" });
        curator.change("withdrawContact", input).await.data("/withdrawContact/version");
        let refused = curator.change("undoContact", json!({ "contact": entry["id"], "expectedVersion": 3 })).await;
        assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!("input.contact")));
        let again = |on: &str| {
            json!({ "contact": entry["id"], "expectedVersion": 3, "consentOn": on, "consentSource": "e-mail" })
        };
        for old in ["2026-11-01", "2026-11-30", "2026-12-02"] {
            let refused = curator.change("publishContact", again(old)).await;
            assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!("input.consentOn")), "{old}");
        }
        let back = curator.change("publishContact", again("2026-12-01")).await.data("/publishContact/contact");
        assert_eq!((&back["status"], &back["curation"]["consentSource"]), (&json!("PUBLISHED"), &json!("e-mail")));
    }

    async fn what_is_wrong_is_named_and_changes_nothing(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let entry = curator.add(json!({ "externalId": "hr-7" })).await;
        let other = curator.add(json!({ "name": "Demo Ander", "externalId": "hr-8" })).await;
        let stranger = json!(format!("provider_{}", "0".repeat(32)));
        for (set, argument) in [
            (json!({}), "input.set"),
            (json!({ "name": " " }), "input.set.name"),
            (json!({ "name": null }), "input.set.name"),
            (json!({ "name": "x".repeat(201) }), "input.set.name"),
            (json!({ "name": "Demo\u{202e}Omgekeerd" }), "input.set.name"),
            (json!({ "organisation": "" }), "input.set.organisation"),
            (json!({ "organisationKind": null }), "input.set.organisationKind"),
            (json!({ "email": "geen adres" }), "input.set.email"),
            (json!({ "email": "Demo <demo@demo.example>" }), "input.set.email"),
            (json!({ "email": "demo@[127.0.0.1]" }), "input.set.email"),
            (json!({ "phone": "bel maar" }), "input.set.phone"),
            (json!({ "phone": "1234" }), "input.set.phone"),
            (json!({ "workPostcode": "0999" }), "input.set.workPostcode"),
            (json!({ "workPostcode": "1000" }), "input.set.workPostcode"),
            (json!({ "gemeenten": ["GM0344", "GM9999"] }), "input.set.gemeenten.1"),
            (json!({ "regions": ["ZK99"] }), "input.set.regions.0"),
            (json!({ "expertise": ["epilepsie", ""] }), "input.set.expertise.1"),
            (json!({ "provider": "nonsense" }), "input.set.provider"),
            (json!({ "provider": stranger }), "input.set.provider"),
            (json!({ "place": format!("place_{}", "0".repeat(32)) }), "input.set.place"),
            (json!({ "externalId": "hr 9" }), "input.set.externalId"),
            (json!({ "externalId": "hr-8" }), "input.set.externalId"),
        ] {
            let input = json!({ "contact": entry["id"], "expectedVersion": 1, "set": set });
            let refused = curator.change("editContact", input).await;
            assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{set}");
            let message = refused.json()["errors"][0]["message"].to_string();
            assert!(!message.contains("Demo") && !message.contains("geen adres"), "{message}");
        }
        assert_eq!(curator.entry(&entry["id"]).await, entry);
        let nobody = json!(format!("contact_{}", "0".repeat(32)));
        for (mutation, input, argument) in [
            ("editContact", json!({ "contact": nobody, "expectedVersion": 1, "set": { "phone": null } }), "input.contact"),
            ("editContact", json!({ "contact": "nonsense", "expectedVersion": 1, "set": { "phone": null } }), "input.contact"),
            ("withdrawContact", json!({ "contact": nobody, "expectedVersion": 1, "reason": "OTHER" }), "input.contact"),
            ("undoContact", json!({ "contact": entry["id"], "expectedVersion": 1 }), "input.contact"),
            ("publishContact", json!({ "contact": entry["id"], "expectedVersion": 1, "consentOn": "2026-12-02",
                "consentSource": "formulier" }), "input.consentOn"),
            ("publishContact", json!({ "contact": entry["id"], "expectedVersion": 1, "consentOn": "2026-11-31",
                "consentSource": "formulier" }), "input.consentOn"),
            ("publishContact", json!({ "contact": entry["id"], "expectedVersion": 1, "consentOn": "2026-11-30",
                "consentSource": " " }), "input.consentSource"),
            ("mergeContacts", json!({ "keep": { "contact": entry["id"], "version": 1 },
                "other": { "contact": entry["id"], "version": 1 } }), "input.other"),
            ("addContact", json!({ "set": { "name": "Demo Half" } }), "input.set"),
            ("addContact", json!({ "set": { "name": "Demo Half", "organisation": "Demo", "organisationKind": "OVERIG",
                "externalId": "hr-8" } }), "input.set.externalId"),
        ] {
            let refused = curator.change(mutation, input.clone()).await;
            assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{mutation} {input}");
        }
        assert_eq!(curator.entry(&entry["id"]).await, entry);
        assert_eq!(curator.entry(&other["id"]).await, other);
    }

    async fn where_somebody_works_follows_from_the_place(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let query = "{ placesNear(near: { postcode: \"3511\" }, first: 100) { edges { node { id provider { id }
            location { precision } } } } }";
        let edges = service.ask(None, query).await.data("/placesNear/edges");
        let places: Vec<&Value> = edges.as_array().unwrap().iter().map(|edge| &edge["node"]).collect();
        let (place, other) = (places[0], places.iter().find(|one| one["provider"] != places[0]["provider"]).unwrap());
        let entry = curator.add(json!({ "place": place["id"] })).await;
        assert_eq!(entry["curation"]["provider"], place["provider"]["id"]);
        let at = |id: &Value| format!("{{ place(id: {id}) {{ contacts {{ id }} }} }}");
        let entry = curator.publish(&entry).await;
        let holder = service.holder("DEMO-0001").await;
        let contacts = service.ask(Some(&holder), &at(&place["id"])).await.data("/place/contacts");
        assert!(contacts.as_array().unwrap().contains(&json!({ "id": entry["id"] })), "{contacts}");
        // A place of one and the provider of another do not go together.
        let set = json!({ "place": place["id"], "provider": other["provider"]["id"] });
        let input = json!({ "contact": entry["id"], "expectedVersion": 2, "set": set });
        assert_eq!(curator.change("editContact", input).await.argument(), "input.set.place");
        // Who works for another provider has left the building.
        let set = json!({ "provider": other["provider"]["id"] });
        let input = json!({ "contact": entry["id"], "expectedVersion": 2, "set": set });
        let moved = curator.change("editContact", input).await.data("/editContact/contact");
        assert_eq!(moved["curation"]["provider"], other["provider"]["id"]);
        assert_eq!(moved["curation"]["place"], Value::Null);
        let contacts = service.ask(Some(&holder), &at(&place["id"])).await.data("/place/contacts");
        assert!(!contacts.as_array().unwrap().contains(&json!({ "id": entry["id"] })));
    }

    async fn what_is_sent_again_happens_once(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = Curator::of(&service);
        let set = json!({ "name": "Demo Eenmaal", "organisation": "Demo", "organisationKind": "OVERIG" });
        let input = json!({ "set": set, "idempotencyKey": "demo-1" });
        let first = curator.change("addContact", input.clone()).await.data("/addContact/contact");
        let again = curator.change("addContact", input).await.data("/addContact/contact");
        assert_eq!(first, again);
        assert_eq!(found(&service, &curator.token, "eenmaal").await.len(), 1);
    }

    async fn a_withdrawal_holds_at_once_on_every_replica(db: TestDatabase) {
        let db = std::sync::Arc::new(db);
        let (one, two) = (Service::start(std::sync::Arc::clone(&db)).await, Service::start(db).await);
        let curator = Curator::of(&one);
        let provider = two.first_provider().await;
        let own = json!({ "provider": GlobalId::Provider(provider).to_string(), "organisationKind": "ZORGAANBIEDER" });
        let entry = curator.publish(&curator.add(own).await).await;
        let node = format!("{{ node(id: {}) {{ id }} }}", entry["id"]);
        let staff = two.token(&Subject::Provider(provider));
        assert_eq!(two.ask(Some(&staff), &node).await.data("/node/id"), entry["id"]);
        let holder = two.holder("DEMO-0001").await;
        assert_eq!(found(&two, &holder, "alida").await, [entry["id"].clone()]);
        let input = json!({ "contact": entry["id"], "expectedVersion": 2, "reason": "CONSENT_WITHDRAWN" });
        curator.change("withdrawContact", input).await.data("/withdrawContact/version");
        // The very next question, on the other replica, by every way.
        assert_eq!(found(&two, &holder, "alida").await, [] as [Value; 0]);
        assert_eq!(two.ask(Some(&holder), &node).await.data("/node"), Value::Null);
        assert_eq!(two.ask(Some(&staff), &node).await.data("/node"), Value::Null);
    }
}
