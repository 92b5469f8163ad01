//! What providers propose for the contactenbestand.

use async_graphql::{Context, SimpleObject};

use super::change::FieldChange;
use crate::{
    care::{id::ProposalId, vocabulary},
    graphql::{
        context,
        cursor::{Cursor, Question},
        enums::ProposalStatus,
        error::Result,
        id::{GlobalId, NodeId},
        page::{self, PageInfo},
        scalars::Instant,
    },
    store::{Proposal, ProposalQuery, View},
};

/// A change of the contactenbestand that a provider proposes.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactProposal {
    /// Its id.
    id: NodeId,
    /// The provider whose staff proposed it.
    provider: NodeId,
    /// The entry; null: a new one that was not accepted, or one that you no longer see.
    contact: Option<NodeId>,
    /// What would change, or has; empty: of an entry that you no longer see.
    fields: Vec<FieldChange>,
    /// What the provider says of it; null: nothing.
    note: Option<String>,
    /// What has become of it.
    status: ProposalStatus,
    /// Why; null: not decided yet.
    reason: Option<String>,
    /// When it was made.
    proposed_at: Instant,
    /// When it was decided; null: not yet.
    decided_at: Option<Instant>,
}

impl ContactProposal {
    fn new(proposal: Proposal, view: &View) -> Self {
        Self {
            id: GlobalId::Proposal(proposal.id).into(),
            provider: GlobalId::Provider(proposal.provider).into(),
            contact: proposal.contact.map(|id| GlobalId::Contact(id).into()),
            fields: proposal.fields.iter().map(|one| FieldChange::new(one, view, Some(proposal.provider))).collect(),
            note: proposal.note,
            status: proposal.status.into(),
            reason: proposal.reason,
            proposed_at: proposal.proposed_at.into(),
            decided_at: proposal.decided_at.map(Into::into),
        }
    }
}

/// A page of proposals.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactProposalConnection {
    /// The proposals with their cursors, the oldest first.
    edges: Vec<ContactProposalEdge>,
    /// Where this page stands.
    page_info: PageInfo,
}

/// A proposal with its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactProposalEdge {
    /// The cursor.
    cursor: Cursor,
    /// The proposal.
    node: ContactProposal,
}

/// The proposals of a status.
pub(in crate::graphql) async fn contact_proposals(
    ctx: &Context<'_>,
    status: Option<vocabulary::ProposalStatus>,
    first: i32,
    after: Option<&String>,
) -> Result<Option<ContactProposalConnection>> {
    let question = Question::new("contactProposals", &status);
    let limit = page::size(ctx, first)?;
    let after_id: Option<ProposalId> = after.map(|cursor| question.place(cursor)).transpose()?;
    let query = ProposalQuery { status, after: after_id, limit, ..ProposalQuery::default() };
    let (view, access) = (context::view(ctx)?, context::access(ctx)?);
    let page = context::store(ctx)?.contact_proposals(view, access, &query).await??;
    let edge = |proposal: Proposal| {
        Ok(ContactProposalEdge {
            cursor: question.cursor_at(&proposal.id)?,
            node: ContactProposal::new(proposal, view),
        })
    };
    let edges = page.proposals.into_iter().map(edge).collect::<Result<Vec<_>>>()?;
    let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
    let page_info = PageInfo::new(&cursors, page.has_more, after);
    Ok(Some(ContactProposalConnection { edges, page_info }))
}

/// The proposal that was made or decided.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ContactProposalPayload {
    /// The proposal.
    proposal: ContactProposal,
}

impl ContactProposalPayload {
    /// Reads the proposal with an id, as the requester may see it.
    pub(in crate::graphql) async fn find(ctx: &Context<'_>, id: ProposalId) -> Result<Option<Self>> {
        let query = ProposalQuery { id: Some(id), limit: 1, ..ProposalQuery::default() };
        let (view, access) = (context::view(ctx)?, context::access(ctx)?);
        let mut page = context::store(ctx)?.contact_proposals(view, access, &query).await??;
        Ok(page.proposals.pop().map(|proposal| Self { proposal: ContactProposal::new(proposal, view) }))
    }
}
