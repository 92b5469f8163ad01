//! Changes of places by those whose they are.

use std::convert::Infallible;

use async_graphql::{Context, Object};

use super::{
    super::{
        context,
        error::{ApiError, Result},
        input::{ConfirmPlacesInput, SetAvailabilityInput, SetCapacityInput, SetVervoerInput, SetWaitingListInput},
        types::{ConfirmPlacesPayload, PlacePayload, SetAvailabilityPayload},
    },
    request,
};
use crate::{
    care::availability::stated::PeriodError,
    store::{CapacityError, WriteError},
};

#[derive(Default)]
pub(super) struct PlaceMutation;

#[Object]
impl PlaceMutation {
    /// States how many spots of a place are free: for the provider's own staff and the kenniscentrum. It says nothing of
    /// other dates and does not confirm them, so `freshness` stays as it was.
    async fn set_availability(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The place and what is stated of it.")] input: SetAvailabilityInput,
    ) -> Result<Option<SetAvailabilityPayload>> {
        let (view, store) = (context::view(ctx)?, context::store(ctx)?);
        let (asked, key) = input.read(view.today())?;
        let set = store.set_availability(request(ctx, key.as_ref())?, &asked).await.map_err(not_stated)?;
        let now = store.view(view.scope().clone(), view.now());
        Ok(SetAvailabilityPayload::new(&now, asked.place, set))
    }

    /// Confirms that what places state is still true, free spots and all: they are `FRESH` from then on. For the provider's
    /// own staff and the kenniscentrum.
    async fn confirm_places(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which places.")] input: ConfirmPlacesInput,
    ) -> Result<Option<ConfirmPlacesPayload>> {
        let (view, store) = (context::view(ctx)?, context::store(ctx)?);
        let asked = input.read()?;
        let confirmed = store.confirm_places(request(ctx, None)?, &asked).await;
        let confirmed = confirmed.map_err(|error: WriteError<Infallible>| match error {
            WriteError::Unknown => ApiError::input(input.argument(), "There is nothing on the map with this id."),
            error => refused(error),
        })?;
        Ok(Some(ConfirmPlacesPayload::new(&store.view(view.scope().clone(), view.now()), &confirmed.0)))
    }

    /// States how long the waiting list of a place is. For the provider's own staff and the kenniscentrum.
    async fn set_waiting_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The place and its waiting list.")] input: SetWaitingListInput,
    ) -> Result<Option<PlacePayload>> {
        let (asked, key) = input.read()?;
        let done = context::store(ctx)?.set_waiting_list(request(ctx, key.as_ref())?, &asked).await;
        super::changed(ctx, asked.place, done.map_err(refused)?)
    }

    /// States all vervoer of a place, in the place of what was stated before. Everybody sees it at once. For the provider's own
    /// staff and the kenniscentrum.
    async fn set_vervoer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The place and its vervoer.")] input: SetVervoerInput,
    ) -> Result<Option<PlacePayload>> {
        let view = context::view(ctx)?.clone();
        // Turning a large area into cells takes long enough to keep others waiting.
        let read = tokio::task::spawn_blocking(move || input.read(view.reference()));
        let (asked, key) = read.await.map_err(|_| ApiError::internal("vervoer that cannot be read"))??;
        let done = context::store(ctx)?.set_vervoer(request(ctx, key.as_ref())?, &asked).await;
        super::changed(ctx, asked.place, done.map_err(refused)?)
    }

    /// States how many spots a place has; never fewer than are stated to be free from today on, for which the error names the
    /// dates. For the provider's own staff and the kenniscentrum.
    async fn set_capacity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The place and its capacity.")] input: SetCapacityInput,
    ) -> Result<Option<PlacePayload>> {
        let (asked, key) = input.read()?;
        let done = context::store(ctx)?.set_capacity(request(ctx, key.as_ref())?, &asked).await;
        let done = done.map_err(|error| match error {
            WriteError::Refused(CapacityError(above)) => ApiError::capacity(&above),
            error => refused(error),
        })?;
        super::changed(ctx, asked.place, done)
    }
}

fn not_stated(error: WriteError<(usize, PeriodError)>) -> ApiError {
    match error {
        WriteError::Refused((at, error)) => {
            let field = match error {
                PeriodError::Slot { .. } => "slot",
                PeriodError::Free { .. } => "free",
                PeriodError::Overlap { .. } | PeriodError::Empty => "from",
            };
            ApiError::input(format!("input.periods.{at}.{field}"), format!("{error}."))
        }
        error => refused(error),
    }
}

/// What every change of a place can end in.
fn refused<R>(error: WriteError<R>) -> ApiError {
    super::refused(error, "input.place", "There is no place with this id.")
}
