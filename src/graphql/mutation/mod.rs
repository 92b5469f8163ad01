//! The changes.

mod availability;
mod passport;
mod sign_in;

use async_graphql::MergedObject;

/// The changes that may be made. Each happens wholly or not at all, leaves a record in the audit trail, and is seen by the
/// next question; on other replicas within a second. What a role may not change answers null with an error, as in `Query`.
#[derive(MergedObject, Default)]
pub struct Mutation(availability::AvailabilityMutation, passport::PassportMutation, sign_in::SignInMutation);
