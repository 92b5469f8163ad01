//! Questions of those who keep places.

use async_graphql::{Context, ID, Object};

use super::super::{
    context,
    error::{ApiError, Result},
    id,
    input::region,
    types::{StalePlaceConnection, stale_queue},
};

#[derive(Default)]
pub(super) struct StaleQuery;

#[Object]
impl StaleQuery {
    /// Places that are not `FRESH` and wait to be confirmed, those first where it would help parents most (`score`). For the
    /// provider's own staff, without naming the provider too, and the kenniscentrum; `confirmPlaces` confirms them.
    #[graphql(name = "staleQueue")]
    async fn queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Places of this provider.")] provider: Option<ID>,
        #[graphql(desc = "Places in this zorgkantoorregio: its code, such as `ZK23`.")] region: Option<String>,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
        #[graphql(desc = "Only what comes after this cursor of the same question.")] after: Option<String>,
    ) -> Result<Option<StalePlaceConnection>> {
        let view = context::view(ctx)?;
        let provider = provider.map(|id| id::provider("provider", &id)).transpose()?;
        if provider.is_some_and(|id| view.seen_provider(id).is_none()) {
            return Err(ApiError::input("provider", "There is no provider with this id; `providers` lists them."));
        }
        let code = region.map(|code| self::region("region", code, view.reference())).transpose()?;
        stale_queue(ctx, provider, code, first, after.as_ref()).await
    }
}
