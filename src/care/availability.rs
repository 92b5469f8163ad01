//! Free spots: runs of dates with the same number free, and what they say about a stay.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    calendar::dates,
    truth::Truth,
    vocabulary::{CareForm, Slot},
};

/// A run of dates with the same number of free spots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The part of each day that it is about.
    pub slot: Slot,
    /// The first date.
    pub from: NaiveDate,
    /// The last date.
    pub to: NaiveDate,
    /// How many spots are free.
    pub free: i32,
    /// When this was stated.
    pub stated_at: DateTime<Utc>,
}

impl Run {
    /// What is left of the run outside the dates from `from` to `to`: before them, after them.
    pub fn outside(&self, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = Self> + use<> {
        let before = from.pred_opt().map(|last| Self { to: self.to.min(last), ..*self });
        let after = to.succ_opt().map(|first| Self { from: self.from.max(first), ..*self });
        [before, after].into_iter().flatten().filter(|run| run.from <= run.to)
    }
}

/// What a provider states of the dates from `from` to `to`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The part of each day.
    pub slot: Slot,
    /// The first date.
    pub from: NaiveDate,
    /// The last date.
    pub to: NaiveDate,
    /// How many spots are free.
    pub free: i32,
}

/// Why a period cannot be stated of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PeriodError {
    /// The care form has no such part of the day.
    #[error("{} has no {}; it has {}", care_form.code(), slot.code(), listed(slots(*care_form)))]
    Slot {
        /// What was stated.
        slot: Slot,
        /// What the place offers.
        care_form: CareForm,
    },
    /// More spots than there are, or fewer than none.
    #[error("the place has {capacity} spots, so from 0 to {capacity} can be free")]
    Free {
        /// How many there are.
        capacity: i32,
    },
    /// Something else is stated of the same dates.
    #[error("period {other} is about some of the same dates")]
    Overlap {
        /// The number of the other period.
        other: usize,
    },
}

fn listed(slots: &[Slot]) -> String {
    slots.iter().map(|slot| slot.code()).collect::<Vec<_>>().join(" and ")
}

/// Checks what is to be stated of a place.
///
/// # Errors
/// The number of the first period that cannot be, and why.
pub fn check(periods: &[Period], care_form: CareForm, capacity: i32) -> Result<(), (usize, PeriodError)> {
    for (at, period) in periods.iter().enumerate() {
        if !slots(care_form).contains(&period.slot) {
            return Err((at, PeriodError::Slot { slot: period.slot, care_form }));
        }
        if !(0..=capacity).contains(&period.free) {
            return Err((at, PeriodError::Free { capacity }));
        }
        let meets = |other: &Period| other.slot == period.slot && other.from <= period.to && period.from <= other.to;
        if let Some(other) = periods[..at].iter().position(meets) {
            return Err((at, PeriodError::Overlap { other }));
        }
    }
    Ok(())
}

/// Dates of which something else is stated than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The part of each day.
    pub slot: Slot,
    /// The first date.
    pub from: NaiveDate,
    /// The last date.
    pub to: NaiveDate,
    /// How many spots were free; none: nothing was stated.
    pub before: Option<i32>,
    /// How many are free now.
    pub free: i32,
}

/// What a period changes in `runs`, in the order of date; dates whose number stays are left out.
pub fn changes(runs: &[Run], period: &Period) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for date in dates(period.from, period.to) {
        let before = run_on(runs, period.slot, date).map(|run| run.free);
        if before == Some(period.free) {
            continue;
        }
        match changes.last_mut() {
            Some(last) if last.before == before && last.to.succ_opt() == Some(date) => last.to = date,
            _ => changes.push(Change { slot: period.slot, from: date, to: date, before, free: period.free }),
        }
    }
    changes
}

/// The slots that a care form has.
pub const fn slots(care_form: CareForm) -> &'static [Slot] {
    match care_form {
        CareForm::Logeren => &[Slot::Night],
        CareForm::Dagbesteding => &[Slot::Morning, Slot::Afternoon],
        CareForm::Wonen | CareForm::Deeltijdwonen => &[Slot::Residence],
    }
}

/// The run that holds a slot of a date; none: nothing is stated. `runs` are in the order of slot and date.
pub fn run_on(runs: &[Run], slot: Slot, date: NaiveDate) -> Option<&Run> {
    let next = runs.partition_point(|run| (run.slot, run.from) <= (slot, date));
    let run = runs.get(next.checked_sub(1)?)?;
    (run.slot == slot && run.to >= date).then_some(run)
}

/// Whether a slot of a date has at least `spots` free.
pub fn has_room(runs: &[Run], slot: Slot, date: NaiveDate, spots: i32) -> Truth {
    run_on(runs, slot, date).map(|run| run.free >= spots).into()
}

/// A stay of one night or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The first night.
    pub arrive: NaiveDate,
    /// The morning after the last night.
    pub depart: NaiveDate,
    /// How many spots are needed.
    pub spots: i32,
}

impl Stay {
    /// The nights: from arrival up to, not including, departure.
    pub fn nights(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        dates(self.arrive, self.depart).take_while({
            let depart = self.depart;
            move |night| *night < depart
        })
    }

    /// Whether every night has room.
    pub fn fits(&self, runs: &[Run]) -> Truth {
        Truth::all(self.nights().map(|night| has_room(runs, Slot::Night, night, self.spots)))
    }
}

/// Half days that return every week of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dagdelen {
    /// The first date of the period.
    pub from: NaiveDate,
    /// The last date of the period.
    pub to: NaiveDate,
    /// On which days of the week.
    pub weekdays: Vec<chrono::Weekday>,
    /// Which half days: morning, afternoon.
    pub slots: Vec<Slot>,
    /// How many spots are needed.
    pub spots: i32,
}

impl Dagdelen {
    /// The dates in the period that fall on one of the weekdays.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<'_> {
        use chrono::Datelike;
        dates(self.from, self.to).filter(|date| self.weekdays.contains(&date.weekday()))
    }

    /// Whether every half day has room.
    pub fn fits(&self, runs: &[Run]) -> Truth {
        Truth::all(
            self.days().flat_map(|date| self.slots.iter().map(move |slot| has_room(runs, *slot, date, self.spots))),
        )
    }
}

/// The first date from `from` on from which `nights` in a row have at least `spots` free; the last night is not after
/// `last`. Nights of which nothing is stated have no room.
pub fn next_stay(runs: &[Run], from: NaiveDate, last: NaiveDate, nights: u64, spots: i32) -> Option<NaiveDate> {
    let mut start = from;
    let mut expected = from;
    let with_room = |run: &&Run| run.slot == Slot::Night && run.free >= spots && run.to >= from && run.from <= last;
    for run in runs.iter().filter(with_room) {
        let begin = run.from.max(from);
        if begin != expected {
            start = begin;
        }
        let end = run.to.min(last);
        if start.checked_add_days(Days::new(nights.saturating_sub(1)))? <= end {
            return Some(start);
        }
        expected = end.succ_opt()?;
    }
    None
}

/// A date and slot with what is stated of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The date.
    pub date: NaiveDate,
    /// The part of it.
    pub slot: Slot,
    /// How many spots are free.
    pub free: i32,
    /// When this was stated.
    pub stated_at: DateTime<Utc>,
}

/// What is stated from `from` to `to`, both included, in the order of date and slot.
pub fn days(runs: &[Run], from: NaiveDate, to: NaiveDate) -> Vec<Day> {
    let mut days: Vec<Day> = runs
        .iter()
        .flat_map(|run| {
            dates(run.from.max(from), run.to.min(to)).map(|date| Day {
                date,
                slot: run.slot,
                free: run.free,
                stated_at: run.stated_at,
            })
        })
        .collect();
    days.sort_by_key(|day| (day.date, day.slot));
    days
}
