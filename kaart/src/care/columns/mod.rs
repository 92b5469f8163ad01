//! Which bit of the index means what.
//!
//! A partition per care form and homogeneity, the two facts that nearly every parent names. Every partition begins with
//! the columns of facts that do not change by the day; then come the days, from the date on which the index was built
//! (`days.rs`). Ages, freshness and the reach of vervoer are in [`brief`](super::brief); the rest (four spots and more) is left
//! to [`Filter::takes`](super::filter::Filter::takes).

mod days;

use std::collections::HashMap;

use chrono::NaiveDate;
use foldhash::fast::RandomState;

use super::{
    filter::Filter,
    reference::Reference,
    snapshot::PlaceFacts,
    vervoer::can_fetch,
    vocabulary::{CareCapability, CareForm, ClaimStatus, Facility, Homogeneity, Leveringsvorm, TripFrom},
};
use crate::geo::index::{Column, Pair, Row, Which, Width};
use days::Days;

/// The columns of an index.
#[derive(Debug)]
pub(super) struct Columns {
    /// By code, the number of each in the order of code, as the next.
    kwaliteitseisen: HashMap<String, usize, RandomState>,
    regions: HashMap<String, usize, RandomState>,
    days: Days,
}

/// What of a filter the index answers.
#[derive(Debug)]
pub(super) struct Asked {
    /// Where anything can be found.
    pub(super) partitions: Vec<usize>,
    /// What must hold: every clause, by any of its columns.
    pub(super) clauses: Vec<Vec<Column>>,
    /// One of them must hold, with one of each of its pairs; none: nothing more is asked.
    pub(super) ways: Option<Vec<Vec<Pair>>>,
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
/// From home, then from dagbesteding; each: that it may come, that nothing may be known.
const VERVOER: u16 = CHALLENGING_UNKNOWN + 1;
const FACILITY: u16 = VERVOER + 4;
const CAPABILITY: u16 = FACILITY + 2 * as_column(Facility::ALL.len());
const KWALITEITSEIS: u16 = CAPABILITY + 2 * as_column(CareCapability::ALL.len());

impl Columns {
    pub(super) fn new(reference: &Reference, base: NaiveDate) -> Self {
        let kwaliteitseisen: HashMap<_, _, _> = reference.kwaliteitseisen.keys().cloned().zip(0..).collect();
        let regions: HashMap<_, _, _> = reference.regions.keys().cloned().zip(0..).collect();
        let first_day = first_region(kwaliteitseisen.len()) + as_column(regions.len());
        Self { kwaliteitseisen, regions, days: Days::new(first_day, base) }
    }

    pub(super) const fn partition(care_form: CareForm, homogeneity: Homogeneity) -> usize {
        care_form as usize * Homogeneity::ALL.len() + homogeneity as usize
    }

    /// How many columns each partition has.
    pub(super) fn per_partition(&self) -> Vec<Width> {
        let widths = CareForm::ALL.iter().map(|form| self.days.width(*form));
        widths.flat_map(|width| Homogeneity::ALL.iter().map(move |_| width)).collect()
    }

    /// Sets the columns of a place.
    pub(super) fn fill(&self, facts: &PlaceFacts<'_>, row: &mut Row<'_>) {
        let (place, group) = (facts.place, facts.group);
        match &place.leveringsvormen {
            Some(offered) => offered.iter().for_each(|one| row.set(LEVERINGSVORM + *one as u16)),
            None => row.set(LEVERINGSVORM_UNKNOWN),
        }
        row.set(group.challenging_behaviour_excluded.map_or(CHALLENGING_UNKNOWN, |is| CHALLENGING + u16::from(is)));
        for from in [TripFrom::Home, TripFrom::Dagbesteding] {
            let can_be = can_fetch(place.vervoer.as_deref(), from);
            (vervoer(from)..).zip(can_be).filter(|(_, can_be)| *can_be).for_each(|(column, _)| row.set(column));
        }
        let mut stated = [None; Facility::ALL.len()];
        facts.location.facilities.iter().for_each(|(about, present)| stated[*about as usize] = Some(*present));
        for (facility, stated) in Facility::ALL.iter().zip(stated) {
            self.set_fact(row, Fact::Facility(*facility), stated);
        }
        let mut stated = [None; CareCapability::ALL.len()];
        group.capabilities.iter().for_each(|(about, offered)| stated[*about as usize] = Some(*offered));
        for (capability, stated) in CareCapability::ALL.iter().zip(stated) {
            self.set_fact(row, Fact::Capability(*capability), stated);
        }
        let mut claimed = vec![ClaimStatus::Unknown; self.kwaliteitseisen.len()];
        for claim in place.claims_by_weight() {
            if let Some(number) = self.kwaliteitseisen.get(&claim.code) {
                claimed[*number] = claim.status;
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
        if let Some(region) = self.region(facts.region_code()) {
            row.set(region);
        }
        self.days.fill(place.care_form, &place.availability, row);
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
        let number = self.regions.get(code)?;
        Some(first_region(self.kwaliteitseisen.len()) + as_column(*number))
    }

    /// What of `filter` the index answers.
    pub(super) fn asked(&self, filter: &Filter) -> Asked {
        let mut asked =
            Asked { partitions: partitions(filter), clauses: self.clauses(filter), ways: None, decided: true };
        asked.decided &= filter.kwaliteitseisen.iter().all(|code| self.kwaliteitseisen.contains_key(code));
        self.days.ask(filter, &mut asked);
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
        for (asked, from) in [(&filter.vervoer_to, TripFrom::Home), (&filter.vervoer_from, TripFrom::Dagbesteding)] {
            if asked.is_some() {
                clauses.push([vervoer(from)].into_iter().chain(unknown.then_some(vervoer(from) + 1)).collect());
            }
        }
        let mut asked = |fact| {
            let yes = self.fact(fact);
            clauses.push([yes].into_iter().chain(unknown.then_some(yes + 1)).collect());
        };
        filter.facilities.iter().for_each(|one| asked(Fact::Facility(*one)));
        filter.care_capabilities.iter().for_each(|one| asked(Fact::Capability(*one)));
        for code in &filter.kwaliteitseisen {
            if let Some(number) = self.kwaliteitseisen.get(code) {
                asked(Fact::Kwaliteitseis(*number));
            }
        }
        if let Some(region) = &filter.region {
            clauses.push(self.region(region).into_iter().collect());
        }
        clauses
    }
}

/// The first column of this vervoer.
const fn vervoer(from: TripFrom) -> Column {
    match from {
        TripFrom::Home => VERVOER,
        TripFrom::Dagbesteding => VERVOER + 2,
    }
}

/// The column of the first zorgkantoorregio.
const fn first_region(kwaliteitseisen: usize) -> Column {
    KWALITEITSEIS + 2 * as_column(kwaliteitseisen)
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
