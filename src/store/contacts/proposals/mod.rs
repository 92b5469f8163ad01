//! What providers propose to change in the contactenbestand, and what the kenniscentrum decides.

mod apply;

use chrono::{DateTime, Utc};
use entity::{
    contact,
    contact_proposal::{self, Column},
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::{
        Store, View,
        audit::{Access, Event, Reading},
        error::StoreError,
        write::{Request, WriteError},
    },
    curate::Seen,
    rows,
    save::read,
};
use crate::{
    auth::Denied,
    care::{
        contact::{change::Difference, rules::ContactError, stated::Statement},
        id::{ContactId, ProposalId, ProviderId},
        vocabulary::{ContactStatus, ProposalStatus},
    },
};

/// What a provider proposes.
#[derive(Clone, Debug, Serialize)]
pub struct Propose {
    /// The entry, as it was seen; none: a new one.
    pub seen: Option<Seen>,
    /// What is stated of it.
    pub statement: Statement,
    /// Whether it is to be withdrawn.
    pub withdraw: bool,
    /// For the kenniscentrum.
    pub note: Option<String>,
}

/// What the kenniscentrum decides.
#[derive(Clone, Debug, Serialize)]
pub struct DecideProposal {
    /// Which.
    pub id: ProposalId,
    /// Whether it is taken.
    pub accept: bool,
    /// Why.
    pub reason: String,
}

/// The proposal that was made or decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// Which.
    pub id: ProposalId,
}

/// A proposal.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// Whose staff made it.
    pub provider: ProviderId,
    /// The entry; none: a new one that was not accepted, or one that the requester no longer sees.
    pub contact: Option<ContactId>,
    /// What would change; empty: of an entry that the requester no longer sees.
    pub fields: Vec<Difference>,
    /// What the provider says of it.
    pub note: Option<String>,
    /// What has become of it.
    pub status: ProposalStatus,
    /// Why.
    pub reason: Option<String>,
    /// When it was made.
    pub proposed_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
}

/// Which proposals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProposalQuery {
    /// Only those of this status.
    pub status: Option<ProposalStatus>,
    /// Only this one.
    pub id: Option<ProposalId>,
    /// Only what comes after this one.
    pub after: Option<ProposalId>,
    /// How many to answer at most.
    pub limit: usize,
}

/// A page of proposals.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposalPage {
    /// The proposals, the oldest first.
    pub proposals: Vec<Proposal>,
    /// Whether there are more.
    pub has_more: bool,
}

impl Store {
    /// Proposes a change, or a new entry.
    ///
    /// # Errors
    /// When the requester may not, the entry has another version, or nothing would change.
    pub async fn propose_contact(
        &self,
        request: Request<'_>,
        asked: &Propose,
    ) -> Result<Proposed, WriteError<ProposalError>> {
        self.write(request, asked).await
    }

    /// Decides a proposal; what is accepted is so at once.
    ///
    /// # Errors
    /// When the requester may not, it was decided before, or the entry is no longer as it was.
    pub async fn decide_proposal(
        &self,
        request: Request<'_>,
        asked: &DecideProposal,
    ) -> Result<Proposed, WriteError<ProposalError>> {
        self.write(request, asked).await
    }

    /// The proposals that the requester may see, the oldest first: a provider's own, or all; the search is recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may see none; `Err(_)` when the database does not answer or the search cannot be
    /// recorded.
    pub async fn contact_proposals(
        &self,
        view: &View,
        access: &Access,
        query: &ProposalQuery,
    ) -> Result<Result<ProposalPage, Denied>, StoreError> {
        let provider = match view.scope().see_proposals() {
            Ok(provider) => provider,
            Err(denied) => return Ok(Err(self.deny(view, access, "contactProposals", denied).await)),
        };
        let search = async {
            let reading = Reading::begin(&self.database).await?;
            let mut select = contact_proposal::Entity::find();
            if let Some(provider) = provider {
                select = select.filter(Column::ProviderId.eq(provider));
            }
            if let Some(status) = query.status {
                select = select.filter(Column::Status.eq(status));
            }
            if let Some(id) = query.id {
                select = select.filter(Column::Id.eq(id));
            }
            if let Some(after) = query.after {
                select = select.filter(Column::Id.gt(after));
            }
            // Ids are in the order of time, and of the same bytes in both databases.
            let rows = select.order_by_asc(Column::Id).limit(query.limit as u64 + 1).all(&reading.tx).await?;
            let has_more = rows.len() > query.limit;
            let shown = rows.into_iter().take(query.limit);
            let mut proposals = shown.map(proposal).collect::<Result<Vec<_>, StoreError>>()?;
            if let Some(provider) = provider {
                hide_others(&reading.tx, provider, &mut proposals).await?;
            }
            let entries = proposals.iter().filter_map(|one| one.contact).map(rows::object);
            let objects = proposals.iter().map(|one| object(one.id)).chain(entries).collect();
            let event = Event { kind: "search", ..Event::read(view, access, &self.replica, "contactProposals") };
            reading.end(&event, objects).await?;
            Ok::<_, StoreError>(ProposalPage { proposals, has_more })
        };
        let _turn = self.turn().await?;
        self.database.within(search).await.map(Ok)
    }
}

/// Why a proposal is not made, or not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// It would change nothing.
    #[error("this proposes nothing that the entry does not say already")]
    Nothing,
    /// It was decided before.
    #[error("this proposal was decided already")]
    Decided,
    /// Others wait already.
    #[error("{} of your proposals wait for a decision; more can be made when those are decided", apply::MOST_OPEN)]
    TooMany,
    /// The entry has changed since.
    #[error("the entry has changed since in a field that is proposed; edit it by hand, and reject this")]
    Outdated,
    /// It cannot be done with the entry.
    #[error(transparent)]
    Contact(#[from] ContactError),
}

/// A proposal, as the audit trail names it.
pub(super) fn object(id: ProposalId) -> Value {
    json!({ "type": "proposal", "id": id.0.simple().to_string() })
}

/// Hides what proposals say of entries that the provider no longer sees: those that were withdrawn, or work elsewhere.
async fn hide_others(
    tx: &DatabaseTransaction,
    provider: ProviderId,
    proposals: &mut [Proposal],
) -> Result<(), StoreError> {
    let named = proposals.iter().filter_map(|one| one.contact);
    let seen: Vec<ContactId> = contact::Entity::find()
        .select_only()
        .column(contact::Column::Id)
        .filter(contact::Column::Id.is_in(named))
        .filter(contact::Column::ProviderId.eq(provider))
        .filter(contact::Column::Status.ne(ContactStatus::Withdrawn))
        .into_tuple()
        .all(tx)
        .await?;
    for one in proposals.iter_mut().filter(|one| one.contact.is_some_and(|id| !seen.contains(&id))) {
        (one.contact, one.fields, one.note) = (None, Vec::new(), None);
    }
    Ok(())
}

fn proposal(row: contact_proposal::Model) -> Result<Proposal, StoreError> {
    Ok(Proposal {
        id: row.id,
        provider: row.provider_id,
        contact: row.contact_id,
        fields: read(row.fields)?,
        note: row.note,
        status: row.status,
        reason: row.reason,
        proposed_at: row.proposed_at,
        decided_at: row.decided_at,
    })
}
