//! Saving searches.

use async_graphql::{Context, ID, Object};

use super::{
    super::{
        context,
        error::{ApiError, Result},
        id,
        input::SaveSearchInput,
        types::{SaveSearchPayload, saved_searches},
    },
    refused, request,
};
use crate::{
    care::alert::MOST_SEARCHES,
    store::{DeleteSearch, SearchError, WriteError},
};

#[derive(Default)]
pub(super) struct AlertMutation;

#[Object]
impl AlertMutation {
    /// Saves a search: you are told of every place that opens for it, by `Subscription.placesOpened` and `alerts`. What it finds
    /// already is no news; look with `placesNear`. 20 at most, for passport holders.
    async fn save_search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What you wait for.")] input: SaveSearchInput,
    ) -> Result<Option<SaveSearchPayload>> {
        context::view(ctx)?.scope().save_searches()?;
        let (asked, key) = input.read(context::view(ctx)?)?;
        let saved = context::store(ctx)?.save_search(request(ctx, key.as_ref())?, &asked).await;
        saved.map_err(|error| match error {
            WriteError::Refused(SearchError::TooMany) => ApiError::input(
                "input",
                format!("You have saved {MOST_SEARCHES} searches, which is the most; delete one with `deleteSearch`."),
            ),
            error => refused(error, "input", "There is no such passport."),
        })?;
        Ok(Some(SaveSearchPayload { searches: saved_searches(ctx).await? }))
    }

    /// Deletes one of your saved searches, with what was told for it; what you have not, or no longer, changes nothing. For
    /// passport holders.
    async fn delete_search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the search.")] search: ID,
    ) -> Result<Option<SaveSearchPayload>> {
        context::view(ctx)?.scope().save_searches()?;
        let asked = DeleteSearch(id::saved_search("search", &search)?);
        let deleted = context::store(ctx)?.delete_search(request(ctx, None)?, &asked).await;
        deleted.map_err(|error| refused(error, "search", "There is no such search."))?;
        Ok(Some(SaveSearchPayload { searches: saved_searches(ctx).await? }))
    }
}
