//! What the audit trail says.

use async_graphql::{Context, SimpleObject};
use chrono::{Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;

use crate::{
    auth,
    graphql::{
        context,
        cursor::{Cursor, Question},
        enums::Role,
        error::{ApiError, Result},
        id::GlobalId,
        page::{self, PageInfo},
        scalars::Instant,
    },
    store::{Recorded, TrailQuery},
};

/// A record of the audit trail: who did something, when and what for. It holds no personal data.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AuditEvent {
    /// When.
    at: Instant,
    /// What kind of event: `read`, `search`, `create`, `update`, `delete`, `export`, `login` or `denied`.
    kind: String,
    /// Whether it was done; else it was refused.
    success: bool,
    /// Why it was refused; null: it was not.
    reason: Option<String>,
    /// In what role; null: a role that there is no more.
    role: Option<Role>,
    /// Who, by pseudonym.
    actor: String,
    /// Of what organisation, by provider or region; null: of none.
    organisation: Option<String>,
    /// The name of the operation, as the client called it; null: it did not.
    operation: Option<String>,
    /// What for.
    purpose: String,
}

/// Somebody who has looked at your passport or changed it.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PassportEvent {
    /// When.
    at: Instant,
    /// What kind of event: `read`, `create`, `update` or `login`.
    kind: String,
    /// Whether it was done; else it was refused.
    success: bool,
    /// In what role; null: a role that there is no more.
    role: Option<Role>,
    /// What for.
    purpose: String,
}

/// A page of the audit trail.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AuditEventConnection {
    /// The records with their cursors.
    edges: Vec<AuditEventEdge>,
    /// Where this page stands.
    page_info: PageInfo,
}

/// A record with its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AuditEventEdge {
    /// The cursor.
    cursor: Cursor,
    /// The record.
    node: AuditEvent,
}

impl From<Recorded> for AuditEvent {
    fn from(recorded: Recorded) -> Self {
        Self {
            at: recorded.occurred_at.into(),
            kind: recorded.event_type,
            success: recorded.outcome == "success",
            reason: recorded.reason,
            role: role(&recorded.role),
            actor: recorded.actor,
            organisation: recorded.organisation,
            operation: recorded.operation_name,
            purpose: recorded.purpose,
        }
    }
}

impl From<Recorded> for PassportEvent {
    fn from(recorded: Recorded) -> Self {
        Self {
            at: recorded.occurred_at.into(),
            kind: recorded.event_type,
            success: recorded.outcome == "success",
            role: role(&recorded.role),
            purpose: recorded.purpose,
        }
    }
}

fn role(code: &str) -> Option<Role> {
    auth::Role::from_code(code).map(Into::into)
}

/// What the trail is asked about.
pub(in crate::graphql) async fn audit_trail(
    ctx: &Context<'_>,
    subject: &str,
    (from, to): (NaiveDate, NaiveDate),
    first: i32,
    after: Option<&String>,
) -> Result<Option<AuditEventConnection>> {
    let (view, store, access) = (context::view(ctx)?, context::store(ctx)?, context::access(ctx)?);
    let question = Question::new("auditTrail", &(subject, from, to));
    let size = page::size(ctx, first)?;
    let after_seq = after.map(|cursor| question.key(cursor)).transpose()?;
    let after_seq = after_seq.and_then(|key| Some(i64::from_be_bytes(key.try_into().ok()?)));
    let (object_type, object_id) = match GlobalId::parse(subject) {
        Some(GlobalId::Contact(id)) => ("contact", id.0.simple().to_string()),
        Some(GlobalId::Place(id)) => ("place", id.0.simple().to_string()),
        Some(_) => return Err(no_subject()),
        None => match store.database().passport_by_number(subject).await? {
            // Asked all the same where the requester may not, so that the answer tells no number.
            Some(id) => ("passport", id.0.simple().to_string()),
            None if view.scope().read_trail().is_ok() => return Err(no_subject()),
            None => ("passport", String::new()),
        },
    };
    let query = TrailQuery {
        object_type,
        object_id,
        from: midnight(from),
        before: midnight(to.checked_add_days(Days::new(1)).unwrap_or(to)),
        after: after_seq,
        latest_first: false,
        limit: size as u64 + 1,
    };
    let mut records = store.audit_trail(view, access, &query).await??;
    let has_more = records.len() > size;
    records.truncate(size);
    let edges: Vec<AuditEventEdge> = records
        .into_iter()
        .map(|recorded| AuditEventEdge { cursor: question.cursor(&recorded.seq.to_be_bytes()), node: recorded.into() })
        .collect();
    let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
    let page_info = PageInfo::new(&cursors, has_more, after);
    Ok(Some(AuditEventConnection { edges, page_info }))
}

fn no_subject() -> ApiError {
    ApiError::input("subject", "This is neither the id of a contact or a place nor the number of a passport.")
}

/// The beginning of a Dutch day.
fn midnight(date: NaiveDate) -> chrono::DateTime<Utc> {
    let naive = date.and_time(NaiveTime::MIN);
    // No Dutch clock is put forward at midnight.
    Amsterdam.from_local_datetime(&naive).earliest().map_or_else(|| naive.and_utc(), |at| at.to_utc())
}
