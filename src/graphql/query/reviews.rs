//! Questions about changes of the map: those that wait, and those that were made.

use async_graphql::{Context, ID, Object};

use super::super::{
    context,
    enums::ReviewStatus,
    error::Result,
    id,
    input::region,
    scalars::Date,
    types::{PlaceAsOf, PlaceHistoryConnection, ReviewConnection, place_history, review_queue},
};

#[derive(Default)]
pub(super) struct ReviewQuestions;

#[Object]
impl ReviewQuestions {
    /// Changes of the map that wait for the kenniscentrum, or have waited, the oldest first, field by field: a provider's
    /// staff see their own, the kenniscentrum all.
    #[graphql(name = "reviewQueue")]
    async fn queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this provider.")] provider: Option<ID>,
        #[graphql(desc = "Only those in this zorgkantoorregio: its code, such as `ZK23`.")] region: Option<String>,
        #[graphql(desc = "Only those of this status; left out: all.")] status: Option<ReviewStatus>,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor of the same question.")] after: Option<String>,
    ) -> Result<Option<ReviewConnection>> {
        let view = context::view(ctx)?;
        let provider = provider.map(|provider| id::provider("provider", &provider)).transpose()?;
        let code = region.map(|code| self::region("region", code, view.reference())).transpose()?;
        review_queue(ctx, provider, code, status.map(Into::into), first, after.as_ref()).await
    }

    /// Who changed what of a place, its group and its building, the latest first; null: there is no such place. It begins with
    /// the first change after the service kept history. For the provider's own staff and the kenniscentrum.
    #[graphql(name = "placeHistory")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the place.")] place: ID,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor of the same question.")] after: Option<String>,
    ) -> Result<Option<PlaceHistoryConnection>> {
        place_history(ctx, id::place("place", &place)?, first, after.as_ref()).await
    }

    /// What a place stated at the end of a date; null: it was not on the map then. From before the service kept history it is
    /// what was stated when that began. For the provider's own staff and the kenniscentrum.
    #[graphql(name = "placeAsOf")]
    async fn as_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the place.")] place: ID,
        #[graphql(desc = "The date; not after today.")] on: Date,
    ) -> Result<Option<PlaceAsOf>> {
        PlaceAsOf::find(ctx, id::place("place", &place)?, &on).await
    }
}
