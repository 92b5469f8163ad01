//! What a provider states of free spots, and what that changes.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Run, run_on, slots};
use crate::care::{
    calendar::dates,
    vocabulary::{CareForm, Slot},
};

/// The same number of free spots on dates of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The part of each day; none: every part that the care form has.
    pub slot: Option<Slot>,
    /// The first date.
    pub from: NaiveDate,
    /// The last date.
    pub to: NaiveDate,
    /// On which days of the week; empty: on all.
    pub weekdays: Vec<Weekday>,
    /// Dates in between of which nothing is said, such as school holidays: the first and the last.
    pub except: Vec<(NaiveDate, NaiveDate)>,
    /// How many spots are free; 0 blocks them.
    pub free: i32,
}

impl Period {
    /// The dates of which something is said.
    pub fn dates(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        dates(self.from, self.to)
            .filter(|date| self.weekdays.is_empty() || self.weekdays.contains(&date.weekday()))
            .filter(|date| !self.except.iter().any(|(from, to)| (from..=to).contains(&date)))
    }
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
    /// The weekdays and exceptions leave no date.
    #[error("no date is left: check the weekdays and the exceptions")]
    Empty,
}

fn listed(slots: &[Slot]) -> String {
    slots.iter().map(|slot| slot.code()).collect::<Vec<_>>().join(" and ")
}

/// What is stated of a place, as runs in the order of slot and date.
///
/// # Errors
/// The number of the first period that cannot be, and why.
pub fn stated(
    periods: &[Period],
    care_form: CareForm,
    capacity: i32,
    at: DateTime<Utc>,
) -> Result<Vec<Run>, (usize, PeriodError)> {
    let all = slots(care_form);
    let mut said: BTreeMap<(Slot, NaiveDate), (usize, i32)> = BTreeMap::new();
    for (number, period) in periods.iter().enumerate() {
        if let Some(slot) = period.slot.filter(|slot| !all.contains(slot)) {
            return Err((number, PeriodError::Slot { slot, care_form }));
        }
        if !(0..=capacity).contains(&period.free) {
            return Err((number, PeriodError::Free { capacity }));
        }
        if period.dates().next().is_none() {
            return Err((number, PeriodError::Empty));
        }
        for slot in all.iter().filter(|slot| period.slot.is_none_or(|only| only == **slot)) {
            for date in period.dates() {
                if let Some((other, _)) = said.insert((*slot, date), (number, period.free)) {
                    return Err((number, PeriodError::Overlap { other }));
                }
            }
        }
    }
    let mut runs: Vec<Run> = Vec::new();
    for ((slot, date), (_, free)) in said {
        match runs.last_mut() {
            Some(last) if last.slot == slot && last.free == free && last.to.succ_opt() == Some(date) => last.to = date,
            _ => runs.push(Run { slot, from: date, to: date, free, stated_at: at }),
        }
    }
    Ok(runs)
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

/// What a stated run changes in `runs`, in the order of date; dates whose number stays are left out.
pub fn changes(runs: &[Run], stated: &Run) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for date in dates(stated.from, stated.to) {
        let before = run_on(runs, stated.slot, date).map(|run| run.free);
        if before == Some(stated.free) {
            continue;
        }
        match changes.last_mut() {
            Some(last) if last.before == before && last.to.succ_opt() == Some(date) => last.to = date,
            _ => changes.push(Change { slot: stated.slot, from: date, to: date, before, free: stated.free }),
        }
    }
    changes
}

/// The runs from `today` on of which more spots are stated than `capacity`: where a place cannot become so small.
pub fn above(runs: &[Run], capacity: i32, today: NaiveDate) -> Vec<Run> {
    let open = runs.iter().filter(|run| run.free > capacity && run.to >= today);
    open.map(|run| Run { from: run.from.max(today), ..*run }).collect()
}
