//! What is said of kwaliteitseisen at a place.

use async_graphql::{Context, Object};

use super::{
    super::{
        context,
        error::{ApiError, Result},
        input::{StateClaimInput, VoiceClaimInput},
        types::PlacePayload,
    },
    request,
};
use crate::store::WriteError;

#[derive(Default)]
pub(super) struct ClaimMutation;

#[Object]
impl ClaimMutation {
    /// States what a place meets of a kwaliteitseis, live at once: the provider's own staff as `PROVIDER`, the kenniscentrum as
    /// `KENNISCENTRUM`. Neither changes what the other claims.
    async fn state_claim(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is claimed.")] input: StateClaimInput,
    ) -> Result<Option<PlacePayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        let done = context::store(ctx)?.state_claim(request(ctx, key.as_ref())?, &asked).await;
        let done = done.map_err(|error| super::refused(error, "input.place", "There is no place with this id."))?;
        super::changed(ctx, asked.place, done)
    }

    /// Says, as a parent, whether a claim is right: one voice per passport and claim, which you can change or take away. It
    /// counts while that is what is claimed, and is shown as a number from three on, never by whom. For holders of a valid
    /// ZEVMB-paspoort.
    async fn voice_claim(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The claim, and what you say of it.")] input: VoiceClaimInput,
    ) -> Result<Option<PlacePayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        let done = context::store(ctx)?.voice_claim(request(ctx, key.as_ref())?, &asked).await;
        let done = done.map_err(|error| match error {
            WriteError::Unknown => ApiError::input(
                "input.source",
                "There is no such claim: `Place.kwaliteitseisen` lists those there are.",
            ),
            error => super::refused(error, "input.place", "There is no place with this id."),
        })?;
        super::changed(ctx, asked.place, done)
    }
}
