//! What is held on a person in the contactenbestand, for the person (AVG, article 15).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{audit_event, audit_object, contact, contact_change, contact_proposal};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, Func, LikeExpr},
};
use serde::Serialize;

use super::{
    super::{
        Database,
        audit::{Access, Event, Reading},
        error::StoreError,
    },
    rows,
    save::read,
};
use crate::{
    auth::Scope,
    care::{
        contact::{Contact, change::Difference},
        id::{ContactId, ProviderId},
        text::folded,
        vocabulary::{ContactAction, ProposalStatus},
    },
};

/// All that is held on a person.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonExport {
    /// The mail address that was asked for.
    pub email: String,
    /// When.
    pub exported_at: DateTime<Utc>,
    /// The entries that have or had this address, and those that go on as one with them.
    pub entries: Vec<EntryExport>,
    /// What providers propose of somebody new with this address.
    pub proposals: Vec<ProposalExport>,
}

/// An entry with all that hangs on it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryExport {
    /// What it holds.
    pub entry: Contact,
    /// What changed in it, the earliest first.
    pub history: Vec<ChangeExport>,
    /// What providers proposed to change.
    pub proposals: Vec<ProposalExport>,
    /// Who has read or changed it, the earliest first, as far back as the audit trail goes.
    pub accesses: Vec<AccessExport>,
}

/// A change of an entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeExport {
    /// The version that this made.
    pub version: i32,
    /// What was done.
    pub action: ContactAction,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom: role and pseudonym.
    pub by: String,
    /// What changed.
    pub fields: Vec<Difference>,
}

/// A proposal.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProposalExport {
    /// The provider whose staff made it.
    pub provider: ProviderId,
    /// What would change.
    pub fields: Vec<Difference>,
    /// What the provider said of it.
    pub note: Option<String>,
    /// What has become of it.
    pub status: ProposalStatus,
    /// Why.
    pub reason: Option<String>,
    /// When it was made.
    pub proposed_at: DateTime<Utc>,
}

/// Somebody who has read or changed an entry: in what role and of what organisation. Who holds a passport is nobody's
/// business but their own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessExport {
    /// When.
    pub at: DateTime<Utc>,
    /// `read`, `search`, `update` and so on.
    pub kind: String,
    /// In what role.
    pub role: String,
    /// Of what provider or regions.
    pub organisation: Option<String>,
    /// What for.
    pub purpose: String,
}

impl Database {
    /// All that is held on the person with a mail address. That is recorded too, as `replica`.
    ///
    /// # Errors
    /// When the database does not answer, or the export cannot be recorded.
    pub async fn export_person(
        &self,
        email: &str,
        replica: &str,
        now: DateTime<Utc>,
    ) -> Result<PersonExport, StoreError> {
        let reading = Reading::begin(self).await?;
        let tx = &reading.tx;
        let ids = entries_with(tx, email).await?;
        let mut entries = Vec::with_capacity(ids.len());
        for entry in rows::read(tx, &ids).await? {
            let of_entry = contact_proposal::Column::ContactId.eq(entry.id);
            entries.push(EntryExport {
                history: changes(tx, entry.id).await?,
                proposals: proposals(tx, of_entry.into()).await?,
                accesses: accesses(tx, entry.id).await?,
                entry,
            });
        }
        let of_nobody =
            contact_proposal::Column::ContactId.is_null().and(mentions(contact_proposal::Column::Fields, email));
        let proposals = proposals(tx, Condition::all().add(of_nobody)).await?;
        let (scope, access) = (Scope::operator(), Access::default());
        let event = Event {
            kind: "export",
            failure: None,
            scope: &scope,
            access: &access,
            replica,
            now,
            purpose: "contact export",
        };
        reading.end(&event, ids.into_iter().map(rows::object).collect()).await?;
        Ok(PersonExport { email: email.to_owned(), exported_at: now, entries, proposals })
    }
}

/// The entries that have or had a mail address, and those that they were merged into or with, in the order of id.
async fn entries_with(tx: &DatabaseTransaction, email: &str) -> Result<Vec<ContactId>, StoreError> {
    let wanted = folded(email.trim());
    let known: Vec<(ContactId, Option<String>, Option<ContactId>)> = contact::Entity::find()
        .select_only()
        .columns([contact::Column::Id, contact::Column::Email, contact::Column::MergedInto])
        .into_tuple()
        .all(tx)
        .await?;
    let now = known.iter().filter(|(_, email, _)| email.as_deref().is_some_and(|email| folded(email) == wanted));
    let mut found: BTreeSet<ContactId> = now.map(|(id, ..)| *id).collect();
    let before: Vec<ContactId> = contact_change::Entity::find()
        .select_only()
        .column(contact_change::Column::ContactId)
        .distinct()
        .filter(mentions(contact_change::Column::Fields, email))
        .into_tuple()
        .all(tx)
        .await?;
    found.extend(before);
    // Merged entries are of one person; a chain of merges is followed to both ends.
    loop {
        let size = found.len();
        for (id, _, into) in &known {
            if let Some(into) = into
                && (found.contains(id) || found.contains(into))
            {
                found.extend([*id, *into]);
            }
        }
        if found.len() == size {
            return Ok(found.into_iter().collect());
        }
    }
}

/// Whether a column of differences mentions a mail address, in capitals or not.
fn mentions(column: impl ColumnTrait, email: &str) -> Expr {
    let escaped = email.trim().to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    // The whole of a text: `an@demo.example` is not `jan@demo.example`.
    let like = LikeExpr::new(format!("%\"{escaped}\"%")).escape('\\');
    Expr::expr(Func::lower(Expr::col(column.as_column_ref()).cast_as("text"))).like(like)
}

async fn changes(tx: &DatabaseTransaction, id: ContactId) -> Result<Vec<ChangeExport>, StoreError> {
    let rows = contact_change::Entity::find()
        .filter(contact_change::Column::ContactId.eq(id))
        .order_by_asc(contact_change::Column::Version)
        .all(tx)
        .await?;
    let change = |row: contact_change::Model| {
        Ok(ChangeExport {
            version: row.version,
            action: row.action,
            at: row.changed_at,
            by: row.changed_by,
            fields: read(row.fields)?,
        })
    };
    rows.into_iter().map(change).collect()
}

async fn proposals(tx: &DatabaseTransaction, which: Condition) -> Result<Vec<ProposalExport>, StoreError> {
    let rows =
        contact_proposal::Entity::find().filter(which).order_by_asc(contact_proposal::Column::Id).all(tx).await?;
    let proposal = |row: contact_proposal::Model| {
        Ok(ProposalExport {
            provider: row.provider_id,
            fields: read(row.fields)?,
            note: row.note,
            status: row.status,
            reason: row.reason,
            proposed_at: row.proposed_at,
        })
    };
    rows.into_iter().map(proposal).collect()
}

async fn accesses(tx: &DatabaseTransaction, id: ContactId) -> Result<Vec<AccessExport>, StoreError> {
    let about = audit_object::Entity::find()
        .select_only()
        .column(audit_object::Column::Seq)
        .filter(audit_object::Column::ObjectType.eq("contact"))
        .filter(audit_object::Column::ObjectId.eq(id.0.simple().to_string()));
    let rows = audit_event::Entity::find()
        .filter(audit_event::Column::Seq.in_subquery(about.into_query()))
        .order_by_asc(audit_event::Column::Seq)
        .all(tx)
        .await?;
    let access = |row: audit_event::Model| AccessExport {
        at: row.occurred_at,
        kind: row.event_type,
        role: row.actor_role,
        organisation: row.actor_organisation,
        purpose: row.purpose,
    };
    Ok(rows.into_iter().map(access).collect())
}
