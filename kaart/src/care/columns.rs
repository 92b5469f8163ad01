//! Which bit of the index means what.
//!
//! A partition per care form and homogeneity, the two facts that nearly every parent names. Every partition begins with
//! the columns of facts that do not change by the day; then come the days, from the date on which the index was built: a
//! bit per date and slot says that a spot is free. Ages, freshness and the reach of vervoer are in [`brief`](super::brief);
//! the rest (more than one spot, days that are not stated) is left to
//! [`Filter::takes`](super::filter::Filter::takes).

use chrono::{Days, NaiveDate};

use super::{
    availability::{Run, slots},
    calendar::HORIZON_DAYS,
    filter::Filter,
    reference::Reference,
    snapshot::PlaceFacts,
    vocabulary::{CareCapability, CareForm, ClaimStatus, Facility, Homogeneity, Leveringsvorm, Slot},
};
use crate::geo::index::{Column, Row, Which};

/// How many days are kept as bits: the horizon. What a snapshot that grows old does not keep, the filter decides.
const DAYS: u16 = 400;
const _: () = assert!(HORIZON_DAYS == DAYS as u64, "the index covers the horizon on its first day");

/// The columns of an index.
#[derive(Debug)]
pub(super) struct Columns {
    /// Codes, in order, as the next.
    kwaliteitseisen: Vec<String>,
    pub(super) regions: Vec<String>,
    base: NaiveDate,
}

/// What of a filter the index answers.
#[derive(Debug)]
pub(super) struct Asked {
    /// Where anything can be found.
    pub(super) partitions: Vec<usize>,
    /// What must hold: every clause, by any of its columns.
    pub(super) clauses: Vec<Vec<Column>>,
    /// One of them must hold, with all of its columns; none: nothing more is asked.
    pub(super) ways: Option<Vec<Vec<Column>>>,
    /// Whether this is all that the filter asks, but for what [`Rest`](super::brief::Rest) knows.
    pub(super) decided: bool,
}

impl Asked {
    /// As the index takes it.
    pub(super) fn which(&self) -> Which<'_> {
        Which { partitions: &self.partitions, clauses: &self.clauses, ways: self.ways.as_deref() }
    }
}

/// A fact of a place with a value that may be unknown: a column for yes, the next one for unknown.
#[derive(Clone, Copy)]
enum Fact {
    Facility(Facility),
    Capability(CareCapability),
    Kwaliteitseis(usize),
}

const LEVERINGSVORM: u16 = 0;
const LEVERINGSVORM_UNKNOWN: u16 = LEVERINGSVORM + as_column(Leveringsvorm::ALL.len());
const CHALLENGING: u16 = LEVERINGSVORM_UNKNOWN + 1;
const CHALLENGING_UNKNOWN: u16 = CHALLENGING + 2;
const VERVOER: u16 = CHALLENGING_UNKNOWN + 1;
const FACILITY: u16 = VERVOER + 2;
const CAPABILITY: u16 = FACILITY + 2 * as_column(Facility::ALL.len());
const KWALITEITSEIS: u16 = CAPABILITY + 2 * as_column(CareCapability::ALL.len());

impl Columns {
    pub(super) fn new(reference: &Reference, base: NaiveDate) -> Self {
        Self {
            kwaliteitseisen: reference.kwaliteitseisen.keys().cloned().collect(),
            regions: reference.regions.keys().cloned().collect(),
            base,
        }
    }

    pub(super) const fn partition(care_form: CareForm, homogeneity: Homogeneity) -> usize {
        care_form as usize * Homogeneity::ALL.len() + homogeneity as usize
    }

    /// How many columns each partition has.
    pub(super) fn per_partition(&self) -> Vec<usize> {
        CareForm::ALL
            .iter()
            .map(|form| usize::from(self.first_day()) + slots(*form).len() * usize::from(DAYS))
            .flat_map(|columns| Homogeneity::ALL.iter().map(move |_| columns))
            .collect()
    }

    /// Sets the columns of a place.
    pub(super) fn fill(&self, facts: &PlaceFacts<'_>, row: &mut Row<'_>) {
        let (place, group) = (facts.place, facts.group);
        match &place.leveringsvormen {
            Some(offered) => offered.iter().for_each(|one| row.set(LEVERINGSVORM + *one as u16)),
            None => row.set(LEVERINGSVORM_UNKNOWN),
        }
        row.set(group.challenging_behaviour_excluded.map_or(CHALLENGING_UNKNOWN, |is| CHALLENGING + u16::from(is)));
        match &place.vervoer {
            Some(none) if none.is_empty() => {}
            Some(_) => row.set(VERVOER),
            None => row.set(VERVOER + 1),
        }
        for facility in Facility::ALL {
            let stated = facts.location.facilities.iter().find(|(about, _)| about == facility);
            self.set_fact(row, Fact::Facility(*facility), stated.map(|(_, present)| *present));
        }
        for capability in CareCapability::ALL {
            let stated = group.capabilities.iter().find(|(about, _)| about == capability);
            self.set_fact(row, Fact::Capability(*capability), stated.map(|(_, offered)| *offered));
        }
        let mut claimed = vec![ClaimStatus::Unknown; self.kwaliteitseisen.len()];
        for claim in place.claims_by_weight() {
            if let Ok(number) = self.kwaliteitseisen.binary_search(&claim.code) {
                claimed[number] = claim.status;
            }
        }
        for (number, status) in claimed.into_iter().enumerate() {
            let met = match status {
                ClaimStatus::Met => Some(true),
                ClaimStatus::PartlyMet | ClaimStatus::NotMet => Some(false),
                ClaimStatus::Unknown => None,
            };
            self.set_fact(row, Fact::Kwaliteitseis(number), met);
        }
        if let Some(region) = self.region(facts.region_code) {
            row.set(region);
        }
        self.fill_days(place.care_form, &place.availability, row);
    }

    fn fill_days(&self, care_form: CareForm, runs: &[Run], row: &mut Row<'_>) {
        for run in runs.iter().filter(|run| run.free > 0) {
            let from = run.from.max(self.base);
            let days = u16::try_from((run.to.min(self.last()) - from).num_days() + 1).unwrap_or(0);
            if let Some(first) = self.day(care_form, run.slot, from) {
                row.set_all(first..first + days);
            }
        }
    }

    fn set_fact(&self, row: &mut Row<'_>, fact: Fact, stated: Option<bool>) {
        match stated {
            Some(true) => row.set(self.fact(fact)),
            Some(false) => {}
            None => row.set(self.fact(fact) + 1),
        }
    }

    fn fact(&self, fact: Fact) -> Column {
        match fact {
            Fact::Facility(facility) => FACILITY + 2 * facility as u16,
            Fact::Capability(capability) => CAPABILITY + 2 * capability as u16,
            Fact::Kwaliteitseis(number) => KWALITEITSEIS + 2 * as_column(number.min(self.kwaliteitseisen.len())),
        }
    }

    fn region(&self, code: &str) -> Option<Column> {
        let first = KWALITEITSEIS + 2 * as_column(self.kwaliteitseisen.len());
        self.regions.binary_search_by(|region| region.as_str().cmp(code)).ok().map(|number| first + as_column(number))
    }

    fn first_day(&self) -> Column {
        KWALITEITSEIS + 2 * as_column(self.kwaliteitseisen.len()) + as_column(self.regions.len())
    }

    /// The last date for which a bit is kept.
    fn last(&self) -> NaiveDate {
        self.base.checked_add_days(Days::new(u64::from(DAYS) - 1)).unwrap_or(NaiveDate::MAX)
    }

    /// The column of a slot of a date; none where the index keeps no bit for it.
    fn day(&self, care_form: CareForm, slot: Slot, date: NaiveDate) -> Option<Column> {
        let offset = u16::try_from((date - self.base).num_days()).ok().filter(|offset| *offset < DAYS)?;
        let part = slots(care_form).iter().position(|own| *own == slot)?;
        Some(self.first_day() + as_column(part) * DAYS + offset)
    }

    /// What of `filter` the index answers.
    pub(super) fn asked(&self, filter: &Filter) -> Asked {
        let mut asked =
            Asked { partitions: partitions(filter), clauses: self.clauses(filter), ways: None, decided: true };
        asked.decided &= filter.kwaliteitseisen.iter().all(|code| self.kwaliteitseisen.contains(code));
        if filter.asks_availability() {
            // What is not stated is no bit.
            if filter.include_unknown {
                asked.decided = false;
            } else {
                self.ask_days(filter, &mut asked);
            }
        }
        asked
    }

    /// What must hold but for days, in bits, of a place that `filter` takes: every clause, by any of its columns.
    fn clauses(&self, filter: &Filter) -> Vec<Vec<Column>> {
        let unknown = filter.include_unknown;
        let mut clauses: Vec<Vec<Column>> = Vec::new();
        if !filter.leveringsvormen.is_empty() {
            let offered = filter.leveringsvormen.iter().map(|one| LEVERINGSVORM + *one as u16);
            clauses.push(offered.chain(unknown.then_some(LEVERINGSVORM_UNKNOWN)).collect());
        }
        if let Some(excluded) = filter.challenging_behaviour_excluded {
            let stated = CHALLENGING + u16::from(excluded);
            clauses.push([stated].into_iter().chain(unknown.then_some(CHALLENGING_UNKNOWN)).collect());
        }
        if filter.vervoer_to.is_some() || filter.vervoer_from.is_some() {
            clauses.push([VERVOER].into_iter().chain(unknown.then_some(VERVOER + 1)).collect());
        }
        let mut asked = |fact| {
            let yes = self.fact(fact);
            clauses.push([yes].into_iter().chain(unknown.then_some(yes + 1)).collect());
        };
        filter.facilities.iter().for_each(|one| asked(Fact::Facility(*one)));
        filter.care_capabilities.iter().for_each(|one| asked(Fact::Capability(*one)));
        for code in &filter.kwaliteitseisen {
            if let Some(number) = self.kwaliteitseisen.iter().position(|known| known == code) {
                asked(Fact::Kwaliteitseis(number));
            }
        }
        if let Some(region) = &filter.region {
            clauses.push(self.region(region).into_iter().collect());
        }
        clauses
    }

    /// Asks for the days on which a spot must be free. Days that the index does not keep, and more spots than one, are for
    /// the filter to decide.
    fn ask_days(&self, filter: &Filter, asked: &mut Asked) {
        let (mut all, mut spots) = (true, 1);
        let mut column = |form, slot, date| {
            let column = self.day(form, slot, date);
            all &= column.is_some();
            column
        };
        let mut night = |date| column(CareForm::Logeren, Slot::Night, date);
        if let Some(stay) = &filter.stay {
            asked.clauses.extend(stay.nights().filter_map(&mut night).map(|column| vec![column]));
            spots = spots.max(stay.spots);
        }
        if let Some(series) = &filter.stay_series {
            let mut way = |arrivals: Vec<NaiveDate>| {
                arrivals.iter().flat_map(|arrival| series.nights_of(*arrival)).filter_map(&mut night).collect()
            };
            asked.ways = Some(series.ways().map(&mut way).collect());
            spots = spots.max(series.spots);
        }
        if let Some(dagdelen) = &filter.dagdelen {
            for date in dagdelen.days() {
                let parts = dagdelen.slots.iter();
                let columns = parts.filter_map(|slot| column(CareForm::Dagbesteding, *slot, date));
                asked.clauses.extend(columns.map(|column| vec![column]));
            }
            spots = spots.max(dagdelen.spots);
        }
        if let Some(date) = filter.free_on {
            asked.clauses.extend(column(CareForm::Wonen, Slot::Residence, date).map(|column| vec![column]));
        }
        asked.decided &= all && spots == 1;
    }
}

/// The partitions that a filter can find anything in.
fn partitions(filter: &Filter) -> Vec<usize> {
    let has = |form: CareForm, asked: bool, forms: &[CareForm]| !asked || forms.contains(&form);
    let homogeneity: Vec<Homogeneity> = (Homogeneity::ALL.iter().copied())
        .filter(|one| filter.homogeneity.is_empty() || filter.homogeneity.contains(one))
        .collect();
    CareForm::ALL
        .iter()
        .filter(|form| {
            has(**form, !filter.care_forms.is_empty(), &filter.care_forms)
                && has(**form, filter.stay.is_some() || filter.stay_series.is_some(), &[CareForm::Logeren])
                && has(**form, filter.dagdelen.is_some(), &[CareForm::Dagbesteding])
                && has(**form, filter.free_on.is_some(), &[CareForm::Wonen, CareForm::Deeltijdwonen])
        })
        .flat_map(|form| homogeneity.iter().map(|one| Columns::partition(*form, *one)))
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "the reference tables hold tens of rows; see `per_partition`")]
const fn as_column(number: usize) -> Column {
    number as Column
}
