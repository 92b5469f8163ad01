//! Those who were somebody when their token was issued.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use crate::support::{databases::on_both_databases, service::Service};

/// What a holder of a passport asks: who they are, what is open to all, and what is not.
const QUESTION: &str = r#"{
    viewer { role passport { status } }
    open: placesNear(near: {postcode: "3511"}, first: 1) { edges { node { name } } }
    free: placesNear(near: {postcode: "3511"}, filter: {freeOn: "2026-12-12"}) { edges { cursor } }
    known: placesNear(near: {postcode: "3511"}, first: 1) { edges { node { availability(from: "2026-12-12", to: "2026-12-13") { free } waitingList { length } nextStay contacts { name } } } }
    contacts { edges { node { name } } }
}"#;

async fn ended(service: &Service, token: &str, status: &str) {
    let answer = service.ask(Some(token), QUESTION).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.json();
    let data = &body["data"];
    assert_eq!(data["viewer"], json!({"role": "PASSPORT_HOLDER", "passport": {"status": status}}));
    assert!(data["open"]["edges"][0]["node"]["name"].is_string(), "{body:#}");
    assert_eq!((&data["free"], &data["contacts"]), (&Value::Null, &Value::Null));
    let known = json!({"availability": null, "waitingList": null, "nextStay": null, "contacts": null});
    assert_eq!(data["known"]["edges"][0]["node"], known);
    let errors = body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 6, "{body:#}");
    for error in errors {
        assert_eq!(error["extensions"]["code"], "FORBIDDEN", "{body:#}");
        assert!(error["message"].as_str().unwrap().contains("ZEVMB-paspoort has ended"), "{body:#}");
    }
}

/// Writes a row into the change feed.
async fn in_the_feed(connection: &sea_orm::DatabaseConnection, kind: &str, id: &str) {
    let row =
        format!("INSERT INTO change (entity, entity_id, occurred_at) VALUES ('{kind}', '{id}', CURRENT_TIMESTAMP)");
    connection.execute_unprepared(&row).await.unwrap();
}

on_both_databases! {
    async fn a_passport_that_has_ended_opens_nothing_any_more(db: TestDatabase) {
        let service = Service::start(db).await;
        ended(&service, &service.holder("DEMO-0002").await, "EXPIRED").await;
        ended(&service, &service.holder("DEMO-0003").await, "REVOKED").await;
        let answer = service.ask(Some(&service.holder("DEMO-0001").await), QUESTION).await;
        assert_eq!(answer.data("/viewer/passport/status"), "ACTIVE");
    }

    async fn a_passport_is_looked_at_with_every_question(db: TestDatabase) {
        let url = db.url.clone();
        let service = Service::start(db).await;
        let token = service.holder("DEMO-0001").await;
        service.ask(Some(&token), QUESTION).await.data("/contacts/edges");
        // As another replica does it: the row and the feed.
        let connection = sea_orm::Database::connect(url).await.unwrap();
        let revoke = "UPDATE passport SET revoked_at = updated_at, revoked_reason = 'a test' WHERE number = 'DEMO-0001'";
        connection.execute_unprepared(revoke).await.unwrap();
        let id = service.store.database().passport_by_number("DEMO-0001").await.unwrap().unwrap();
        in_the_feed(&connection, "PASSPORT", &id.0.simple().to_string()).await;
        service.store.catch_up().await.unwrap();
        ended(&service, &token, "REVOKED").await;
    }

    /// A revocation is at once on the replica that made it, and on another when it has read the feed; other passports
    /// stay what they were.
    async fn a_revoked_passport_is_forgotten_everywhere(db: TestDatabase) {
        let db = Arc::new(db);
        let (here, there) = (Service::start(Arc::clone(&db)).await, Service::start(Arc::clone(&db)).await);
        let own = here.holder("DEMO-0001").await;
        let [same, other] = [there.holder("DEMO-0001").await, there.holder("DEMO-0004").await];
        for (service, token) in [(&here, &own), (&there, &same), (&there, &other)] {
            assert_eq!(service.ask(Some(token), QUESTION).await.data("/viewer/passport/status"), "ACTIVE");
        }
        let revoke = "mutation { revokePassport(input: { number: \"DEMO-0001\", reason: \"een proef\" }) { number } }";
        here.ask(Some(&here.token(&Subject::Kenniscentrum)), revoke).await.data("/revokePassport/number");
        ended(&here, &own, "REVOKED").await;
        there.store.catch_up().await.unwrap();
        ended(&there, &same, "REVOKED").await;
        assert_eq!(there.ask(Some(&other), QUESTION).await.data("/viewer/passport/status"), "ACTIVE");
    }

    async fn a_provider_that_was_withdrawn_is_nobody(db: TestDatabase) {
        let url = db.url.clone();
        let service = Service::start(db).await;
        let provider = service.first_provider().await;
        let token = service.token(&Subject::Provider(provider));
        assert_eq!(service.ask(Some(&token), "{ viewer { role } }").await.data("/viewer/role"), "PROVIDER");
        let connection = sea_orm::Database::connect(url).await.unwrap();
        connection.execute_unprepared("UPDATE provider SET withdrawn_at = CURRENT_TIMESTAMP").await.unwrap();
        // Of a kind that this version does not know.
        in_the_feed(&connection, "ROOM", "").await;
        service.store.catch_up().await.unwrap();
        let answer = service.ask(Some(&token), "{ viewer { role } }").await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, json!("UNAUTHENTICATED")), "{}", answer.text);
    }

    async fn a_token_that_cannot_be_confirmed_is_not_believed(db: TestDatabase) {
        let service = Service::start(db).await;
        let token = service.holder("DEMO-0001").await;
        service.store.close().await.unwrap();
        // What is public stays open to everybody, what is not waits.
        let public = "{ viewer { role } placesNear(near: { postcode: \"3511\" }, first: 1) { edges { node { name } } } }";
        assert_eq!(service.ask(Some(&token), public).await.data("/viewer/role"), "PASSPORT_HOLDER");
        for protected in ["nextStay", "waitingList { length }", "contacts { id }"] {
            let query = format!("{{ placesNear(near: {{ postcode: \"3511\" }}, first: 1) {{ edges {{ node {{ {protected} }} }} }} }}");
            let answer = service.ask(Some(&token), &query).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (503, json!("UNAVAILABLE")), "{}", answer.text);
            assert_eq!(answer.headers["retry-after"], "1");
        }
        // Who needs no database is answered without one.
        assert_eq!(service.ask(None, "{ viewer { role } }").await.data("/viewer/role"), "ANONYMOUS");
        let answer = service.ask(Some(&service.token(&Subject::Kenniscentrum)), "{ viewer { role } contacts { edges { cursor } } }").await;
        assert_eq!((answer.status.as_u16(), answer.code()), (503, json!("UNAVAILABLE")), "{}", answer.text);
        assert_eq!(answer.headers["retry-after"], "1");
        assert_eq!(answer.json()["data"], json!({"viewer": {"role": "KENNISCENTRUM"}, "contacts": null}));
    }
}
