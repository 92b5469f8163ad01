//! Who has read or changed something, for those who may know.

use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use crate::support::{databases::on_both_databases, service::Service};

const TRAIL: &str = "query($subject: String!, $after: String) { auditTrail(subject: $subject, from: \"2026-12-01\",
    to: \"2026-12-01\", first: 2, after: $after) { edges { node { at kind success role actor purpose operation } }
    pageInfo { hasNextPage endCursor } } }";

on_both_databases! {
    async fn the_kenniscentrum_reads_who_has_read(db: TestDatabase) {
        let service = Service::start(db).await;
        let (holder, kenniscentrum) = (service.holder("DEMO-0001").await, service.token(&Subject::Kenniscentrum));
        let contact = service.ask(Some(&holder), "query Zoek { contacts(first: 1) { edges { node { id } } } }").await;
        let contact = contact.data("/contacts/edges/0/node/id");
        let node = format!("query Kijk {{ node(id: {contact}) {{ id }} }}");
        service.ask(Some(&kenniscentrum), &node).await.data("/node/id");
        service.ask(Some(&holder), &node).await.data("/node/id");
        let page = async |after: Value| {
            let variables = json!({ "subject": contact, "after": after });
            service.ask_with(Some(&kenniscentrum), TRAIL, variables).await.data("/auditTrail")
        };
        let first = page(Value::Null).await;
        let events: Vec<Value> = first["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()).collect();
        assert_eq!(events[0]["kind"], "search");
        assert_eq!((&events[0]["role"], &events[0]["operation"]), (&json!("PASSPORT_HOLDER"), &json!("Zoek")));
        assert_eq!((&events[1]["role"], &events[1]["kind"]), (&json!("KENNISCENTRUM"), &json!("read")));
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let second = page(first["pageInfo"]["endCursor"].clone()).await;
        assert_eq!(second["edges"][0]["node"]["operation"], "Kijk");
        // Reading the trail is in the trail.
        assert_eq!(second["edges"][1]["node"]["purpose"], "auditTrail");
        let nothing = service.ask_with(Some(&kenniscentrum), TRAIL, json!({ "subject": "ZP-nothing" })).await;
        assert_eq!((nothing.code(), nothing.argument()), (json!("BAD_USER_INPUT"), json!("subject")));
        for subject in ["DEMO-0001", "ZP-nothing"] {
            let answer = service.ask_with(Some(&holder), TRAIL, json!({ "subject": subject })).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{subject}");
        }
    }

    async fn a_holder_sees_who_looked_at_the_own_passport(db: TestDatabase) {
        let service = Service::start(db).await;
        let (holder, kenniscentrum) = (service.holder("DEMO-0001").await, service.token(&Subject::Kenniscentrum));
        service.ask(Some(&kenniscentrum), "{ passport(number: \"DEMO-0001\") { number } }").await.data("/passport/number");
        service.ask(Some(&kenniscentrum), "{ passport(number: \"DEMO-0004\") { number } }").await.data("/passport/number");
        let code = "mutation { renewActivationCode(input: { number: \"DEMO-0001\" }) { number } }";
        service.ask(Some(&kenniscentrum), code).await.data("/renewActivationCode/number");
        let own = "{ viewer { passportEvents { kind success role purpose } } }";
        let events = service.ask(Some(&holder), own).await.data("/viewer/passportEvents");
        let event = |kind: &str, purpose: &str| {
            json!({ "kind": kind, "success": true, "role": "KENNISCENTRUM", "purpose": purpose })
        };
        assert_eq!(events, json!([event("update", "changePassport"), event("read", "passport")]));
        let others = service.ask(Some(&kenniscentrum), own).await.data("/viewer/passportEvents");
        assert_eq!(others, Value::Null);
        let trail = service.ask_with(Some(&kenniscentrum), TRAIL, json!({ "subject": "DEMO-0001" })).await;
        assert_eq!(trail.data("/auditTrail/edges/1/node/kind"), "update");
    }

    async fn whoever_is_refused_a_change_is_recorded(db: TestDatabase) {
        let service = Service::start(db).await;
        let (provider, kenniscentrum) = (service.first_provider().await, service.token(&Subject::Kenniscentrum));
        let token = service.token(&Subject::Provider(provider));
        let revoke = "mutation { revokePassport(input: { number: \"DEMO-0001\", reason: \"x\" }) { number } }";
        assert_eq!(service.ask(Some(&token), revoke).await.code(), "FORBIDDEN");
        assert_eq!(service.ask(None, revoke).await.code(), "UNAUTHENTICATED");
        let url = service.store.database();
        let verdict = url.verify_trail(None, |_| {}).await.unwrap();
        assert_eq!(verdict.records, 1, "of the one who could be named");
        drop(kenniscentrum);
    }
}
