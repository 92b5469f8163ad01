//! No record, no data.

use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use super::Trail;
use crate::support::databases::{Engine, on_both_databases};

/// Every way to a contact.
async fn nothing_is_read(trail: &Trail, id: &str, why: &str) {
    let token = trail.service.token(&Subject::Kenniscentrum);
    for query in [
        "{ viewer { role } contacts(first: 5) { edges { node { name email } } } }".to_owned(),
        format!("{{ viewer {{ role }} node(id: \"{id}\") {{ ... on Contact {{ name email }} }} }}"),
        format!("{{ viewer {{ role }} node(id: \"contact_{}\") {{ id }} }}", "0".repeat(32)),
        "{ viewer { role } placesNear(near: {postcode: \"3511\"}, first: 2) { edges { node { contacts { name } } } } }"
            .into(),
    ] {
        let answer = trail.service.ask(Some(&token), &query).await;
        let body = answer.json();
        assert_eq!((answer.status.as_u16(), answer.code()), (503, json!("UNAVAILABLE")), "{why}: {body:#}");
        assert_eq!(answer.headers["retry-after"], "1");
        assert!(!answer.text.contains('@') && !answer.text.contains("audit"), "{why}: {body:#}");
        let data = &body["data"];
        // What needs no record goes on.
        assert_eq!(data["viewer"]["role"], "KENNISCENTRUM");
        for field in ["contacts", "node"] {
            assert_eq!(data.get(field).unwrap_or(&Value::Null), &Value::Null, "{why}: {body:#}");
        }
        for edge in data["placesNear"]["edges"].as_array().into_iter().flatten() {
            assert_eq!(edge["node"].get("contacts"), Some(&Value::Null), "{why}: {body:#}");
        }
    }
}

on_both_databases! {
    async fn what_cannot_be_recorded_is_not_read(db: TestDatabase) {
        let engine = db.engine;
        let trail = Trail::of(db).await;
        let known = trail.contacts(&trail.service.token(&Subject::Kenniscentrum)).await;
        let id = known[0].0.as_str();
        let (refuse, allow) = match engine {
            Engine::Sqlite => (
                "CREATE TRIGGER refuse BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no'); END",
                "DROP TRIGGER refuse",
            ),
            Engine::Postgres => (
                "ALTER TABLE audit_event ADD CONSTRAINT refuse CHECK (seq < 0) NOT VALID",
                "ALTER TABLE audit_event DROP CONSTRAINT refuse",
            ),
        };
        for (break_it, mend_it) in [
            ("ALTER TABLE audit_event RENAME TO elsewhere", "ALTER TABLE elsewhere RENAME TO audit_event"),
            ("ALTER TABLE audit_head RENAME TO elsewhere", "ALTER TABLE elsewhere RENAME TO audit_head"),
            (refuse, allow),
        ] {
            trail.change(break_it).await;
            nothing_is_read(&trail, id, break_it).await;
            trail.change(mend_it).await;
            let before = trail.records().await.len();
            trail.contacts(&trail.service.token(&Subject::Kenniscentrum)).await;
            assert_eq!(trail.records().await.len(), before + 1, "after {mend_it}");
        }
        // A trail that has lost its head does not begin anew.
        trail.change("DELETE FROM audit_head").await;
        nothing_is_read(&trail, id, "no head").await;
    }
}
