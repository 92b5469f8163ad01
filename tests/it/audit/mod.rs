//! The audit trail: no read of the contactenbestand without its record, and nobody's data in it.

mod faults;
mod proof;
mod records;
mod subjects;

use chrono::{DateTime, SecondsFormat, Utc};
use entity::{audit_event, audit_head};
use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait, QueryOrder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{databases::TestDatabase, service::Service};

/// A service and its trail.
struct Trail {
    service: Service,
    database: DatabaseConnection,
}

impl Trail {
    async fn of(db: TestDatabase) -> Self {
        let database = sea_orm::Database::connect(&db.url).await.unwrap();
        Self { service: Service::start(db).await, database }
    }

    async fn change(&self, sql: &str) {
        self.database.execute_unprepared(sql).await.unwrap();
    }

    /// All records; each follows the one before it, and the head is the last.
    async fn records(&self) -> Vec<audit_event::Model> {
        let events =
            audit_event::Entity::find().order_by_asc(audit_event::Column::Seq).all(&self.database).await.unwrap();
        let mut previous = "0".repeat(64);
        for (seq, event) in (1..).zip(&events) {
            assert_eq!((event.seq, &event.prev_hash), (seq, &previous), "{event:?}");
            previous = chained(event);
            assert_eq!(event.hash, previous, "{event:?}");
        }
        let head = audit_head::Entity::find().one(&self.database).await.unwrap().unwrap();
        assert_eq!((head.id, head.seq, head.hash), (1, i64::try_from(events.len()).unwrap(), previous));
        events
    }

    /// The ids of contacts that a token shows, as the API and as the trail write them.
    async fn contacts(&self, token: &str) -> Vec<(String, String)> {
        let answer = self.service.ask(Some(token), "{ contacts(first: 100) { edges { node { id } } } }").await;
        let ids = answer.data("/contacts/edges");
        let ids = ids.as_array().unwrap().iter().map(|edge| edge["node"]["id"].as_str().unwrap().to_owned());
        ids.map(|id| (id.clone(), id.strip_prefix("contact_").unwrap().to_owned())).collect()
    }
}

/// `SHA-256(prev_hash || canonical record)`, worked out anew from what the database holds.
fn chained(event: &audit_event::Model) -> String {
    let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Micros, true);
    // A database may keep the members of an object in an order of its own.
    let member = |object: &Value| {
        let mut members: Vec<_> = object.as_object().unwrap().clone().into_iter().collect();
        members.sort_by(|a, b| a.0.cmp(&b.0));
        Value::Object(members.into_iter().collect())
    };
    let sorted: Vec<Value> = event.objects.as_array().unwrap().iter().map(member).collect();
    let record = json!([
        event.seq,
        event.id,
        instant(event.occurred_at),
        instant(event.recorded_at),
        event.event_type,
        event.outcome,
        event.reason_code,
        event.actor,
        event.actor_role,
        event.actor_organisation,
        event.on_behalf_of,
        event.auth_method,
        event.token_hash,
        event.replica,
        event.client,
        event.address,
        event.operation_name,
        event.document_hash,
        event.purpose,
        sorted,
        event.result_count,
        event.request_id,
    ]);
    sha256(&format!("{}{record}", event.prev_hash))
}

fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

/// The objects of a record for contacts with these ids.
fn objects<'a>(ids: impl IntoIterator<Item = &'a (String, String)>) -> Value {
    ids.into_iter().map(|(_, id)| json!({"type": "contact", "id": id})).collect()
}
