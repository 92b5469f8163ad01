//! Supply: which spots count.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    super::{
        availability::{run_on, slots},
        calendar::dates,
        filter::{Filter, Moment},
        id::PlaceId,
        map::Map,
        place::Place,
    },
    question::Question,
};
use crate::geo::Point;

/// What counts as a spot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SupplyKind {
    /// Every spot of a place.
    Capacity,
    /// Spots that are free, on the mean of the days of a period. Of a day of which nothing is stated, none is.
    Free {
        /// The first date.
        from: NaiveDate,
        /// The last date.
        to: NaiveDate,
    },
}

/// A place that offers spots, or one that somebody thinks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Supply {
    /// Its id; none: it is thought of.
    pub place: Option<PlaceId>,
    /// Where everybody may know it to be.
    pub point: Point,
    /// The code of the zorgkantoorregio there.
    pub region: String,
    /// Its spots.
    pub spots: f64,
}

/// The places of `map` that count for `question`, by id.
pub fn of(question: &Question, map: &Map, moment: Moment) -> Vec<Supply> {
    let filter = Filter { care_forms: vec![question.care_form], ..question.filter.clone() };
    let places = map.providers_by_name().flat_map(|(_, provider)| map.places_of(*provider));
    let mut supply: Vec<Supply> = places
        .filter_map(|place| map.facts(place))
        .filter(|facts| filter.takes(facts, moment))
        .map(|facts| Supply {
            place: Some(facts.place.id),
            point: facts.point(),
            region: facts.region_code().to_owned(),
            spots: question.supply.spots(facts.place),
        })
        .collect();
    supply.sort_unstable_by_key(|one| one.place);
    supply
}

impl SupplyKind {
    /// The spots of a place.
    pub fn spots(self, place: &Place) -> f64 {
        match self {
            Self::Capacity => f64::from(place.capacity),
            Self::Free { from, to } => {
                let of_day = |date| slots(place.care_form).iter().map(move |slot| (*slot, date));
                let (mut free, mut days) = (0.0, 0.0);
                for (slot, date) in dates(from, to).flat_map(of_day) {
                    days += 1.0;
                    free += run_on(&place.availability, slot, date).map_or(0.0, |run| f64::from(run.free));
                }
                if days > 0.0 { free / days } else { 0.0 }
            }
        }
    }
}
