//! What is held on a person in the contactenbestand, for the person (AVG, article 15).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{audit_event, audit_object, contact, contact_change, contact_proposal};
use futures::StreamExt;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{
    super::{
        Database,
        audit::{Access, Event, Reading},
        error::StoreError,
    },
    proposals::object,
    rows,
    save::read,
};
use crate::{
    auth::Scope,
    care::{
        contact::{Contact, change::Difference},
        id::{ContactId, ProposalId, ProviderId},
        vocabulary::{ContactAction, ContactField, ProposalStatus},
    },
};

/// All that is held on a person.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonExport {
    /// When.
    pub exported_at: DateTime<Utc>,
    /// The entries about the person, with those that were merged.
    pub entries: Vec<EntryExport>,
    /// What providers propose of somebody new with the mail address that was asked for.
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
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who has read or decided it.
    pub accesses: Vec<AccessExport>,
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

/// Whose data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataSubject {
    /// Whoever has or had a mail address.
    Email(String),
    /// Whoever an entry is about.
    Entry(ContactId),
}

impl Database {
    /// All that is held on a person. That is recorded too, as `replica`, before anything is answered.
    ///
    /// # Errors
    /// When the database does not answer, or the export cannot be recorded.
    pub async fn export_person(
        &self,
        person: &DataSubject,
        replica: &str,
        now: DateTime<Utc>,
    ) -> Result<PersonExport, StoreError> {
        // Read before the trail is taken, for which everybody waits.
        let tx = self.begin().await?;
        let mut ids = match person {
            DataSubject::Email(email) => entries_with(&tx, &key(email)).await?,
            DataSubject::Entry(id) => BTreeSet::from([*id]),
        };
        let mut proposals: Vec<contact_proposal::Model> = Vec::new();
        if let DataSubject::Email(email) = person {
            proposals = proposals_with(&tx, &key(email)).await?;
            ids.extend(proposals.iter().filter_map(|row| row.contact_id));
            proposals.retain(|row| row.contact_id.is_none());
        }
        let ids: Vec<ContactId> = with_merged(&tx, ids).await?.into_iter().collect();
        let mut entries = Vec::with_capacity(ids.len());
        for entry in rows::read(&tx, &ids).await? {
            let of_entry = contact_proposal::Entity::find()
                .filter(contact_proposal::Column::ContactId.eq(entry.id))
                .order_by_asc(contact_proposal::Column::Id);
            entries.push(EntryExport {
                history: changes(&tx, entry.id).await?,
                proposals: exported(&tx, of_entry.all(&tx).await?).await?,
                accesses: accesses(&tx, "contact", entry.id.0).await?,
                entry,
            });
        }
        let new: Vec<ProposalId> = proposals.iter().map(|row| row.id).collect();
        let proposals = exported(&tx, proposals).await?;
        tx.commit().await?;
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
        let objects = entries.iter().map(|one| rows::object(one.entry.id)).chain(new.into_iter().map(object));
        Reading::begin(self).await?.end(&event, objects.collect()).await?;
        Ok(PersonExport { exported_at: now, entries, proposals })
    }
}

/// A mail address as it is compared: capitals make no difference, accents do.
fn key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The entries that have or had a mail address. What a merge brought into an entry is of the one that it was merged with.
async fn entries_with(tx: &DatabaseTransaction, wanted: &str) -> Result<BTreeSet<ContactId>, StoreError> {
    let known: Vec<(ContactId, String)> = contact::Entity::find()
        .select_only()
        .columns([contact::Column::Id, contact::Column::Email])
        .filter(contact::Column::Email.is_not_null())
        .into_tuple()
        .all(tx)
        .await?;
    let now = known.into_iter().filter(|(_, email)| key(email) == wanted);
    let mut found: BTreeSet<ContactId> = now.map(|(id, _)| id).collect();
    let mut before = contact_change::Entity::find()
        .select_only()
        .columns([contact_change::Column::ContactId, contact_change::Column::Fields])
        .filter(contact_change::Column::Action.is_not_in([ContactAction::Merge, ContactAction::Undo]))
        .into_tuple::<(ContactId, Value)>()
        .stream(tx)
        .await?;
    while let Some(row) = before.next().await {
        let (id, fields) = row?;
        if mentions(&read(fields)?, wanted) {
            found.insert(id);
        }
    }
    Ok(found)
}

async fn proposals_with(tx: &DatabaseTransaction, wanted: &str) -> Result<Vec<contact_proposal::Model>, StoreError> {
    let mut rows = contact_proposal::Entity::find().order_by_asc(contact_proposal::Column::Id).stream(tx).await?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().await {
        let row = row?;
        if mentions(&read(row.fields.clone())?, wanted) {
            found.push(row);
        }
    }
    Ok(found)
}

/// Whether somebody's mail address is or was the wanted one.
fn mentions(differences: &[Difference], wanted: &str) -> bool {
    let is_wanted = |value: &Value| value.as_str().is_some_and(|email| key(email) == wanted);
    let emails = differences.iter().filter(|one| one.field == ContactField::Email);
    emails.into_iter().any(|one| is_wanted(&one.from) || is_wanted(&one.to))
}

/// Entries with those that they were merged into or with, which are of one person: to both ends of the chain.
async fn with_merged(
    tx: &DatabaseTransaction,
    mut found: BTreeSet<ContactId>,
) -> Result<BTreeSet<ContactId>, StoreError> {
    let merged: Vec<(ContactId, ContactId)> = contact::Entity::find()
        .select_only()
        .columns([contact::Column::Id, contact::Column::MergedInto])
        .filter(contact::Column::MergedInto.is_not_null())
        .into_tuple()
        .all(tx)
        .await?;
    loop {
        let size = found.len();
        for (id, into) in &merged {
            if found.contains(id) || found.contains(into) {
                found.extend([*id, *into]);
            }
        }
        if found.len() == size {
            return Ok(found);
        }
    }
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

async fn exported(
    tx: &DatabaseTransaction,
    rows: Vec<contact_proposal::Model>,
) -> Result<Vec<ProposalExport>, StoreError> {
    let mut proposals = Vec::with_capacity(rows.len());
    for row in rows {
        proposals.push(ProposalExport {
            provider: row.provider_id,
            fields: read(row.fields)?,
            note: row.note,
            status: row.status,
            reason: row.reason,
            proposed_at: row.proposed_at,
            decided_at: row.decided_at,
            accesses: accesses(tx, "proposal", row.id.0).await?,
        });
    }
    Ok(proposals)
}

/// What is told of a record of the trail.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "audit_event::Entity")]
struct Accessed {
    occurred_at: DateTime<Utc>,
    event_type: String,
    actor_role: String,
    actor_organisation: Option<String>,
    purpose: String,
}

async fn accesses(tx: &DatabaseTransaction, kind: &str, id: Uuid) -> Result<Vec<AccessExport>, StoreError> {
    use audit_event::Column;
    let about = audit_object::Entity::find()
        .select_only()
        .column(audit_object::Column::Seq)
        .filter(audit_object::Column::ObjectType.eq(kind))
        .filter(audit_object::Column::ObjectId.eq(id.simple().to_string()));
    let rows = audit_event::Entity::find()
        .filter(Column::Seq.in_subquery(about.into_query()))
        .order_by_asc(Column::Seq)
        .into_partial_model::<Accessed>()
        .all(tx)
        .await?;
    let access = |row: Accessed| AccessExport {
        at: row.occurred_at,
        kind: row.event_type,
        role: row.actor_role,
        organisation: row.actor_organisation,
        purpose: row.purpose,
    };
    Ok(rows.into_iter().map(access).collect())
}
