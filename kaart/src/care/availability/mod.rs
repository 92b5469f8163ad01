//! Free spots: runs of dates with the same number free, and what they say about a stay.

pub mod series;
pub mod stated;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

use serde::{Deserialize, Serialize};

use super::{
    calendar::dates,
    truth::Truth,
    vocabulary::{CareForm, Slot},
};

/// A run of dates with the same number of free spots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dagdelen {
    /// The first date of the period.
    pub from: NaiveDate,
    /// The last date of the period.
    pub to: NaiveDate,
    /// On which days of the week.
    pub weekdays: Vec<Weekday>,
    /// Which half days: morning, afternoon.
    pub slots: Vec<Slot>,
    /// How many spots are needed.
    pub spots: i32,
}

impl Dagdelen {
    /// The dates in the period that fall on one of the weekdays.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<'_> {
        dates(self.from, self.to).filter(|date| self.weekdays.contains(&date.weekday()))
    }

    /// Whether every half day has room.
    pub fn fits(&self, runs: &[Run]) -> Truth {
        Truth::all(
            self.days().flat_map(|date| self.slots.iter().map(move |slot| has_room(runs, *slot, date, self.spots))),
        )
    }
}

/// A stay that somebody is looking for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The first date on which it may begin.
    pub from: NaiveDate,
    /// How many nights.
    pub nights: u64,
    /// The day of the week on which it begins; none: any.
    pub weekday: Option<Weekday>,
    /// How many spots are needed.
    pub spots: i32,
}

/// The first date on which a stay can begin; its last night is not after `last`. Nights of which nothing is stated have no
/// room.
pub fn next_stay(runs: &[Run], wanted: &Wanted, last: NaiveDate) -> Option<NaiveDate> {
    let Wanted { from, nights, weekday, spots } = *wanted;
    let mut start = from;
    let mut expected = from;
    let with_room = |run: &&Run| run.slot == Slot::Night && run.free >= spots && run.to >= from && run.from <= last;
    for run in runs.iter().filter(with_room) {
        let begin = run.from.max(from);
        if begin != expected {
            start = begin;
        }
        let end = run.to.min(last);
        let arrival = start.iter_days().find(|date| weekday.is_none_or(|weekday| date.weekday() == weekday))?;
        if arrival.checked_add_days(Days::new(nights.saturating_sub(1)))? <= end {
            return Some(arrival);
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
