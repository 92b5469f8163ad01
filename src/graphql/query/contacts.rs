//! Questions of those who keep the contactenbestand.

use async_graphql::{Context, ID, Object};

use super::super::{
    context,
    enums::ProposalStatus,
    error::Result,
    id,
    input::region,
    scalars::Date,
    types::{
        Contact, ContactDueConnection, ContactDuplicateConnection, ContactHistoryConnection, ContactProposalConnection,
        contact_duplicates, contact_history, contact_proposals, contacts_due,
    },
};

#[derive(Default)]
pub(super) struct CurationQuery;

#[Object]
impl CurationQuery {
    /// The verification round: entries that are not withdrawn and are due for verification, those longest due first. For the
    /// kenniscentrum; `confirmContacts` confirms many at once.
    #[graphql(name = "contactsDue")]
    async fn due(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Those who work for this zorgkantoorregio, or a gemeente in it: its code, such as `ZK23`.")]
        region: Option<String>,
        #[graphql(desc = "Those that are due on or before this date; left out: today.")] by: Option<Date>,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor of the same question.")] after: Option<String>,
    ) -> Result<Option<ContactDueConnection>> {
        let view = context::view(ctx)?;
        let by = by.map_or(Ok(view.today()), |by| by.parse_as("by"))?;
        let code = region.map(|code| self::region("region", code, view.reference())).transpose()?;
        contacts_due(ctx, by, code, first, after.as_ref()).await
    }

    /// Pairs of entries that may be about the same person, the likeliest first. For the kenniscentrum; `mergeContacts` makes
    /// one of them, `keepContactsApart` says that they are two.
    #[graphql(name = "contactDuplicates")]
    async fn duplicates(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor of the same question.")] after: Option<String>,
    ) -> Result<Option<ContactDuplicateConnection>> {
        contact_duplicates(ctx, first, after.as_ref()).await
    }

    /// Who changed what in an entry, and in those that were merged into it, the latest first. For the kenniscentrum.
    #[graphql(name = "contactHistory")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the entry.")] contact: ID,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor of the same question.")] after: Option<String>,
    ) -> Result<Option<ContactHistoryConnection>> {
        contact_history(ctx, id::contact("contact", &contact)?, first, after.as_ref()).await
    }

    /// An entry as it was with a version, such as the two that a `CONFLICT` names; null: there was none. For the
    /// kenniscentrum.
    async fn contact_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the entry.")] contact: ID,
        #[graphql(desc = "The version.")] version: i32,
    ) -> Result<Option<Contact>> {
        let (view, access) = (context::view(ctx)?, context::access(ctx)?);
        let id = id::contact("contact", &contact)?;
        let found = context::store(ctx)?.contact_version(view, access, id, version).await??;
        Ok(found.map(|contact| Contact::new(contact, view)))
    }

    /// What providers propose, the oldest first: a provider's staff see their own, the kenniscentrum all.
    #[graphql(name = "contactProposals")]
    async fn proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this status; left out: all.")] status: Option<ProposalStatus>,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor of the same question.")] after: Option<String>,
    ) -> Result<Option<ContactProposalConnection>> {
        contact_proposals(ctx, status.map(Into::into), first, after.as_ref()).await
    }
}
