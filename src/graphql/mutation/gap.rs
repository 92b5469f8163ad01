//! Publishing demand, and asking where places would help.

use async_graphql::{Context, InputObject, Object};

use super::{
    super::{
        context,
        error::{ApiError, Result},
        input::{SuggestSitesInput, idempotency_key, sentence},
        types::{DemandPublication, PublishDemandPayload, SiteSuggestion, SuggestSitesPayload},
    },
    refused, request,
};
use crate::{
    care::demand::LEAST_K,
    store::{PublishDemand, WriteError},
};

/// What is published.
#[derive(InputObject)]
struct PublishDemandInput {
    /// The fewest families of an area: 10 or more; left out: 10. Within a year it is that of the year's first publication.
    k: Option<i32>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

#[derive(Default)]
pub(super) struct GapMutation;

#[Object]
impl GapMutation {
    /// Publishes demand for the quarter of today, once: areas of k families and more, with noise, in multiples of 5. For the
    /// kenniscentrum. What was published never changes.
    async fn publish_demand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How.")] input: PublishDemandInput,
    ) -> Result<Option<PublishDemandPayload>> {
        let view = context::view(ctx)?;
        view.scope().keep_demand()?;
        let key = idempotency_key(input.idempotency_key)?;
        let k = input.k.map(least_k).transpose()?;
        let store = context::store(ctx)?;
        let done = store.publish_demand(request(ctx, key.as_ref())?, &PublishDemand { k }).await;
        let done = done.map_err(|error| match error {
            WriteError::Refused(why) => ApiError::input("input", sentence(&why)),
            error => refused(error, "input", "There is nothing to publish."),
        })?;
        let published = store.demand_publications(view, context::access(ctx)?).await??;
        let publication = published.into_iter().find(|one| one.quarter.to_string() == done.quarter);
        let publication = publication.ok_or_else(|| ApiError::internal("a publication that is not there"))?;
        Ok(Some(PublishDemandPayload { publication: DemandPublication::of(view, publication), refused: done.refused }))
    }

    /// Proposes where new groups in a region would help most. Short work is answered at once; long work goes on: ask
    /// `siteSuggestion`. For zorgkantoren, of their own regions, and the kenniscentrum. Every run is recorded.
    async fn suggest_sites(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked.")] input: SuggestSitesInput,
    ) -> Result<Option<SuggestSitesPayload>> {
        let view = context::view(ctx)?;
        view.scope().see_demand()?;
        let (asked, key) = input.read(view)?;
        let store = context::store(ctx)?;
        let suggestion = store.suggest_sites(request(ctx, key.as_ref())?, asked).await;
        let suggestion = suggestion.map_err(|error| match error {
            WriteError::Refused(why) => ApiError::input("input", sentence(&why)),
            error => refused(error, "input", "There is no such proposal."),
        })?;
        Ok(Some(SuggestSitesPayload { suggestion: SiteSuggestion::of(view, suggestion) }))
    }
}

fn least_k(k: i32) -> Result<u32> {
    u32::try_from(k)
        .ok()
        .filter(|k| *k >= LEAST_K)
        .ok_or_else(|| ApiError::input("input.k", format!("k is {LEAST_K} or more; it was {k}.")))
}
