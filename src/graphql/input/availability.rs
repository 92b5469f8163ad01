//! What a provider states of free spots.

use async_graphql::{ID, InputObject};
use chrono::NaiveDate;

use super::{
    super::{
        enums::{Slot, Weekday},
        error::{ApiError, Result},
        id,
        scalars::{Date, out_of_range},
    },
    idempotency_key,
};
use crate::{
    care::{
        availability::stated::Period,
        calendar::{DateError, horizon},
    },
    store::{IdempotencyKey, SetAvailability},
};

/// How many periods one change may hold.
const MOST_PERIODS: usize = 100;
/// How many exceptions one period may have.
const MOST_EXCEPTIONS: usize = 50;

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

/// The same number of free spots on the dates from `from` to `to`: on all of them, or on some days of the week, and not in
/// the exceptions.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct AvailabilityPeriodInput {
    /// The part of each day: one that the care form has. Left out: all that it has, so for dagbesteding morning and
    /// afternoon.
    slot: Option<Slot>,
    /// The first date; not before today. A night begins on its date.
    from: Date,
    /// The last date, included; at most 400 days from today. Left out: until then, so "free from a date on".
    to: Option<Date>,
    /// Only on these days of the week, such as the nights of `FRIDAY` and `SATURDAY`. Left out or empty: on all.
    #[graphql(default)]
    weekdays: Vec<Weekday>,
    /// Dates in between that stay as they are, such as school holidays: at most 50.
    #[graphql(default)]
    except: Vec<DateRangeInput>,
    /// How many spots are free: 0 up to the capacity of the place; 0 blocks these dates.
    free: i32,
}

/// Dates from one to another.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct DateRangeInput {
    /// The first date.
    from: Date,
    /// The last date, included.
    to: Date,
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
        let to = match &self.to {
            Some(to) => {
                in_order(&argument("to"), from, to.parse_as(&argument("to"))?)?;
                to.askable(&argument("to"), today)?
            }
            None => horizon(today),
        };
        if self.except.len() > MOST_EXCEPTIONS {
            let message = format!("Name at most {MOST_EXCEPTIONS} exceptions; there were {}.", self.except.len());
            return Err(ApiError::input(argument("except"), message));
        }
        let except = self.except.iter().enumerate().map(|(number, range)| {
            let argument = |field: &str| argument(&format!("except.{number}.{field}"));
            let (from, to) = (range.from.parse_as(&argument("from"))?, range.to.parse_as(&argument("to"))?);
            in_order(&argument("to"), from, to).map(|()| (from, to))
        });
        let except = except.collect::<Result<_>>()?;
        let weekdays = self.weekdays.into_iter().map(Into::into).collect();
        Ok(Period { slot: self.slot.map(Into::into), from, to, weekdays, except, free: self.free })
    }
}

/// Checks that the last date is not before the first.
fn in_order(argument: &str, from: NaiveDate, to: NaiveDate) -> Result<()> {
    if to < from {
        Err(out_of_range(argument, DateError::Reversed { later: to, earlier: from, or_same: true }))
    } else {
        Ok(())
    }
}
