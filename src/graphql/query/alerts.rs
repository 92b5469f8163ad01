//! What somebody waits for, and what opened.

use async_graphql::{Context, Object};

use super::super::{
    error::Result,
    types::{AlertConnection, SavedSearch, alerts, saved_searches},
};

#[derive(Default)]
pub(super) struct AlertQuery;

#[Object]
impl AlertQuery {
    /// Your saved searches, the oldest first. For passport holders.
    async fn saved_searches(&self, ctx: &Context<'_>) -> Result<Option<Vec<SavedSearch>>> {
        saved_searches(ctx).await.map(Some)
    }

    /// What opened for your saved searches in the last 90 days, the earliest first: for clients that look from time to time.
    /// `Subscription.placesOpened` tells it as it happens. For passport holders.
    async fn alerts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] since: Option<String>,
        #[graphql(default = 20, desc = "How many: 1 to 100.")] first: i32,
    ) -> Result<Option<AlertConnection>> {
        alerts(ctx, since.as_ref(), first).await
    }
}
