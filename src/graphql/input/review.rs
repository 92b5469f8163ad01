//! What becomes of changes that wait for review.

use async_graphql::{ID, InputObject, OneofObject};

use super::{
    super::{
        enums::ReviewDecision,
        error::{ApiError, Result},
        id,
    },
    contact::Read,
    idempotency_key,
    profile::note,
    profile_fields::{CareGroupFieldsInput, LocationFieldsInput, PlaceFieldsInput},
    text,
};
use crate::store::{AnswerReview, DecideReview, ReviewAnswer, View};

/// What the kenniscentrum decides about a change.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct DecideReviewInput {
    /// Which.
    review: ID,
    /// The `version` of the review that you have seen. If it has another by now, nothing is decided and the error `CONFLICT`
    /// says which.
    expected_version: i32,
    /// What.
    decision: ReviewDecision,
    /// Why, for the provider: 1 to 200 characters. `REJECT` and `ASK_BACK` need it.
    reason: Option<String>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

/// What a provider states instead.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct AnswerReviewInput {
    /// Which.
    review: ID,
    /// The `version` of the review that you have seen, as in `DecideReviewInput`.
    expected_version: i32,
    /// What is stated instead, of the kind of object that the review is about; what is left out stays as it was proposed.
    set: AnswerFieldsInput,
    /// What the kenniscentrum should know: at most 200 characters.
    note: Option<String>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

/// What is stated instead: exactly one field.
#[derive(OneofObject, Clone, Debug)]
pub(in crate::graphql) enum AnswerFieldsInput {
    /// Of a building.
    Location(LocationFieldsInput),
    /// Of a group.
    CareGroup(CareGroupFieldsInput),
    /// Of a place.
    Place(PlaceFieldsInput),
}

/// A change that a provider takes back.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct TakeBackReviewInput {
    /// Which.
    review: ID,
    /// The `version` of the review that you have seen, as in `DecideReviewInput`.
    expected_version: i32,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl DecideReviewInput {
    pub(in crate::graphql) fn read(self) -> Read<DecideReview> {
        let reason = self.reason.map(|reason| text("input.reason", &reason)).transpose()?;
        if reason.is_none() && self.decision != ReviewDecision::Approve {
            return Err(ApiError::input("input.reason", "Say why, so that the provider knows what to do."));
        }
        let id = id::review("input.review", &self.review)?;
        let (expected_version, decision) = (self.expected_version, self.decision.into());
        Ok((DecideReview { id, expected_version, decision, reason }, idempotency_key(self.idempotency_key)?))
    }
}

impl AnswerFieldsInput {
    /// The argument of what is stated.
    pub(in crate::graphql) const fn argument(&self) -> &'static str {
        match self {
            Self::Location(_) => "input.set.location",
            Self::CareGroup(_) => "input.set.careGroup",
            Self::Place(_) => "input.set.place",
        }
    }
}

impl AnswerReviewInput {
    /// The argument of what is stated.
    pub(in crate::graphql) const fn argument(&self) -> &'static str {
        self.set.argument()
    }

    pub(in crate::graphql) fn read(self, view: &View) -> Read<AnswerReview> {
        let (at, reference) = (self.set.argument(), view.reference());
        let statement = match self.set {
            AnswerFieldsInput::Location(fields) => fields.read(at, reference)?,
            AnswerFieldsInput::CareGroup(fields) => fields.read(at, reference)?,
            AnswerFieldsInput::Place(fields) => fields.read(at, reference)?,
        };
        let id = id::review("input.review", &self.review)?;
        let answer = ReviewAnswer::Again { statement, note: note(self.note)? };
        let asked = AnswerReview { id, expected_version: self.expected_version, answer };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

impl TakeBackReviewInput {
    pub(in crate::graphql) fn read(self) -> Result<(AnswerReview, Option<crate::store::IdempotencyKey>)> {
        let id = id::review("input.review", &self.review)?;
        let asked = AnswerReview { id, expected_version: self.expected_version, answer: ReviewAnswer::TakeBack };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}
