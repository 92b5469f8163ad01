//! Vervoer: from where a place's own transport fetches (AEF 7.a, WZJW).

use chrono::{NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

use super::{id::VervoerId, postcode::Pc4, truth::Truth, vocabulary::TripFrom};
use crate::geo::{Area, Point};

/// One vervoer arrangement of a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vervoer {
    /// Its id.
    pub id: VervoerId,
    /// It reaches everything within so many km of the place's public point.
    pub radius_km: Option<f64>,
    /// It reaches these postcodes; none: not stated so.
    pub postcodes: Option<Vec<Pc4>>,
    /// It reaches these gemeenten, by code; none: not stated so.
    pub gemeenten: Option<Vec<String>>,
    /// It reaches this area; none: not stated so.
    pub area: Option<Area>,
    /// The trips that it makes, in the order of [`TripFrom`], each once; none: not stated.
    pub trips: Option<Vec<Trip>>,
    /// Whether bags and aids come along.
    pub bags_and_aids: Option<bool>,
    /// Whether there are power sockets.
    pub power_sockets: Option<bool>,
    /// Whether a nurse is aboard.
    pub nurse_aboard: Option<bool>,
    /// How many wheelchairs fit.
    pub wheelchairs: Option<i32>,
    /// Whether oxygen bottles can be taken.
    pub oxygen: Option<bool>,
    /// Whether there is a fridge for medication.
    pub medicine_fridge: Option<bool>,
    /// Whether there is air conditioning.
    pub air_conditioning: Option<bool>,
    /// Who pays.
    pub paid_by: Option<String>,
}

/// A trip to the place that an arrangement makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// Where people are fetched.
    pub from: TripFrom,
    /// When; empty: not stated.
    pub pick_up: Vec<PickUp>,
}

/// When people are fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickUp {
    /// On these days, each once.
    pub weekdays: Vec<Weekday>,
    /// From this time on, by the Dutch clock.
    pub from: NaiveTime,
    /// Until this time, later on the same day.
    pub to: NaiveTime,
}

/// Somewhere that vervoer may have to reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Destination {
    /// The point.
    pub point: Point,
    /// The PC4 there: the one asked for, else the one whose point is nearest; none: in no Dutch postcode.
    pub pc4: Option<Pc4>,
    /// The gemeente of that PC4.
    pub gemeente_code: Option<String>,
}

impl Vervoer {
    /// Whether this arrangement, of a place whose public point is so many km away, fetches people at `to` on their way from
    /// home or from dagbesteding.
    fn fetches(&self, away_km: f64, from: TripFrom, to: &Destination) -> Truth {
        self.makes(from).and(self.reaches(away_km, to))
    }

    /// Whether it makes this trip. Vervoer of which no trips are stated fetches people at home, as it always has; whether it
    /// calls at dagbesteding too is not known.
    pub(super) fn makes(&self, from: TripFrom) -> Truth {
        match (&self.trips, from) {
            (Some(trips), _) => trips.iter().any(|trip| trip.from == from).into(),
            (None, TripFrom::Home) => Truth::Yes,
            (None, TripFrom::Dagbesteding) => Truth::Unknown,
        }
    }

    /// Whether anything is stated of how far it comes.
    pub(super) const fn states_reach(&self) -> bool {
        self.radius_km.is_some() || self.postcodes.is_some() || self.gemeenten.is_some() || self.area.is_some()
    }

    /// Whether it comes as far as `to`. The ways to state a reach (radius, postcodes, gemeenten, area) add up; with none
    /// of them stated nothing is known.
    fn reaches(&self, away_km: f64, to: &Destination) -> Truth {
        let by_radius = self.radius_km.map(|radius| away_km <= radius);
        let by_postcode = self.postcodes.as_ref().map(|list| to.pc4.is_some_and(|pc4| list.contains(&pc4)));
        let by_gemeente = self
            .gemeenten
            .as_ref()
            .map(|list| to.gemeente_code.as_ref().is_some_and(|gemeente| list.contains(gemeente)));
        let by_area = self.area.as_ref().map(|area| area.covers(to.point));
        match [by_radius, by_postcode, by_gemeente, by_area] {
            [None, None, None, None] => Truth::Unknown,
            stated => stated.contains(&Some(true)).into(),
        }
    }
}

/// Which of [`fetches`] there can be, wherever somebody is: yes, unknown.
pub(super) fn can_fetch(vervoer: Option<&[Vervoer]>, from: TripFrom) -> [bool; 2] {
    let Some(all) = vervoer else { return [false, true] };
    all.iter().fold([false; 2], |[yes, unknown], one| match (one.makes(from), one.states_reach()) {
        (Truth::No, _) => [yes, unknown],
        (Truth::Yes, true) => [true, unknown],
        _ => [yes, true],
    })
}

/// Whether any arrangement of a place whose public point is `away_km` from `to` fetches people there, on their way from home
/// or from dagbesteding; unknown where nothing is known of its vervoer. Filters and answers ask here, both.
pub fn fetches(vervoer: Option<&[Vervoer]>, away_km: f64, from: TripFrom, to: &Destination) -> Truth {
    vervoer.map_or(Truth::Unknown, |all| Truth::any(all.iter().map(|one| one.fetches(away_km, from, to))))
}
