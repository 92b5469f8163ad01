//! What parents wait for, and which changes answer it.

use serde::{Deserialize, Serialize};

use super::{
    availability::{Run, has_room},
    calendar::{dates, dutch_date},
    filter::{Filter, Moment},
    snapshot::PlaceFacts,
    truth::Truth,
    vervoer::Destination,
};
use crate::geo::{Point, distance::distance_km};

/// How many searches one passport may have saved.
pub const MOST_SEARCHES: u64 = 20;

/// What somebody waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// Where from: the point of a PC4, so that nothing finer is kept of a home.
    pub near: Destination,
    /// The greatest distance, km, inclusive; none: no cut-off.
    pub radius_km: Option<f64>,
    /// What is asked of a place.
    pub filter: Filter,
}

impl Watch {
    /// How far away, in km, a place is that has opened; none: it has not. `before` is what was there before the change;
    /// none: it was not on the map.
    ///
    /// A search that names dates is answered by a place that it takes now and did not take before; one that names none, by
    /// room on any date from today on where it found none before.
    pub fn opened(&self, before: Option<&PlaceFacts<'_>>, after: &PlaceFacts<'_>, moment: Moment) -> Option<f64> {
        let distance = self.finds(after, moment)?;
        let before = before.filter(|facts| self.finds(facts, moment).is_some());
        let opened = if self.filter.asks_availability() {
            before.is_none()
        } else {
            gained_room(before.map_or(&[], |facts| &facts.place.availability), &after.place.availability, moment)
        };
        opened.then_some(distance)
    }

    fn finds(&self, facts: &PlaceFacts<'_>, moment: Moment) -> Option<f64> {
        let distance = distance_km(self.near.point, facts.point());
        let near = self.radius_km.is_none_or(|radius| distance <= radius);
        (near && self.filter.takes(facts, moment)).then_some(distance)
    }
}

/// Whether a date from today on has room that had none.
fn gained_room(before: &[Run], after: &[Run], moment: Moment) -> bool {
    let today = dutch_date(moment.now);
    let with_room = after.iter().filter(|run| run.free > 0);
    with_room
        .flat_map(|run| dates(run.from.max(today), run.to).map(|date| (run.slot, date)))
        .any(|(slot, date)| has_room(before, slot, date, 1) != Truth::Yes)
}

/// Many of them, so laid out that a change is held against all at once.
#[derive(Debug)]
pub struct Watches<I> {
    all: Vec<(I, Watch)>,
    boxes: Vec<Surroundings>,
}

/// A box around all that lies within a radius. Prunes only: distance decides.
#[derive(Clone, Copy, Debug)]
struct Surroundings {
    south: f64,
    north: f64,
    west: f64,
    east: f64,
}

/// Less than the km of a degree of latitude anywhere on the ellipsoid (110.57 at the equator), and of one of longitude at
/// the equator (111.32).
const KM_PER_DEGREE: f64 = 110.0;

impl Surroundings {
    const EVERYWHERE: Self = Self { south: -90.0, north: 90.0, west: -180.0, east: 180.0 };

    fn of(watch: &Watch) -> Self {
        let Some(radius) = watch.radius_km else { return Self::EVERYWHERE };
        let (point, height) = (watch.near.point, radius / KM_PER_DEGREE);
        // The farther from the equator, the shorter a degree of longitude.
        let narrowest = (point.lat().abs() + height).to_radians().cos();
        let width = height / narrowest;
        if narrowest <= 0.0 || point.lng() - width < -180.0 || point.lng() + width > 180.0 {
            return Self::EVERYWHERE;
        }
        Self {
            south: point.lat() - height,
            north: point.lat() + height,
            west: point.lng() - width,
            east: point.lng() + width,
        }
    }

    fn contains(&self, point: Point) -> bool {
        self.south <= point.lat() && point.lat() <= self.north && self.west <= point.lng() && point.lng() <= self.east
    }
}

impl<I: Copy> Watches<I> {
    /// Lays them out.
    pub fn new(all: Vec<(I, Watch)>) -> Self {
        Self { boxes: all.iter().map(|(_, watch)| Surroundings::of(watch)).collect(), all }
    }

    /// Those that a place has opened for, each with how far away it is in km; see [`Watch::opened`].
    pub fn opened<'a>(
        &'a self,
        before: Option<&'a PlaceFacts<'a>>,
        after: &'a PlaceFacts<'a>,
        moment: Moment,
    ) -> impl Iterator<Item = (I, f64)> + 'a {
        let near = self.boxes.iter().zip(&self.all).filter(|(around, _)| around.contains(after.point()));
        near.filter_map(move |(_, (id, watch))| Some((*id, watch.opened(before, after, moment)?)))
    }
}
