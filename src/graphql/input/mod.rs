//! What clients send, read into the domain; every error names its argument.

mod availability;
mod bounds;
mod claim;
mod contact;
mod contact_fields;
mod contact_filter;
mod gap;
mod near;
mod passport;
mod place;
mod place_filter;
mod profile;
mod profile_fields;
mod proposal;
mod review;
mod saved_search;
mod sites;
mod stay;
mod vervoer;
mod wish;

pub(super) use availability::SetAvailabilityInput;
pub(super) use bounds::BoundsInput;
pub(super) use claim::{StateClaimInput, VoiceClaimInput};
pub(super) use contact::{
    AddContactInput, ConfirmContactsInput, EditContactInput, KeepContactsApartInput, MergeContactsInput,
    PublishContactInput, UndoContactInput, WithdrawContactInput,
};
pub(super) use contact_filter::ContactFilter;
pub use gap::gap_question;
pub(super) use gap::{GapInput, ScenarioChangeInput, changes, gap_region, scenario_error};
pub(super) use near::{NearInput, radius_km};
pub(super) use passport::{CardInput, IssuePassportInput, ReassessPassportInput, RevokePassportInput};
pub(super) use place::{ConfirmPlacesInput, SetCapacityInput, SetWaitingListInput};
pub(super) use place_filter::PlaceFilter;
pub(super) use profile::{
    AddCareGroupInput, AddLocationInput, AddPlaceInput, EditCareGroupInput, EditLocationInput, EditPlaceInput,
    EditProviderInput, SET, ShowPlaceInput,
};
pub(super) use profile_fields::not_stated;
pub(super) use proposal::{DecideContactProposalInput, ProposeContactInput};
pub(super) use review::{AnswerReviewInput, DecideReviewInput, TakeBackReviewInput};
pub(super) use saved_search::SaveSearchInput;
pub(super) use sites::SuggestSitesInput;
pub(super) use stay::{DagdelenInput, StaySeriesInput, nights};
pub(super) use vervoer::{SetVervoerInput, dagbesteding};
pub(super) use wish::{WishInput, wishes};

use unicode_normalization::UnicodeNormalization;

use super::error::{ApiError, Result};
use crate::{
    care::{reference::Reference, text::is_plain},
    store::IdempotencyKey,
};

/// The longest reason, note or role id, in characters.
const LONGEST: usize = 200;

/// Reads the key by which a change can be sent again.
pub(super) fn idempotency_key(key: Option<String>) -> Result<Option<IdempotencyKey>> {
    let read = key.map(|key| {
        IdempotencyKey::parse(&key).ok_or_else(|| {
            ApiError::input("input.idempotencyKey", "A key has 1 to 64 visible ASCII characters, such as a UUID.")
        })
    });
    read.transpose()
}

/// A text of somebody, without what no text has.
pub(super) fn text(argument: &str, text: &str) -> Result<String> {
    let text: String = text.trim().nfc().collect();
    if (1..=LONGEST).contains(&text.chars().count()) && text.chars().all(is_plain) {
        Ok(text)
    } else {
        Err(ApiError::input(argument, format!("Say it in 1 to {LONGEST} characters of one line.")))
    }
}

/// A reason of the domain as a sentence.
pub(super) fn sentence(reason: &dyn std::fmt::Display) -> String {
    let words = reason.to_string();
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).chain(['.']).collect()
}

/// Checks a number of spots.
pub(super) fn spots(argument: &str, spots: i32) -> Result<i32> {
    if (1..=100).contains(&spots) {
        Ok(spots)
    } else {
        Err(ApiError::input(argument, format!("The number of spots is from 1 to 100; it was {spots}.")))
    }
}

/// Checks the code of a region.
pub(super) fn region(argument: &str, code: String, reference: &Reference) -> Result<String> {
    if reference.regions.contains_key(&code) {
        Ok(code)
    } else {
        Err(ApiError::input(
            argument,
            "There is no zorgkantoorregio with this code; `regions` lists them, such as ZK23.",
        ))
    }
}

/// Checks the code of a kwaliteitseis.
pub(super) fn kwaliteitseis(argument: &str, code: String, reference: &Reference) -> Result<String> {
    if reference.kwaliteitseisen.contains_key(&code) {
        Ok(code)
    } else {
        Err(ApiError::input(
            argument,
            "There is no kwaliteitseis with this code; `kwaliteitseisen` lists them, such as 3.b.",
        ))
    }
}
