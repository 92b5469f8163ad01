//! What a record says.

use std::collections::BTreeSet;

use entity::audit_event;
use futures::future::join_all;
use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use super::{Trail, objects, sha256};
use crate::support::databases::on_both_databases;

on_both_databases! {
    async fn a_search_is_recorded_as_it_was(db: TestDatabase) {
        let trail = Trail::of(db).await;
        let service = &trail.service;
        let token = service.holder("DEMO-0001").await;
        let holder = service.store.database().passport_by_number("DEMO-0001").await.unwrap().unwrap();
        let query = "query FindPeople($near: NearInput) { contacts(near: $near, first: 7) { edges { node { id name } } } }";
        let answer = service.ask_with(Some(&token), query, json!({"near": {"postcode": "3511"}})).await;
        let ids: Vec<Value> = answer.data("/contacts/edges").as_array().unwrap().iter().map(|edge| {
            json!({"type": "contact", "id": edge["node"]["id"].as_str().unwrap().strip_prefix("contact_")})
        }).collect();
        let records = trail.records().await;
        let [event] = &records[..] else { panic!("{records:?}") };
        let expected = audit_event::Model {
            seq: 1,
            id: event.id,
            occurred_at: service.clock.now(),
            recorded_at: service.clock.now(),
            event_type: "search".into(),
            outcome: "success".into(),
            reason_code: None,
            actor: format!("passport:{}", holder.0.simple()),
            actor_role: "PASSPORT_HOLDER".into(),
            actor_organisation: None,
            on_behalf_of: None,
            auth_method: "bearer".into(),
            token_hash: Some(sha256(&token)),
            replica: "zorgkaart".into(),
            client: None,
            address: Some("127.0.0.0/24".into()),
            operation_name: Some("FindPeople".into()),
            document_hash: Some(sha256(query)),
            purpose: "contactenbestand".into(),
            objects: json!(ids),
            result_count: 7,
            request_id: Some(answer.headers["x-request-id"].to_str().unwrap().into()),
            prev_hash: "0".repeat(64),
            hash: event.hash.clone(),
        };
        assert_eq!(*event, expected);
    }

    async fn every_way_to_a_contact_is_recorded(db: TestDatabase) {
        let trail = Trail::of(db).await;
        let service = &trail.service;
        let staff_of = service.first_provider().await;
        let kenniscentrum = service.token(&Subject::Kenniscentrum);
        let staff = service.token(&Subject::Provider(staff_of));
        let all = trail.contacts(&kenniscentrum).await;
        let own = trail.contacts(&staff).await;
        let known = service.holder("DEMO-0001").await;
        let published = trail.contacts(&known).await;
        assert!(own.len() < published.len() && published.len() < 120 && all.len() == 100);

        // By id: one that is there, one that is not, one that is another's.
        let node = |id: &str| format!("query One {{ node(id: \"{id}\") {{ id }} }}");
        assert_eq!(service.ask(Some(&known), &node(&published[0].0)).await.data("/node/id"), published[0].0.as_str());
        let nothing = format!("contact_{}", "0".repeat(32));
        assert_eq!(service.ask(Some(&known), &node(&nothing)).await.data("/node"), Value::Null);
        let other = published.iter().find(|contact| !own.contains(contact)).unwrap();
        assert_eq!(service.ask(Some(&staff), &node(&other.0)).await.data("/node"), Value::Null);
        // By place, many at once.
        let query = "{ placesNear(near: {postcode: \"3511\"}, first: 100) { edges { node { contacts { id } } } } }";
        let places = service.ask(Some(&known), query).await.data("/placesNear/edges");
        let places = places.as_array().unwrap();
        assert!(places.iter().any(|edge| edge["node"]["contacts"] != json!([])));

        let records = trail.records().await;
        let of = |event: &audit_event::Model| {
            (event.event_type.clone(), event.actor_role.clone(), event.operation_name.clone(), event.objects.clone())
        };
        let search = |role: &str, ids| ("search".to_owned(), role.to_owned(), None, objects(ids));
        let read = |role: &str, objects| ("read".to_owned(), role.to_owned(), Some("One".to_owned()), objects);
        let first: Vec<_> = records.iter().take(6).map(of).collect();
        let expected = [
            search("KENNISCENTRUM", &all),
            search("PROVIDER", &own),
            search("PASSPORT_HOLDER", &published),
            read("PASSPORT_HOLDER", objects(&published[..1])),
            read("PASSPORT_HOLDER", json!([])),
            read("PROVIDER", json!([])),
        ];
        assert_eq!(first, expected);
        assert_eq!(records[0].actor, "kenniscentrum");
        assert_eq!(records[1].actor_organisation, Some(staff_of.0.simple().to_string()));
        assert_eq!(records[1].actor, format!("provider:{}", staff_of.0.simple()));
        for event in &records {
            assert_eq!(event.objects.as_array().unwrap().len(), usize::try_from(event.result_count).unwrap());
        }
        // Places in one building share their contacts; each is recorded once.
        let answered: BTreeSet<String> = places
            .iter()
            .flat_map(|edge| edge["node"]["contacts"].as_array().unwrap())
            .map(|contact| contact["id"].as_str().unwrap().replace("contact_", ""))
            .collect();
        let recorded: BTreeSet<String> = records[6..]
            .iter()
            .flat_map(|event| event.objects.as_array().unwrap())
            .map(|object| object["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(recorded, answered);
    }

    async fn nobodys_data_are_in_the_trail(db: TestDatabase) {
        let trail = Trail::of(db).await;
        let service = &trail.service;
        let holder = service.holder("DEMO-0001").await;
        let query = "query People($near: NearInput, $after: String) { contacts(near: $near, first: 100, after: $after) {
            pageInfo { endCursor hasNextPage }
            edges { node { id name function organisation email phone workPostcode workCity } } } }";
        let mut texts = vec!["DEMO-0001".to_owned(), "3511".to_owned(), holder.clone()];
        let mut after = Value::Null;
        loop {
            let near = json!({"near": {"postcode": "3511"}, "after": after});
            let page = service.ask_with(Some(&holder), query, near).await.data("/contacts");
            for edge in page["edges"].as_array().unwrap() {
                let fields = edge["node"].as_object().unwrap().iter().filter(|(name, _)| *name != "id");
                texts.extend(fields.filter_map(|(_, value)| value.as_str().map(Into::into)));
            }
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        let known = trail.contacts(&holder).await;
        service.ask(Some(&holder), &format!("{{ node(id: \"{}\") {{ ... on Contact {{ name }} }} }}", known[0].0)).await;
        assert!(texts.len() > 500, "{}", texts.len());
        for mut event in trail.records().await {
            // Digits of hashes and ids mean nothing, but may spell a postcode.
            let ids = std::mem::take(&mut event.objects);
            assert!(ids.as_array().unwrap().iter().all(|object| {
                object.as_object().unwrap().keys().all(|name| name == "type" || name == "id")
            }));
            (event.hash, event.prev_hash, event.token_hash, event.document_hash) = (String::new(), String::new(), None, None);
            (event.id, event.request_id, event.actor) = (uuid::Uuid::nil(), None, String::new());
            let said = format!("{event:?}");
            for text in &texts {
                assert!(!said.contains(text.as_str()), "{text}: {said}");
            }
        }
    }

    async fn what_is_denied_is_no_read(db: TestDatabase) {
        let trail = Trail::of(db).await;
        let service = &trail.service;
        let known = trail.contacts(&service.token(&Subject::Kenniscentrum)).await;
        let id = &known[0].0;
        let query = format!("{{ contacts {{ edges {{ node {{ name }} }} }} node(id: \"{id}\") {{ id }}
            placesNear(near: {{postcode: \"3511\"}}, first: 5) {{ edges {{ node {{ contacts {{ name }} }} }} }} }}");
        let zorgkantoor = service.token(&Subject::Zorgkantoor(vec!["ZK23".into()]));
        for (token, code) in [
            (None, "UNAUTHENTICATED"),
            (Some(zorgkantoor), "FORBIDDEN"),
            (Some(service.holder("DEMO-0002").await), "FORBIDDEN"),
            (Some(service.holder("DEMO-0003").await), "FORBIDDEN"),
        ] {
            let answer = service.ask(token.as_deref(), &query).await;
            let body = answer.json();
            assert_eq!((answer.status.as_u16(), answer.code()), (200, json!(code)));
            assert_eq!(body["errors"].as_array().unwrap().len(), 6, "{body:#}");
            // What one may not see by its id is not there, as if it did not exist.
            assert_eq!(body["data"].get("node"), Some(&Value::Null));
            assert_eq!(body["data"].get("contacts"), Some(&Value::Null));
            for edge in body["data"]["placesNear"]["edges"].as_array().unwrap() {
                assert_eq!(edge["node"].get("contacts"), Some(&Value::Null));
            }
        }
        // And what is refused before it is read leaves nothing either.
        let token = service.holder("DEMO-0001").await;
        service.ask(Some(&token), "{ contacts(first: 0) { edges { node { name } } } }").await;
        // Whoever was refused by name is recorded as refused, and nothing of what was asked for.
        let records = trail.records().await;
        assert_eq!(records[0].event_type, "search", "the search for an id");
        for record in &records[1..] {
            assert_eq!((record.event_type.as_str(), record.outcome.as_str()), ("denied", "failure"));
            assert_eq!((&record.objects, record.result_count), (&json!([]), 0));
            assert_ne!(record.actor_role, "ANONYMOUS");
        }
        assert_eq!(records.len(), 1 + 3 * 3, "contacts, node and those of places, for three who were known");
    }

    async fn reads_at_once_are_recorded_one_after_the_other(db: TestDatabase) {
        let trail = Trail::of(db).await;
        let service = &trail.service;
        let holder = service.holder("DEMO-0001").await;
        let questions: Vec<String> =
            (0..20).map(|n| format!("query At{n} {{ contacts(first: {}) {{ edges {{ cursor }} }} }}", n + 1)).collect();
        let answers = join_all(questions.iter().map(|query| service.ask(Some(&holder), query))).await;
        for (n, answer) in answers.iter().enumerate() {
            assert_eq!(answer.data("/contacts/edges").as_array().unwrap().len(), n + 1);
        }
        let mut counts: Vec<i32> = trail.records().await.iter().map(|event| event.result_count).collect();
        counts.sort_unstable();
        assert!(counts.into_iter().eq(1..=20));
    }

    async fn a_page_of_places_with_their_contacts_is_answered(db: TestDatabase) {
        let trail = Trail::of(db).await;
        let holder = trail.service.holder("DEMO-0001").await;
        let query = "{ placesNear(near: {postcode: \"3511\"}, first: 100) { edges { node { contacts { id } } } } }";
        let answer = trail.service.ask(Some(&holder), query).await;
        assert_eq!(answer.data("/placesNear/edges").as_array().unwrap().len(), 100);
        // Read together, recorded together: not a record per place.
        assert!((1..50).contains(&trail.records().await.len()));
    }
}
