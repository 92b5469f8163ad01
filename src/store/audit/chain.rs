//! The chain: each record holds the hash of the one before it.

use chrono::{DateTime, SecondsFormat, Utc};
use entity::audit_event;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The hash before the first record.
pub(super) const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// `SHA-256(prev_hash || canonical record)`, in hexadecimal digits; the canonical record is the JSON array of its
/// columns in the order of the table, instants in UTC with microseconds, the members of objects in the order of their
/// names (a database need not keep the order in which they were written).
pub(super) fn chained(previous: &str, event: &audit_event::Model) -> String {
    let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Micros, true);
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
        sorted(&event.objects),
        event.result_count,
        event.request_id,
    ]);
    format!("{:x}", Sha256::new().chain_update(previous).chain_update(record.to_string()).finalize())
}

/// A value with the members of its objects in the order of their names.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().collect())
        }
        other => other.clone(),
    }
}
