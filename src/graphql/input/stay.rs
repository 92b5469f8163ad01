//! When somebody looks for care: a stay, stays that return, half days that return.

use async_graphql::InputObject;
use chrono::NaiveDate;

use super::{
    super::{
        enums::{Slot, Weekday, domain},
        error::{ApiError, Result},
        scalars::{Date, out_of_range},
    },
    spots,
};
use crate::care::{
    availability::{Dagdelen, Stay, series::StaySeries},
    calendar::DateError,
};

/// A stay: every night from `arrive` up to, not including, `depart` has at least `spots` free.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct StayInput {
    /// The first night; not before today.
    arrive: Date,
    /// The morning after the last night; at most 400 days from today.
    depart: Date,
    /// How many spots are needed: 1 to 100.
    #[graphql(default = 1)]
    spots: i32,
}

/// Stays that return: of so many nights, from the same day of the week, one in so many weeks. In which of the weeks they begin
/// is for the place: the way that suits it best counts.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct StaySeriesInput {
    /// The first date on which a stay may begin; not before today.
    from: Date,
    /// The last date on which a stay may end, the morning after its last night; at most 400 days from today.
    to: Date,
    /// The day of the week on which stays begin: `FRIDAY` for a weekend.
    weekday: Weekday,
    /// How many nights each has: 1 to 60.
    #[graphql(default = 2)]
    nights: i32,
    /// One stay in so many weeks: 1 to 26, and not shorter than a stay.
    #[graphql(default = 4)]
    every_weeks: i32,
    /// How many spots are needed: 1 to 100.
    #[graphql(default = 1)]
    spots: i32,
}

/// Half days that return: each of these weekdays and half days is free in every week of the period.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct DagdelenInput {
    /// The first date of the period; not before today.
    from: Date,
    /// The last date of the period; at most 400 days from today.
    to: Date,
    /// On which days of the week: at least one.
    weekdays: Vec<Weekday>,
    /// Which half days: `MORNING`, `AFTERNOON` or both.
    slots: Vec<Slot>,
    /// How many spots are needed: 1 to 100.
    #[graphql(default = 1)]
    spots: i32,
}

impl StayInput {
    pub(super) fn read(self, today: NaiveDate) -> Result<Stay> {
        let arrive = self.arrive.askable("filter.stay.arrive", today)?;
        let depart = self.depart.parse_as("filter.stay.depart")?;
        if depart <= arrive {
            let error = DateError::Reversed { later: depart, earlier: arrive, or_same: false };
            return Err(out_of_range("filter.stay.depart", error));
        }
        let depart = self.depart.askable("filter.stay.depart", today)?;
        Ok(Stay { arrive, depart, spots: spots("filter.stay.spots", self.spots)? })
    }
}

impl DagdelenInput {
    /// Reads them; `at` names the argument.
    pub(in crate::graphql) fn read(self, at: &str, today: NaiveDate) -> Result<Dagdelen> {
        let argument = |field: &str| format!("{at}.{field}");
        let (from, to) = period(at, &self.from, &self.to, today)?;
        if self.weekdays.is_empty() {
            return Err(ApiError::input(argument("weekdays"), "Name at least one day of the week."));
        }
        if self.slots.is_empty() || self.slots.iter().any(|slot| !matches!(slot, Slot::Morning | Slot::Afternoon)) {
            return Err(ApiError::input(argument("slots"), "Name MORNING, AFTERNOON or both."));
        }
        let dagdelen = Dagdelen {
            from,
            to,
            weekdays: domain(Some(self.weekdays)),
            slots: domain(Some(self.slots)),
            spots: spots(&argument("spots"), self.spots)?,
        };
        if dagdelen.days().next().is_none() {
            return Err(ApiError::input(
                argument("weekdays"),
                "None of these days of the week falls in the period from `from` to `to`.",
            ));
        }
        Ok(dagdelen)
    }
}

impl StaySeriesInput {
    /// Reads them; `at` names the argument.
    pub(in crate::graphql) fn read(self, at: &str, today: NaiveDate) -> Result<StaySeries> {
        let argument = |field: &str| format!("{at}.{field}");
        let (from, to) = period(at, &self.from, &self.to, today)?;
        let nights = nights(&argument("nights"), self.nights)?;
        let weeks =
            u64::try_from(self.every_weeks).ok().filter(|weeks| (1..=26).contains(weeks) && nights <= 7 * weeks);
        let every_weeks = weeks.ok_or_else(|| {
            let message = format!(
                "One stay in 1 to 26 weeks, which are not shorter than a stay of {nights} nights; it was {}.",
                self.every_weeks
            );
            ApiError::input(argument("everyWeeks"), message)
        })?;
        let spots = spots(&argument("spots"), self.spots)?;
        let series = StaySeries { from, to, weekday: self.weekday.into(), nights, every_weeks, spots };
        if series.ways().next().is_none() {
            return Err(ApiError::input(argument("to"), "No such stay lies between `from` and `to`."));
        }
        Ok(series)
    }
}

/// Checks a number of nights.
pub(in crate::graphql) fn nights(argument: &str, nights: i32) -> Result<u64> {
    u64::try_from(nights)
        .ok()
        .filter(|nights| (1..=60).contains(nights))
        .ok_or_else(|| ApiError::input(argument, format!("The number of nights is from 1 to 60; it was {nights}.")))
}

/// Reads a period.
fn period(at: &str, from: &Date, to: &Date, today: NaiveDate) -> Result<(NaiveDate, NaiveDate)> {
    let first = from.askable(&format!("{at}.from"), today)?;
    let last = to.parse_as(&format!("{at}.to"))?;
    if last < first {
        let error = DateError::Reversed { later: last, earlier: first, or_same: true };
        return Err(out_of_range(&format!("{at}.to"), error));
    }
    Ok((first, to.askable(&format!("{at}.to"), today)?))
}
