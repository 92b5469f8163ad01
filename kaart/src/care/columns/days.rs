//! Which bit of the index says what of a slot of a date.
//!
//! That a spot is free is asked for by most; it lies near. That more are, and that nothing is stated, lies apart.

use chrono::{Datelike, NaiveDate};

use super::{
    super::{
        availability::{Run, slots},
        calendar::HORIZON_DAYS,
        filter::Filter,
        vocabulary::{CareForm, Slot},
    },
    Asked, as_column,
};
use crate::geo::index::{APART, Column, Pair, Row, Width};

/// How many days are kept as bits: the horizon. What a snapshot that grows old does not keep, the filter decides.
const DAYS: u16 = 400;
/// In how many calendar years they lie at most.
const YEARS: usize = 3;
const _: () = assert!(HORIZON_DAYS == DAYS as u64, "the index covers the horizon on its first day");
/// Up to how many free spots bits say: for more they say that so many are, and the filter decides.
const MOST_SPOTS: u16 = 3;

/// Where the days are among the columns.
#[derive(Debug)]
pub(super) struct Days {
    /// The first of their columns that lie near.
    first: Column,
    /// The year of the first date.
    year: i32,
    /// How many days after the first date that year begins, and those in which other dates lie that are kept.
    begins: [i32; YEARS],
}

/// What a bit says of a slot of a date.
#[derive(Clone, Copy)]
enum Said {
    /// So many spots are free: 1 to [`MOST_SPOTS`].
    Free(u16),
    NotStated,
}

impl Days {
    pub(super) fn new(first: Column, base: NaiveDate) -> Self {
        let mut begins = [i32::from(DAYS); YEARS];
        for (begins, year) in begins.iter_mut().zip(base.year()..) {
            if let Some(day) = NaiveDate::from_yo_opt(year, 1) {
                *begins = day.num_days_from_ce() - base.num_days_from_ce();
            }
        }
        Self { first, year: base.year(), begins }
    }

    /// How many columns places of a care form have, those of days the last of them.
    pub(super) fn width(&self, care_form: CareForm) -> Width {
        let days = slots(care_form).len() * usize::from(DAYS);
        Width { near: usize::from(self.first) + days, apart: days * usize::from(MOST_SPOTS) }
    }

    /// Sets the columns of a place, whose `runs` are in the order of slot and date.
    pub(super) fn fill(&self, care_form: CareForm, runs: &[Run], row: &mut Row<'_>) {
        for (part, slot) in (0..).zip(slots(care_form)) {
            let mut set = |said, days: [u16; 2]| {
                let first = self.first_of(care_form, part, said);
                row.set_all(first + days[0]..first + days[1]);
            };
            let mut next = 0;
            for run in runs.iter().filter(|run| run.slot == *slot) {
                let (from, to) = (self.offset(run.from, 0), self.offset(run.to, 1));
                set(Said::NotStated, [next, from.max(next)]);
                next = next.max(to);
                for spots in 1..=MOST_SPOTS.min(u16::try_from(run.free).unwrap_or(0)) {
                    set(Said::Free(spots), [from, to]);
                }
            }
            set(Said::NotStated, [next, DAYS]);
        }
    }

    /// How many days after the first a date is, as far as it is one of those that are kept; less than 0 before them. A million
    /// places state tens of millions of dates: what a calendar has to divide for is known for these years.
    fn day(&self, date: NaiveDate) -> i32 {
        let begins = usize::try_from(date.year() - self.year).map(|years| self.begins.get(years));
        match begins {
            Ok(Some(begins)) => begins + date.ordinal0().cast_signed(),
            Ok(None) => i32::from(DAYS),
            Err(_) => -1,
        }
    }

    /// How many days after the first a date is, and `more`; not before the first nor after the last.
    fn offset(&self, date: NaiveDate, more: i32) -> u16 {
        u16::try_from((self.day(date) + more).max(0)).unwrap_or(DAYS).min(DAYS)
    }

    /// The column of the first date.
    fn first_of(&self, care_form: CareForm, part: u16, said: Said) -> Column {
        let parts = as_column(slots(care_form).len());
        let layer = |number| APART + (number * parts + part) * DAYS;
        match said {
            Said::Free(1) => self.first + part * DAYS,
            Said::Free(spots) => layer(spots - 2),
            Said::NotStated => layer(MOST_SPOTS - 1),
        }
    }

    /// One of these a place must have for a slot of a date to have so many spots free, or where `unknown`, for nothing to be
    /// stated; none: the index keeps no bit for it.
    fn room(&self, care_form: CareForm, slot: Slot, date: NaiveDate, spots: i32, unknown: bool) -> Option<Pair> {
        let part = (0..).zip(slots(care_form)).find(|(_, own)| **own == slot)?.0;
        let day = u16::try_from(self.day(date)).ok().filter(|day| *day < DAYS)?;
        let column = |said| self.first_of(care_form, part, said) + day;
        let free = column(Said::Free(u16::try_from(spots).unwrap_or(1).clamp(1, MOST_SPOTS)));
        Some([free, if unknown { column(Said::NotStated) } else { free }])
    }

    /// Asks for the days that `filter` asks for.
    pub(super) fn ask(&self, filter: &Filter, asked: &mut Asked) {
        let mut decided = true;
        let mut room = |form, slot, date, spots| {
            let pair = self.room(form, slot, date, spots, filter.include_unknown);
            decided &= pair.is_some() && spots <= i32::from(MOST_SPOTS);
            pair
        };
        let clause = |[one, other]: Pair| if one == other { vec![one] } else { vec![one, other] };
        if let Some(stay) = &filter.stay {
            let nights = stay.nights().filter_map(|night| room(CareForm::Logeren, Slot::Night, night, stay.spots));
            asked.clauses.extend(nights.map(clause));
        }
        if let Some(series) = &filter.stay_series {
            let mut way = |arrivals: Vec<NaiveDate>| {
                let nights = arrivals.iter().flat_map(|arrival| series.nights_of(*arrival));
                nights.filter_map(|night| room(CareForm::Logeren, Slot::Night, night, series.spots)).collect()
            };
            asked.ways = Some(series.ways().map(&mut way).collect());
        }
        if let Some(dagdelen) = &filter.dagdelen {
            for date in dagdelen.days() {
                let parts = dagdelen.slots.iter();
                let parts = parts.filter_map(|slot| room(CareForm::Dagbesteding, *slot, date, dagdelen.spots));
                asked.clauses.extend(parts.map(clause));
            }
        }
        if let Some(date) = filter.free_on {
            asked.clauses.extend(room(CareForm::Wonen, Slot::Residence, date, 1).map(clause));
        }
        asked.decided &= decided;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_the_calendar_has_it() {
        for base in ["2026-12-01", "2027-12-31", "2028-01-01", "2028-02-29", "2099-12-31", "2023-03-01"] {
            let base: NaiveDate = base.parse().unwrap();
            let days = Days::new(0, base);
            for after in -800..800 {
                let date = base + chrono::TimeDelta::days(after);
                let kept = u16::try_from(after.clamp(0, i64::from(DAYS))).unwrap();
                assert_eq!(days.offset(date, 0), kept, "{date} after {base}");
                let is_kept = (0..i32::from(DAYS)).contains(&days.day(date));
                assert_eq!(is_kept, (0..400).contains(&after), "{date} after {base}");
            }
        }
    }
}
