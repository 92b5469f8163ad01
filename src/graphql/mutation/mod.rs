//! The changes.

mod alert;
mod claim;
mod contact;
mod gap;
mod passport;
mod place;
mod profile;
mod review;
mod sign_in;

use async_graphql::{Context, MergedObject};

use super::{
    context,
    error::{ApiError, Result},
    types::PlacePayload,
};
use crate::{
    care::id::PlaceId,
    store::{IdempotencyKey, PlaceChanged, Request, WriteError},
};

/// The changes that may be made. Each happens wholly or not at all, leaves a record in the audit trail, and is seen by the
/// next question; on other replicas within a second. What a role may not change answers null with an error, as in `Query`.
#[derive(MergedObject, Default)]
pub struct Mutation(
    alert::AlertMutation,
    claim::ClaimMutation,
    contact::ContactMutation,
    gap::GapMutation,
    passport::PassportMutation,
    place::PlaceMutation,
    profile::ProfileMutation,
    review::ReviewMutation,
    sign_in::SignInMutation,
);

/// Who asks for a change, and how.
fn request<'a>(ctx: &Context<'a>, key: Option<&'a IdempotencyKey>) -> Result<Request<'a>> {
    Ok(Request { view: context::view(ctx)?, access: context::access(ctx)?, key })
}

/// The place as it is after a change.
fn changed(ctx: &Context<'_>, place: PlaceId, done: PlaceChanged) -> Result<Option<PlacePayload>> {
    let view = context::view(ctx)?;
    Ok(PlacePayload::new(&context::store(ctx)?.view(view.scope().clone(), view.now()), place, done.version))
}

/// What every change can end in.
fn refused<R>(error: WriteError<R>, argument: &str, unknown: &str) -> ApiError {
    match error {
        WriteError::Denied(denied) => denied.into(),
        WriteError::Conflict { version } => ApiError::conflict(version),
        WriteError::KeyTaken => ApiError::key_taken(),
        WriteError::Store(error) => error.into(),
        WriteError::Unknown | WriteError::Refused(_) => ApiError::input(argument, unknown),
    }
}
