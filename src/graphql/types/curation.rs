//! The contactenbestand as those see it who keep it.

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};

use super::{change::FieldChange, contact::Contact};
use crate::{
    auth,
    care::{contact, id::ContactId},
    graphql::{
        context,
        cursor::{Cursor, Question},
        enums::{ContactAction, ContactField, Role, WithdrawalReason},
        error::Result,
        id::{GlobalId, NodeId},
        page::{self, PageInfo},
        plain::in_memory,
        scalars::{Date, Instant},
    },
    store::{self, DueQuery, View},
};

/// What only those who keep the contactenbestand see of an entry.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactCuration {
    /// How another register knows it; null: none does.
    external_id: Option<String>,
    /// The provider that the person works at; null: none on the map.
    provider: Option<NodeId>,
    /// A place in the building where the person works; null: not known.
    place: Option<NodeId>,
    /// When the person agreed to be in the contactenbestand; null: not known.
    consent_on: Option<Date>,
    /// How this is known; null: not known.
    consent_source: Option<String>,
    /// When it was withdrawn; null: it is not.
    withdrawn_on: Option<Date>,
    /// Why it was withdrawn; null: it is not.
    withdrawal_reason: Option<WithdrawalReason>,
    /// The entry that it goes on as; null: it goes on itself.
    merged_into: Option<NodeId>,
}

in_memory!(struct ContactCuration {
    external_id, provider, place, consent_on, consent_source, withdrawn_on, withdrawal_reason, merged_into
});

impl ContactCuration {
    pub(super) fn new(contact: &contact::Contact, view: &View) -> Self {
        let (consent_on, consent_source) = contact.consent.clone().map(|one| (one.on.into(), one.source)).unzip();
        let withdrawal = contact.withdrawal.as_ref();
        let place = contact.provider_id.zip(contact.location_id);
        let place = place.and_then(|(provider, location)| view.place_in(provider, location));
        Self {
            external_id: contact.external_id.clone(),
            provider: contact.provider_id.map(|id| GlobalId::Provider(id).into()),
            place: place.map(|place| GlobalId::Place(place).into()),
            consent_on,
            consent_source,
            withdrawn_on: withdrawal.map(|one| one.on.into()),
            withdrawal_reason: withdrawal.map(|one| one.reason.into()),
            merged_into: contact.merged_into.map(|id| GlobalId::Contact(id).into()),
        }
    }
}

/// A page of entries that are due for verification.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactDueConnection {
    /// The entries with their cursors, those longest due first.
    edges: Vec<ContactDueEdge>,
    /// Where this page stands.
    page_info: PageInfo,
    /// How many there are on all pages.
    total_count: i32,
}

/// An entry that is due, with its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactDueEdge {
    /// The cursor.
    cursor: Cursor,
    /// The entry.
    node: Contact,
}

/// The entries that are due.
pub(in crate::graphql) async fn contacts_due(
    ctx: &Context<'_>,
    by: NaiveDate,
    region: Option<String>,
    first: i32,
    after: Option<&String>,
) -> Result<Option<ContactDueConnection>> {
    let view = context::view(ctx)?;
    let question = Question::new("contactsDue", &(by, &region));
    let limit = page::size(ctx, first)?;
    let after_key: Option<(NaiveDate, ContactId)> = after.map(|cursor| question.place(cursor)).transpose()?;
    let query = DueQuery { by, region, after: after_key, limit };
    let page = context::store(ctx)?.contacts_due(view, context::access(ctx)?, &query).await??;
    let edge = |contact: contact::Contact| {
        let cursor = question.cursor_at(&(contact.due_on, contact.id))?;
        Ok(ContactDueEdge { cursor, node: Contact::new(contact, view) })
    };
    let edges = page.contacts.into_iter().map(edge).collect::<Result<Vec<_>>>()?;
    let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
    let page_info = PageInfo::new(&cursors, page.has_more, after);
    Ok(Some(ContactDueConnection { edges, page_info, total_count: count(page.total) }))
}

fn count(total: usize) -> i32 {
    i32::try_from(total).unwrap_or(i32::MAX)
}

/// Two entries that may be about the same person.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactDuplicate {
    /// How likely they are about one person, 0 to 1, from the fields that agree and those that do not (Fellegi and Sunter,
    /// 1969).
    score: f64,
    /// The fields that agree: case, accents, the order of words and the spelling of a number make no difference.
    agreeing: Vec<ContactField>,
    /// One.
    first: Contact,
    /// The other.
    second: Contact,
}

/// A page of entries that may be about the same person.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactDuplicateConnection {
    /// The pairs with their cursors, the likeliest first.
    edges: Vec<ContactDuplicateEdge>,
    /// Where this page stands.
    page_info: PageInfo,
    /// How many there are on all pages.
    total_count: i32,
}

/// A pair with its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactDuplicateEdge {
    /// The cursor.
    cursor: Cursor,
    /// The pair.
    node: ContactDuplicate,
}

/// The entries that may be about the same person.
pub(in crate::graphql) async fn contact_duplicates(
    ctx: &Context<'_>,
    first: i32,
    after: Option<&String>,
) -> Result<Option<ContactDuplicateConnection>> {
    let view = context::view(ctx)?;
    let question = Question::new("contactDuplicates", &());
    let limit = page::size(ctx, first)?;
    let after_key: Option<(f64, ContactId, ContactId)> = after.map(|cursor| question.place(cursor)).transpose()?;
    let page = context::store(ctx)?.contact_duplicates(view, context::access(ctx)?, after_key, limit).await??;
    let edge = |pair: store::Duplicate| {
        let cursor = question.cursor_at(&(pair.score, pair.first.id, pair.second.id))?;
        let node = ContactDuplicate {
            score: pair.score,
            agreeing: pair.agreeing.into_iter().map(Into::into).collect(),
            first: Contact::new(pair.first, view),
            second: Contact::new(pair.second, view),
        };
        Ok(ContactDuplicateEdge { cursor, node })
    };
    let edges = page.duplicates.into_iter().map(edge).collect::<Result<Vec<_>>>()?;
    let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
    let page_info = PageInfo::new(&cursors, page.has_more, after);
    Ok(Some(ContactDuplicateConnection { edges, page_info, total_count: count(page.total) }))
}

/// A change of an entry.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactChange {
    /// The entry: the one that was asked about, or one that was merged into it.
    contact: NodeId,
    /// The version that this made.
    version: i32,
    /// What was done.
    action: ContactAction,
    /// When.
    at: Instant,
    /// In what role somebody did it; null: it came with the demo.
    role: Option<Role>,
    /// Who did it, by pseudonym.
    actor: String,
    /// What changed.
    fields: Vec<FieldChange>,
}

impl ContactChange {
    fn new(entry: store::HistoryEntry, view: &View) -> Self {
        let store::HistoryEntry { contact, provider, version, action, at, by, fields } = entry;
        let (role, actor) = by.split_once(':').unwrap_or(("", &by));
        Self {
            contact: GlobalId::Contact(contact).into(),
            version,
            action: action.into(),
            at: at.into(),
            role: auth::Role::from_code(role).map(Into::into),
            actor: actor.to_owned(),
            fields: fields.iter().map(|one| FieldChange::new(one, view, provider)).collect(),
        }
    }
}

/// A page of the history of an entry.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactHistoryConnection {
    /// The changes with their cursors, the latest first.
    edges: Vec<ContactChangeEdge>,
    /// Where this page stands.
    page_info: PageInfo,
}

/// A change with its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactChangeEdge {
    /// The cursor.
    cursor: Cursor,
    /// The change.
    node: ContactChange,
}

/// The history of an entry.
pub(in crate::graphql) async fn contact_history(
    ctx: &Context<'_>,
    contact: ContactId,
    first: i32,
    after: Option<&String>,
) -> Result<Option<ContactHistoryConnection>> {
    let view = context::view(ctx)?;
    let question = Question::new("contactHistory", &contact);
    let limit = page::size(ctx, first)?;
    let key: Option<(DateTime<Utc>, ContactId, i32)> = after.map(|cursor| question.place(cursor)).transpose()?;
    let page = context::store(ctx)?.contact_history(view, context::access(ctx)?, contact, key, limit).await??;
    let edge = |entry: store::HistoryEntry| {
        let cursor = question.cursor_at(&(entry.at, entry.contact, entry.version))?;
        Ok(ContactChangeEdge { cursor, node: ContactChange::new(entry, view) })
    };
    let edges = page.entries.into_iter().map(edge).collect::<Result<Vec<_>>>()?;
    let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
    let page_info = PageInfo::new(&cursors, page.has_more, after);
    Ok(Some(ContactHistoryConnection { edges, page_info }))
}

/// The entry that was changed.
pub(in crate::graphql) struct ContactPayload(pub(in crate::graphql) store::ContactChanged);

/// The entry that was changed.
#[Object]
impl ContactPayload {
    /// The entry as it is now. The read is recorded.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Option<Contact>> {
        Contact::find(ctx, self.0.id).await
    }

    /// The version that this change made.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// What came of a confirmation of many.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ConfirmContactsPayload {
    /// Those that are verified now, with the version that they have now.
    confirmed: Vec<ContactVersion>,
    /// Those that were not, since they have changed since you saw them or are withdrawn, with the version that they have.
    changed: Vec<ContactVersion>,
}

/// An entry and its version.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactVersion {
    /// The id of the entry.
    contact: NodeId,
    /// Its version.
    version: i32,
}

impl From<store::Confirmed> for ConfirmContactsPayload {
    fn from(done: store::Confirmed) -> Self {
        let version =
            |one: store::Seen| ContactVersion { contact: GlobalId::Contact(one.id).into(), version: one.version };
        Self {
            confirmed: done.confirmed.into_iter().map(version).collect(),
            changed: done.changed.into_iter().map(version).collect(),
        }
    }
}

/// Two entries that are two people.
#[derive(SimpleObject)]
pub(in crate::graphql) struct KeepContactsApartPayload {
    /// One.
    pub(in crate::graphql) first: NodeId,
    /// The other.
    pub(in crate::graphql) second: NodeId,
}
