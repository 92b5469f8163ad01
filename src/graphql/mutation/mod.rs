//! The changes.

mod availability;
mod contact;
mod passport;
mod sign_in;

use async_graphql::{Context, MergedObject};

use super::{context, error::Result};
use crate::store::{IdempotencyKey, Request};

/// The changes that may be made. Each happens wholly or not at all, leaves a record in the audit trail, and is seen by the
/// next question; on other replicas within a second. What a role may not change answers null with an error, as in `Query`.
#[derive(MergedObject, Default)]
pub struct Mutation(
    availability::AvailabilityMutation,
    contact::ContactMutation,
    passport::PassportMutation,
    sign_in::SignInMutation,
);

/// Who asks for a change, and how.
fn request<'a>(ctx: &Context<'a>, key: Option<&'a IdempotencyKey>) -> Result<Request<'a>> {
    Ok(Request { view: context::view(ctx)?, access: context::access(ctx)?, key })
}
