//! Vervoer: where a place's own transport reaches (AEF 7.a).

use serde::{Deserialize, Serialize};

use super::{id::VervoerId, postcode::Pc4, truth::Truth};
use crate::geo::{Point, distance::distance_km};

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
    /// Whether this arrangement, of a place whose public point is `place`, reaches `to`. The ways to state a reach
    /// (radius, postcodes, gemeenten) add up; with none of them stated nothing is known.
    pub fn reaches(&self, place: Point, to: &Destination) -> Truth {
        let by_radius = self.radius_km.map(|radius| distance_km(place, to.point) <= radius);
        let by_postcode = self.postcodes.as_ref().map(|list| to.pc4.is_some_and(|pc4| list.contains(&pc4)));
        let by_gemeente = self
            .gemeenten
            .as_ref()
            .map(|list| to.gemeente_code.as_ref().is_some_and(|gemeente| list.contains(gemeente)));
        let stated: Vec<bool> = [by_radius, by_postcode, by_gemeente].into_iter().flatten().collect();
        if stated.is_empty() { Truth::Unknown } else { stated.contains(&true).into() }
    }
}

/// Whether any arrangement of a place reaches `to`; unknown where nothing is known of its vervoer.
pub fn reaches(vervoer: Option<&[Vervoer]>, place: Point, to: &Destination) -> Truth {
    vervoer.map_or(Truth::Unknown, |all| Truth::any(all.iter().map(|one| one.reaches(place, to))))
}
