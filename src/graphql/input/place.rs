//! What a provider states of its places, free spots aside.

use async_graphql::{ID, InputObject, OneofObject};

use super::{
    super::{
        error::{ApiError, Result},
        id,
    },
    idempotency_key,
};
use crate::store::{ConfirmPlaces, Confirming, IdempotencyKey, SetCapacity, SetWaitingList};

/// The largest number of spots, of people on a list, and of weeks (twenty years).
const MOST: i32 = 1_000;

/// What is still true: exactly one field.
#[derive(OneofObject, Clone, Debug)]
pub(in crate::graphql) enum ConfirmPlacesInput {
    /// This place.
    Place(ID),
    /// Every place in the building of this one.
    BuildingOf(ID),
    /// Every place of this provider.
    Provider(ID),
}

/// How long the waiting list of a place is.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct SetWaitingListInput {
    /// The place: your own, unless you are the kenniscentrum.
    place: ID,
    /// How many people wait: 0 to 1,000; left out: not known.
    length: Option<i32>,
    /// How many weeks it is expected to take: 0 to 1,000; left out: not known.
    expected_weeks: Option<i32>,
    /// The `version` of the place that you have seen, as in `SetAvailabilityInput`.
    expected_version: Option<i32>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

/// How many spots a place has.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct SetCapacityInput {
    /// The place: your own, unless you are the kenniscentrum.
    place: ID,
    /// How many spots it has: 1 to 1,000, and not fewer than are stated to be free from today on.
    capacity: i32,
    /// The `version` of the place that you have seen, as in `SetAvailabilityInput`.
    expected_version: Option<i32>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl ConfirmPlacesInput {
    /// The argument that is given.
    pub(in crate::graphql) const fn argument(&self) -> &'static str {
        match self {
            Self::Place(_) => "input.place",
            Self::BuildingOf(_) => "input.buildingOf",
            Self::Provider(_) => "input.provider",
        }
    }

    pub(in crate::graphql) fn read(&self) -> Result<ConfirmPlaces> {
        let argument = self.argument();
        Ok(ConfirmPlaces(match self {
            Self::Place(id) => Confirming::Place(id::place(argument, id)?),
            Self::BuildingOf(id) => Confirming::BuildingOf(id::place(argument, id)?),
            Self::Provider(id) => Confirming::Provider(id::provider(argument, id)?),
        }))
    }
}

impl SetWaitingListInput {
    pub(in crate::graphql) fn read(self) -> Result<(SetWaitingList, Option<IdempotencyKey>)> {
        let asked = SetWaitingList {
            place: id::place("input.place", &self.place)?,
            length: self.length.map(|length| within("input.length", length, 0)).transpose()?,
            expected_weeks: self.expected_weeks.map(|weeks| within("input.expectedWeeks", weeks, 0)).transpose()?,
            expected_version: self.expected_version,
        };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

impl SetCapacityInput {
    pub(in crate::graphql) fn read(self) -> Result<(SetCapacity, Option<IdempotencyKey>)> {
        let asked = SetCapacity {
            place: id::place("input.place", &self.place)?,
            capacity: within("input.capacity", self.capacity, 1)?,
            expected_version: self.expected_version,
        };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

fn within(argument: &str, number: i32, least: i32) -> Result<i32> {
    if (least..=MOST).contains(&number) {
        Ok(number)
    } else {
        Err(ApiError::input(argument, format!("This is a number from {least} to {MOST}; it was {number}.")))
    }
}
