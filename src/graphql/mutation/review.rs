//! What becomes of changes that wait for review.

use async_graphql::{Context, Object};

use super::{
    super::{
        context,
        error::{ApiError, Result},
        input::{AnswerReviewInput, DecideReviewInput, TakeBackReviewInput, not_stated, sentence},
        types::ReviewPayload,
    },
    request,
};
use crate::store::{ProfileError, WriteError};

#[derive(Default)]
pub(super) struct ReviewMutation;

#[Object]
impl ReviewMutation {
    /// Approves a change, which is live from then on; rejects it, with a reason; or asks the provider back. Where something
    /// else is live by now than when it was proposed, approving ends in `CONFLICT`. For the kenniscentrum.
    async fn decide_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The review, and what is decided.")] input: DecideReviewInput,
    ) -> Result<Option<ReviewPayload>> {
        let (asked, key) = input.read()?;
        let done = context::store(ctx)?.decide_review(request(ctx, key.as_ref())?, &asked).await;
        ReviewPayload::find(ctx, done.map_err(|error| undecided(error, None))?.id).await
    }

    /// States something else in a change that is not decided yet, such as when it was asked back: it waits again, against what
    /// is live now. For the provider's own staff.
    async fn answer_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The review, and what is stated instead.")] input: AnswerReviewInput,
    ) -> Result<Option<ReviewPayload>> {
        let set = input.argument();
        let (asked, key) = input.read(context::view(ctx)?)?;
        let done = context::store(ctx)?.answer_review(request(ctx, key.as_ref())?, &asked).await;
        ReviewPayload::find(ctx, done.map_err(|error| undecided(error, Some(set)))?.id).await
    }

    /// Takes back a change that is not decided yet; it can still be read. For the provider's own staff.
    async fn take_back_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: TakeBackReviewInput,
    ) -> Result<Option<ReviewPayload>> {
        let (asked, key) = input.read()?;
        let done = context::store(ctx)?.answer_review(request(ctx, key.as_ref())?, &asked).await;
        ReviewPayload::find(ctx, done.map_err(|error| undecided(error, None))?.id).await
    }
}

/// Why a review was not decided or answered; `set` names what the input states.
fn undecided(error: WriteError<ProfileError>, set: Option<&str>) -> ApiError {
    match (error, set) {
        (WriteError::Refused(ProfileError::Outdated(fields)), _) => ApiError::outdated(&fields),
        (WriteError::Refused(ProfileError::Field(refusal)), Some(set)) => not_stated(set, refusal),
        (WriteError::Refused(ProfileError::Nothing), Some(set)) => {
            ApiError::input(set, sentence(&ProfileError::Nothing))
        }
        (WriteError::Refused(error), _) => ApiError::input("input.review", sentence(&error)),
        (error, _) => super::refused(error, "input.review", "There is no review with this id."),
    }
}
