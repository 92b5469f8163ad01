//! What a provider states of free spots.

use async_graphql::{ID, InputObject};
use chrono::NaiveDate;

use super::{
    super::{
        enums::Slot,
        error::{ApiError, Result},
        id,
        scalars::{Date, out_of_range},
    },
    idempotency_key,
};
use crate::{
    care::{availability::Period, calendar::DateError},
    store::{IdempotencyKey, SetAvailability},
};

/// How many periods one change may hold.
const MOST_PERIODS: usize = 100;

/// What is stated of the free spots of a place. Dates in none of the periods stay as they are.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct SetAvailabilityInput {
    /// The place: your own, unless you are the kenniscentrum.
    place: ID,
    /// What is stated: 1 to 100 periods, of which no two are about the same date and part of the day.
    periods: Vec<AvailabilityPeriodInput>,
    /// The `version` of the place that you have seen. If it has another by now, nothing changes and the error `CONFLICT`
    /// says which. Left out: the change is made whatever others did.
    expected_version: Option<i32>,
    /// A key of your own choice, 1 to 64 visible ASCII characters, such as a UUID: the same change sent again with the
    /// same key within 24 hours is answered as the first time and happens once.
    idempotency_key: Option<String>,
}

/// The same number of free spots on every date from `from` to `to`.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct AvailabilityPeriodInput {
    /// The part of each day: one that the care form has.
    slot: Slot,
    /// The first date; not before today. A night begins on its date.
    from: Date,
    /// The last date, included; at most 400 days from today.
    to: Date,
    /// How many spots are free: 0 up to the capacity of the place.
    free: i32,
}

impl SetAvailabilityInput {
    pub(in crate::graphql) fn read(self, today: NaiveDate) -> Result<(SetAvailability, Option<IdempotencyKey>)> {
        let place = id::place("input.place", &self.place)?;
        let count = self.periods.len();
        if !(1..=MOST_PERIODS).contains(&count) {
            return Err(ApiError::input(
                "input.periods",
                format!("State 1 to {MOST_PERIODS} periods; there were {count}."),
            ));
        }
        let periods = self.periods.into_iter().enumerate().map(|(at, period)| period.read(at, today));
        let periods = periods.collect::<Result<_>>()?;
        let key = idempotency_key(self.idempotency_key)?;
        Ok((SetAvailability { place, periods, expected_version: self.expected_version }, key))
    }
}

impl AvailabilityPeriodInput {
    fn read(self, at: usize, today: NaiveDate) -> Result<Period> {
        let argument = |field: &str| format!("input.periods.{at}.{field}");
        let from = self.from.askable(&argument("from"), today)?;
        let to = self.to.parse_as(&argument("to"))?;
        if to < from {
            let error = DateError::Reversed { later: to, earlier: from, or_same: true };
            return Err(out_of_range(&argument("to"), error));
        }
        let to = self.to.askable(&argument("to"), today)?;
        Ok(Period { slot: self.slot.into(), from, to, free: self.free })
    }
}
