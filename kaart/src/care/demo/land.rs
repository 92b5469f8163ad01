//! Where people live, and what lies around it.

use std::collections::BTreeSet;

use rand::distr::weighted::WeightedIndex;

use super::dice::Dice;
use crate::{
    care::{
        postcode::Pc4,
        reference::{Postcode, Reference},
        shipped::ShippedError,
    },
    geo::{Point, distance::distance_km},
};

/// How far a building lies from the point of its PC4 at most, km.
const JITTER_KM: f64 = 1.5;
/// The length of a degree in the Netherlands, km. Of longitude: the longest, in the south. Constants and not a cosine,
/// which need not have the same last bit on every machine.
const KM_PER_DEGREE_LAT: f64 = 111.2;
const KM_PER_DEGREE_LNG: f64 = 70.7;
/// Points are rounded to so many parts of a degree, as the reference data are.
const PARTS: f64 = 1e5;
/// The second building of a provider is the nearest of so many places where people live.
const CANDIDATES: usize = 8;

/// The inhabited postcodes.
#[derive(Debug)]
pub(super) struct Land<'a> {
    pub(super) reference: &'a Reference,
    areas: Vec<&'a Postcode>,
    by_people: WeightedIndex<u64>,
}

impl<'a> Land<'a> {
    pub(super) fn new(reference: &'a Reference) -> Result<Self, ShippedError> {
        let areas: Vec<&Postcode> = reference.postcodes.values().filter(|area| area.population > 0).collect();
        let by_people = WeightedIndex::new(areas.iter().map(|area| u64::from(area.population)))
            .map_err(|error| ShippedError { file: "reference/postcode.csv", reason: format!("population: {error}") })?;
        Ok(Self { reference, areas, by_people })
    }

    /// Where somebody lives.
    pub(super) fn area(&self, dice: &mut Dice) -> &'a Postcode {
        self.areas[dice.sample(&self.by_people)]
    }

    /// Where somebody lives, not far from `base`.
    pub(super) fn area_near(&self, dice: &mut Dice, base: &Postcode) -> &'a Postcode {
        let distance = |area: &Postcode| distance_km(base.point, area.point);
        let mut nearest = self.area(dice);
        for _ in 1..CANDIDATES {
            let other = self.area(dice);
            if distance(other) < distance(nearest) {
                nearest = other;
            }
        }
        nearest
    }

    /// The postcode with this number.
    pub(super) fn at(&self, pc4: Pc4) -> Option<&'a Postcode> {
        self.reference.postcodes.get(&pc4)
    }

    /// A point of a building in `area`, near enough.
    pub(super) fn point(dice: &mut Dice, area: &Postcode) -> Point {
        let (north, east) = loop {
            let (north, east) = (dice.between(-1.0..=1.0), dice.between(-1.0..=1.0));
            if north * north + east * east <= 1.0 {
                break (north * JITTER_KM, east * JITTER_KM);
            }
        };
        beside(area.point, north, east)
    }

    /// The `count` postcodes nearest to the point of `area`, itself among them.
    pub(super) fn around(&self, area: &Postcode, count: usize) -> Vec<&'a Postcode> {
        let mut by_distance: Vec<(f64, &Postcode)> =
            self.areas.iter().map(|other| (distance_km(area.point, other.point), *other)).collect();
        by_distance.sort_by(|a, b| a.0.total_cmp(&b.0));
        by_distance.into_iter().take(count).map(|(_, other)| other).collect()
    }

    /// The gemeenten of the `count` postcodes nearest to the point of `area`, by code.
    pub(super) fn gemeenten_around(&self, area: &Postcode, count: usize) -> Vec<String> {
        let codes: BTreeSet<&String> = self.around(area, count).iter().map(|other| &other.gemeente_code).collect();
        codes.into_iter().cloned().collect()
    }
}

/// The point so many km to the north and to the east of another, near enough; itself at the end of the world.
pub(super) fn beside(point: Point, north_km: f64, east_km: f64) -> Point {
    let rounded = |degrees: f64| (degrees * PARTS).round() / PARTS;
    let lat = rounded(point.lat() + north_km / KM_PER_DEGREE_LAT);
    let lng = rounded(point.lng() + east_km / KM_PER_DEGREE_LNG);
    Point::new(lat, lng).unwrap_or(point)
}
