//! What is free, as far as the requester may see it.

use chrono::NaiveDate;

use super::View;
use crate::{
    auth::Denied,
    care::{
        availability::{
            self, Dagdelen, Day, Run, Wanted,
            series::{Fit, StaySeries},
        },
        calendar::horizon,
        place::WaitingList,
        snapshot::PlaceFacts,
        vocabulary::CareForm,
    },
};

impl View {
    /// What is stated of the free spots of a place from `from` to `to`, both included.
    ///
    /// # Errors
    /// When the requester may not see it.
    pub fn availability(&self, place: u32, from: NaiveDate, to: NaiveDate) -> Result<Vec<Day>, Denied> {
        self.protected(place, |facts| availability::days(&facts.place.availability, from, to))
            .map(Option::unwrap_or_default)
    }

    /// The runs of free spots of a place, as far as they lie between `from` and `to`, both included.
    ///
    /// # Errors
    /// When the requester may not see them.
    pub fn free_spots(&self, place: u32, from: NaiveDate, to: NaiveDate) -> Result<Vec<Run>, Denied> {
        let within = |run: &Run| Run { from: run.from.max(from), to: run.to.min(to), ..*run };
        let runs = |facts: PlaceFacts<'_>| {
            facts.place.availability.iter().map(within).filter(|run| run.from <= run.to).collect()
        };
        self.protected(place, runs).map(Option::unwrap_or_default)
    }

    /// The first date on which a stay can begin; none for other care than logeren.
    ///
    /// # Errors
    /// When the requester may not see it.
    pub fn next_stay(&self, place: u32, wanted: &Wanted) -> Result<Option<NaiveDate>, Denied> {
        let last = horizon(self.today());
        self.protected(place, |facts| availability::next_stay(&facts.place.availability, wanted, last))
            .map(Option::flatten)
    }

    /// How much of stays that return a place can do; none for other care than logeren.
    ///
    /// # Errors
    /// When the requester may not see it.
    pub fn stay_series(&self, place: u32, series: &StaySeries) -> Result<Option<Fit>, Denied> {
        let fit = |facts: PlaceFacts<'_>| {
            let offered = facts.place.care_form == CareForm::Logeren;
            offered.then(|| series.best(&facts.place.availability)).flatten()
        };
        self.protected(place, fit).map(Option::flatten)
    }

    /// How much of half days that return a place can do; none for other care than dagbesteding.
    ///
    /// # Errors
    /// When the requester may not see it.
    pub fn dagdelen(&self, place: u32, dagdelen: &Dagdelen) -> Result<Option<Fit>, Denied> {
        let fit = |facts: PlaceFacts<'_>| {
            let offered = facts.place.care_form == CareForm::Dagbesteding;
            offered.then(|| dagdelen.fit(&facts.place.availability)).flatten()
        };
        self.protected(place, fit).map(Option::flatten)
    }

    /// The waiting list of a place, if one is stated.
    ///
    /// # Errors
    /// When the requester may not see it.
    pub fn waiting_list(&self, place: u32) -> Result<Option<WaitingList>, Denied> {
        self.protected(place, |facts| facts.place.waiting_list).map(Option::flatten)
    }

    fn protected<T>(&self, place: u32, read: impl FnOnce(PlaceFacts<'_>) -> T) -> Result<Option<T>, Denied> {
        let Some(facts) = self.facts(place) else { return Ok(None) };
        self.0.scope.see_availability_of(facts.provider.id)?;
        Ok(Some(read(facts)))
    }
}
