//! What a search asks of a place, and whether a place has it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    availability::{Dagdelen, Stay, has_room, series::StaySeries},
    freshness::{Freshness, FreshnessRule},
    id::ProviderId,
    place::Place,
    snapshot::PlaceFacts,
    truth::Truth,
    vervoer::{self, Destination},
    vocabulary::{CareCapability, CareForm, ClaimStatus, Facility, Homogeneity, Leveringsvorm, Slot, TripFrom},
};
use crate::geo::distance::distance_km;

/// What is asked of a place: lists are OR within unless said otherwise, fields are AND between; an empty list asks
/// for nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Any of these care forms.
    pub care_forms: Vec<CareForm>,
    /// Any of these group compositions.
    pub homogeneity: Vec<Homogeneity>,
    /// Any of these leveringsvormen.
    pub leveringsvormen: Vec<Leveringsvorm>,
    /// All of these kwaliteitseisen are met.
    pub kwaliteitseisen: Vec<String>,
    /// All of these facilities are present.
    pub facilities: Vec<Facility>,
    /// All of this care is offered.
    pub care_capabilities: Vec<CareCapability>,
    /// Whether clients with challenging behaviour are excluded.
    pub challenging_behaviour_excluded: Option<bool>,
    /// An age that is welcome, in whole years.
    pub age: Option<i32>,
    /// Nights with room: logeren only.
    pub stay: Option<Stay>,
    /// Stays that return, all with room: logeren only.
    pub stay_series: Option<StaySeries>,
    /// Half days with room: dagbesteding only.
    pub dagdelen: Option<Dagdelen>,
    /// A date with a spot free: wonen and deeltijdwonen only.
    pub free_on: Option<NaiveDate>,
    /// A home that the place's vervoer reaches.
    pub vervoer_to: Option<Destination>,
    /// Dagbesteding from which the place's vervoer fetches.
    pub vervoer_from: Option<Destination>,
    /// Any of these.
    pub freshness: Vec<Freshness>,
    /// The zorgkantoorregio that it lies in, by code.
    pub region: Option<String>,
    /// Whose it is.
    pub provider: Option<ProviderId>,
    /// Whether places that may match, as far as anybody has stated, are answered too.
    pub include_unknown: bool,
}

/// When a filter is answered, which decides what is fresh.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The instant.
    pub now: DateTime<Utc>,
    /// What fresh means.
    pub freshness: FreshnessRule,
}

impl Filter {
    /// Whether it asks about availability by date, which not everybody may.
    pub fn asks_availability(&self) -> bool {
        self.stay.is_some() || self.stay_series.is_some() || self.dagdelen.is_some() || self.free_on.is_some()
    }

    /// Whether a place is to be answered.
    pub fn takes(&self, facts: &PlaceFacts<'_>, moment: Moment) -> bool {
        self.answers(self.matches(facts, moment))
    }

    /// Whether a place that has so much of what is asked is to be answered.
    pub(super) fn answers(&self, matches: Truth) -> bool {
        match matches {
            Truth::Yes => true,
            Truth::Unknown => self.include_unknown,
            Truth::No => false,
        }
    }

    /// Whether a place has all that is asked.
    pub fn matches(&self, facts: &PlaceFacts<'_>, moment: Moment) -> Truth {
        let place = facts.place;
        Truth::all([
            one_of(&self.care_forms, &place.care_form),
            one_of(&self.homogeneity, &facts.group.homogeneity),
            self.provider.is_none_or(|provider| facts.location.provider_id == provider).into(),
            self.region.as_ref().is_none_or(|region| facts.region_code() == region).into(),
            self.fits_age(place),
            self.has_leveringsvorm(place),
        ])
        .and_then(|| self.fits_group_and_building(facts))
        .and_then(|| self.has_room(place))
        .and_then(|| one_of(&self.freshness, &moment.freshness.freshness(place.confirmed_at, moment.now)))
        .and_then(|| self.is_reached(facts))
    }

    fn fits_age(&self, place: &Place) -> Truth {
        self.age
            .is_none_or(|age| {
                place.min_age.is_none_or(|youngest| age >= youngest) && place.max_age.is_none_or(|oldest| age <= oldest)
            })
            .into()
    }

    fn has_leveringsvorm(&self, place: &Place) -> Truth {
        if self.leveringsvormen.is_empty() {
            return Truth::Yes;
        }
        place
            .leveringsvormen
            .as_ref()
            .map(|offered| self.leveringsvormen.iter().any(|one| offered.contains(one)))
            .into()
    }

    fn fits_group_and_building(&self, facts: &PlaceFacts<'_>) -> Truth {
        let excluded = self.challenging_behaviour_excluded.map_or(Truth::Yes, |asked| {
            facts.group.challenging_behaviour_excluded.map(|stated| stated == asked).into()
        });
        excluded
            .and(stated(&self.facilities, &facts.location.facilities))
            .and(stated(&self.care_capabilities, &facts.group.capabilities))
            .and(Truth::all(self.kwaliteitseisen.iter().map(|code| match facts.place.claimed(code) {
                ClaimStatus::Met => Truth::Yes,
                ClaimStatus::PartlyMet | ClaimStatus::NotMet => Truth::No,
                ClaimStatus::Unknown => Truth::Unknown,
            })))
    }

    fn has_room(&self, place: &Place) -> Truth {
        let runs = &place.availability;
        let asked_of = |forms: &[CareForm], room: &dyn Fn() -> Truth| {
            if forms.contains(&place.care_form) { room() } else { Truth::No }
        };
        let stay = self.stay.map_or(Truth::Yes, |stay| asked_of(&[CareForm::Logeren], &|| stay.fits(runs)));
        let series =
            self.stay_series.map_or(Truth::Yes, |series| asked_of(&[CareForm::Logeren], &|| series.fits(runs)));
        let dagdelen = self
            .dagdelen
            .as_ref()
            .map_or(Truth::Yes, |dagdelen| asked_of(&[CareForm::Dagbesteding], &|| dagdelen.fits(runs)));
        let residence = self.free_on.map_or(Truth::Yes, |date| {
            asked_of(&[CareForm::Wonen, CareForm::Deeltijdwonen], &|| has_room(runs, Slot::Residence, date, 1))
        });
        stay.and(series).and(dagdelen).and(residence)
    }

    fn is_reached(&self, facts: &PlaceFacts<'_>) -> Truth {
        let fetched = |asked: &Option<Destination>, from| {
            asked.as_ref().map_or(Truth::Yes, |to| {
                vervoer::fetches(facts.place.vervoer.as_deref(), distance_km(facts.point(), to.point), from, to)
            })
        };
        fetched(&self.vervoer_to, TripFrom::Home).and(fetched(&self.vervoer_from, TripFrom::Dagbesteding))
    }
}

impl Truth {
    /// Kleene's conjunction that does not ask the second when the first has decided.
    fn and_then(self, other: impl FnOnce() -> Self) -> Self {
        if self == Self::No { self } else { self.and(other()) }
    }
}

fn one_of<T: PartialEq>(asked: &[T], has: &T) -> Truth {
    (asked.is_empty() || asked.contains(has)).into()
}

/// Whether all that is asked is stated to be there; what is not listed is not known.
fn stated<T: PartialEq>(asked: &[T], statements: &[(T, bool)]) -> Truth {
    Truth::all(
        asked
            .iter()
            .map(|one| Truth::from(statements.iter().find(|(about, _)| about == one).map(|(_, present)| *present))),
    )
}
