//! Changes of what is on the map: providers, buildings, groups and places.

use async_graphql::{Context, Object};

use super::{
    super::{
        context,
        error::{ApiError, Result},
        input::{
            AddCareGroupInput, AddLocationInput, AddPlaceInput, EditCareGroupInput, EditLocationInput, EditPlaceInput,
            EditProviderInput, SET, ShowPlaceInput, not_stated, sentence,
        },
        types::MapChangePayload,
    },
    request,
};
use crate::{
    care::{profile::Object as MapObject, vocabulary},
    store::{AddObject, EditProfile, IdempotencyKey, ProfileError, ShowPlace, WriteError},
};

#[derive(Default)]
pub(super) struct ProfileMutation;

#[Object]
impl ProfileMutation {
    /// Adds a building, with its address. What a provider's own staff add waits for the kenniscentrum as a whole; what that adds is on
    /// the map at once.
    async fn add_location(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is added.")] input: AddLocationInput,
    ) -> Result<Option<MapChangePayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        add(ctx, &asked, key.as_ref()).await
    }

    /// Adds a group in a building. What a provider's own staff add waits for the kenniscentrum as a whole; what that adds is on
    /// the map at once.
    async fn add_care_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is added.")] input: AddCareGroupInput,
    ) -> Result<Option<MapChangePayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        add(ctx, &asked, key.as_ref()).await
    }

    /// Adds a place that a group offers. What a provider's own staff add waits for the kenniscentrum as a whole; what that adds is on
    /// the map at once.
    async fn add_place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is added.")] input: AddPlaceInput,
    ) -> Result<Option<MapChangePayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        add(ctx, &asked, key.as_ref()).await
    }

    /// Changes what a provider says of itself, live at once. For the provider's own staff and
    /// the kenniscentrum, for whom nothing waits.
    async fn edit_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what is stated now.")] input: EditProviderInput,
    ) -> Result<Option<MapChangePayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        edit(ctx, &asked, key.as_ref()).await
    }

    /// Changes what is stated of a building: facilities at once, the address waits. For the provider's own staff and
    /// the kenniscentrum, for whom nothing waits.
    async fn edit_location(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what is stated now.")] input: EditLocationInput,
    ) -> Result<Option<MapChangePayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        edit(ctx, &asked, key.as_ref()).await
    }

    /// Changes what is stated of a group: homogeneity, staffing, nurses and night care wait, the rest is live at once. For the provider's own staff and
    /// the kenniscentrum, for whom nothing waits.
    async fn edit_care_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what is stated now.")] input: EditCareGroupInput,
    ) -> Result<Option<MapChangePayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        edit(ctx, &asked, key.as_ref()).await
    }

    /// Changes what is stated of a place: the care form waits, the rest is live at once. For the provider's own staff and
    /// the kenniscentrum, for whom nothing waits.
    async fn edit_place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what is stated now.")] input: EditPlaceInput,
    ) -> Result<Option<MapChangePayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        edit(ctx, &asked, key.as_ref()).await
    }

    /// Takes a place off the map at once: it is in no search any more, and nothing of it is lost. For the provider's own staff
    /// and the kenniscentrum.
    async fn withdraw_place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: ShowPlaceInput,
    ) -> Result<Option<MapChangePayload>> {
        let (asked, key) = input.read(false)?;
        show(ctx, &asked, key.as_ref()).await
    }

    /// Puts a place that was withdrawn back on the map, as it was. For the kenniscentrum.
    async fn restore_place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: ShowPlaceInput,
    ) -> Result<Option<MapChangePayload>> {
        let (asked, key) = input.read(true)?;
        show(ctx, &asked, key.as_ref()).await
    }
}

async fn add(ctx: &Context<'_>, asked: &AddObject, key: Option<&IdempotencyKey>) -> Result<Option<MapChangePayload>> {
    let done = context::store(ctx)?.add_object(request(ctx, key)?, asked).await;
    MapChangePayload::new(ctx, done.map_err(|error| refused(error, asked.parent))?).await
}

async fn edit(
    ctx: &Context<'_>,
    asked: &EditProfile,
    key: Option<&IdempotencyKey>,
) -> Result<Option<MapChangePayload>> {
    let done = context::store(ctx)?.edit_profile(request(ctx, key)?, asked).await;
    MapChangePayload::new(ctx, done.map_err(|error| refused(error, asked.object))?).await
}

async fn show(ctx: &Context<'_>, asked: &ShowPlace, key: Option<&IdempotencyKey>) -> Result<Option<MapChangePayload>> {
    let done = context::store(ctx)?.show_place(request(ctx, key)?, asked).await;
    MapChangePayload::new(ctx, done.map_err(|error| refused(error, MapObject::Place(asked.place)))?).await
}

/// Why something on the map was not changed; `named` is what the input names.
fn refused(error: WriteError<ProfileError>, named: MapObject) -> ApiError {
    let argument = match named.kind() {
        vocabulary::MapObject::Provider => "input.provider",
        vocabulary::MapObject::Location => "input.location",
        vocabulary::MapObject::CareGroup => "input.careGroup",
        vocabulary::MapObject::Place => "input.place",
    };
    match error {
        WriteError::Refused(ProfileError::Field(refusal)) => not_stated(SET, refusal),
        WriteError::Refused(ProfileError::Nothing) => ApiError::input(SET, sentence(&ProfileError::Nothing)),
        WriteError::Refused(error) => ApiError::input(argument, sentence(&error)),
        error => super::refused(error, argument, "There is nothing on the map with this id."),
    }
}
