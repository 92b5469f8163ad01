//! Care that returns: stays every so many weeks, half days every week, and how much of it a place can do. Continuity is what
//! lets staff learn to read somebody (AEF 3.d), so a place that can do all of it is worth more than one near by.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use serde::{Deserialize, Serialize};

use super::{Dagdelen, Run, has_room};
use crate::care::{calendar::dates, truth::Truth, vocabulary::Slot};

/// Stays of the same length that begin on the same day of the week, one in so many weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaySeries {
    /// The first date on which a stay may begin.
    pub from: NaiveDate,
    /// The last date on which a stay may end: the morning after its last night.
    pub to: NaiveDate,
    /// The day of the week on which stays begin.
    pub weekday: Weekday,
    /// How many nights each has: at least one.
    pub nights: u64,
    /// A stay in so many weeks: at least one.
    pub every_weeks: u64,
    /// How many spots are needed.
    pub spots: i32,
}

/// How much of it a place can do.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The share that it can do, 0 to 1.
    pub coverage: f64,
    /// When it begins.
    pub first: NaiveDate,
    /// The nights or half days that have no room, or of which nothing is stated.
    pub missing: Vec<(NaiveDate, Slot)>,
}

impl StaySeries {
    /// The ways to spread the stays: each begins in another week, and is a list of arrivals.
    pub fn ways(&self) -> impl Iterator<Item = Vec<NaiveDate>> + use<> {
        let Self { to, nights, every_weeks, weekday, .. } = *self;
        let first = dates(self.from, to).find(|date| date.weekday() == weekday);
        let weeks = move |date: NaiveDate, count: u64| date.checked_add_days(Days::new(7 * count));
        let starts =
            first.into_iter().flat_map(move |first| (0..every_weeks).filter_map(move |week| weeks(first, week)));
        starts
            .map(move |start| {
                let arrivals = std::iter::successors(Some(start), |last| weeks(*last, every_weeks));
                arrivals
                    .take_while(|arrival| arrival.checked_add_days(Days::new(nights)).is_some_and(|end| end <= to))
                    .collect()
            })
            .filter(|arrivals: &Vec<NaiveDate>| !arrivals.is_empty())
    }

    /// The nights of the stay that begins on a date.
    pub(in crate::care) fn nights_of(&self, arrival: NaiveDate) -> impl Iterator<Item = NaiveDate> + use<> {
        arrival.iter_days().take(usize::try_from(self.nights).unwrap_or(usize::MAX))
    }

    /// Whether a place can do all of it, in one of the ways.
    pub fn fits(&self, runs: &[Run]) -> Truth {
        let mut best = Truth::No;
        for arrivals in self.ways() {
            let nights = arrivals.iter().flat_map(|arrival| self.nights_of(*arrival));
            match Truth::all(nights.map(|night| has_room(runs, Slot::Night, night, self.spots))) {
                Truth::Yes => return Truth::Yes,
                Truth::Unknown => best = Truth::Unknown,
                Truth::No => {}
            }
        }
        best
    }

    /// How much of it a place can do in the way that suits it best, the earliest of those; none: no stay lies in the period.
    /// A stay of which one night has no room is none.
    pub fn best(&self, runs: &[Run]) -> Option<Fit> {
        let mut best: Option<Fit> = None;
        for arrivals in self.ways() {
            let mut missing = Vec::new();
            let mut whole = 0_u32;
            for arrival in &arrivals {
                let before = missing.len();
                let full = self
                    .nights_of(*arrival)
                    .filter(|night| has_room(runs, Slot::Night, *night, self.spots) != Truth::Yes);
                missing.extend(full.map(|night| (night, Slot::Night)));
                whole += u32::from(missing.len() == before);
            }
            let coverage = f64::from(whole) / share_of(arrivals.len());
            if best.as_ref().is_none_or(|best| coverage > best.coverage) {
                best = arrivals.first().map(|first| Fit { coverage, first: *first, missing });
            }
        }
        best
    }
}

impl Dagdelen {
    /// How much of it a place can do; none: no half day lies in the period.
    pub fn fit(&self, runs: &[Run]) -> Option<Fit> {
        let all: Vec<(NaiveDate, Slot)> =
            self.days().flat_map(|date| self.slots.iter().map(move |slot| (date, *slot))).collect();
        let first = all.first()?.0;
        let count = all.len();
        let missing: Vec<(NaiveDate, Slot)> =
            all.into_iter().filter(|(date, slot)| has_room(runs, *slot, *date, self.spots) != Truth::Yes).collect();
        Some(Fit { coverage: share_of(count - missing.len()) / share_of(count), first, missing })
    }
}

/// A count of a few hundred at most, to divide by.
fn share_of(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
