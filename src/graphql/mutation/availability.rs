//! Changes of availability.

use async_graphql::{Context, Object};

use super::{
    super::{
        context,
        error::{ApiError, Result},
        input::SetAvailabilityInput,
        types::SetAvailabilityPayload,
    },
    request,
};
use crate::{care::availability::PeriodError, store::WriteError};

#[derive(Default)]
pub(super) struct AvailabilityMutation;

#[Object]
impl AvailabilityMutation {
    /// States how many spots of a place are free: for the provider's own staff and the kenniscentrum. It says nothing of
    /// other dates and does not confirm them, so `freshness` stays as it was.
    async fn set_availability(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The place and what is stated of it.")] input: SetAvailabilityInput,
    ) -> Result<Option<SetAvailabilityPayload>> {
        let (view, store) = (context::view(ctx)?, context::store(ctx)?);
        let (asked, key) = input.read(view.today())?;
        let set = store.set_availability(request(ctx, key.as_ref())?, &asked).await.map_err(refused)?;
        let now = store.view(view.scope().clone(), view.now());
        Ok(SetAvailabilityPayload::new(&now, asked.place, set))
    }
}

fn refused(error: WriteError<(usize, PeriodError)>) -> ApiError {
    match error {
        WriteError::Denied(denied) => denied.into(),
        WriteError::Unknown => ApiError::input("input.place", "There is no place with this id."),
        WriteError::Conflict { version } => ApiError::conflict(version),
        WriteError::KeyTaken => ApiError::key_taken(),
        WriteError::Refused((at, error)) => {
            let field = match error {
                PeriodError::Slot { .. } => "slot",
                PeriodError::Free { .. } => "free",
                PeriodError::Overlap { .. } => "from",
            };
            ApiError::input(format!("input.periods.{at}.{field}"), format!("{error}."))
        }
        WriteError::Store(error) => error.into(),
    }
}
