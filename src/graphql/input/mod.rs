//! What clients send, read into the domain; every error names its argument.

mod availability;
mod contact_filter;
mod near;
mod passport;
mod place_filter;
mod wish;

pub(super) use availability::SetAvailabilityInput;
pub(super) use contact_filter::ContactFilter;
pub(super) use near::{NearInput, radius_km};
pub(super) use passport::{CardInput, IssuePassportInput, ReassessPassportInput, RevokePassportInput};
pub(super) use place_filter::PlaceFilter;
pub(super) use wish::{WishInput, wishes};

use super::error::{ApiError, Result};
use crate::{care::reference::Reference, store::IdempotencyKey};

/// Reads the key by which a change can be sent again.
pub(super) fn idempotency_key(key: Option<String>) -> Result<Option<IdempotencyKey>> {
    let read = key.map(|key| {
        IdempotencyKey::parse(&key).ok_or_else(|| {
            ApiError::input("input.idempotencyKey", "A key has 1 to 64 visible ASCII characters, such as a UUID.")
        })
    });
    read.transpose()
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
