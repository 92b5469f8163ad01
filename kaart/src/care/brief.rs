//! What filters ask of a place beside bits, in a few numbers: most candidates are decided without reading all that is
//! stated of them.

use super::{
    filter::{Filter, Moment},
    place::Place,
    truth::Truth,
    vervoer::{Destination, Vervoer},
    vocabulary::TripFrom,
};
use crate::geo::distance::{Ecef, surface_km};
use chrono::{DateTime, Utc};

/// A place in a few numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Brief {
    confirmed_at: Option<DateTime<Utc>>,
    min_age: i32,
    max_age: i32,
    from_home: Reach,
    from_dagbesteding: Reach,
}

/// How far vervoer comes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reach {
    /// Surely, from the place's public point, km; negative: not stated by a radius.
    radius_km: f64,
    /// Whether more is stated, or nothing is known: then only the whole statement decides.
    more: bool,
}

impl Brief {
    pub(super) fn of(place: &Place) -> Self {
        let vervoer = place.vervoer.as_deref();
        Self {
            confirmed_at: place.confirmed_at,
            min_age: place.min_age.unwrap_or(i32::MIN),
            max_age: place.max_age.unwrap_or(i32::MAX),
            from_home: Reach::of(vervoer, TripFrom::Home),
            from_dagbesteding: Reach::of(vervoer, TripFrom::Dagbesteding),
        }
    }
}

impl Reach {
    fn of(vervoer: Option<&[Vervoer]>, from: TripFrom) -> Self {
        let Some(all) = vervoer else { return Self { radius_km: -1.0, more: true } };
        let mut reach = Self { radius_km: -1.0, more: false };
        for one in all {
            match (one.makes(from), one.radius_km) {
                (Truth::No, _) => {}
                (Truth::Yes, Some(radius)) => {
                    reach.radius_km = reach.radius_km.max(radius);
                    reach.more |= one.postcodes.is_some() || one.gemeenten.is_some() || one.area.is_some();
                }
                _ => reach.more = true,
            }
        }
        reach
    }

    /// None: it is not decided by this.
    fn covers(self, at: Ecef, home: Ecef) -> Option<bool> {
        if self.radius_km >= 0.0 && surface_km(home.chord_squared(at)) <= self.radius_km {
            return Some(true);
        }
        (!self.more).then_some(false)
    }
}

/// What of a filter is not decided by bits.
#[derive(Debug)]
pub(super) struct Rest<'a> {
    filter: &'a Filter,
    moment: Moment,
    home: Option<Ecef>,
    dagbesteding: Option<Ecef>,
}

impl<'a> Rest<'a> {
    /// None: bits decide all of it.
    pub(super) fn of(filter: &'a Filter, moment: Moment) -> Option<Self> {
        let point = |to: &Option<Destination>| to.as_ref().map(|to| Ecef::from(to.point));
        let rest = Self { filter, moment, home: point(&filter.vervoer_to), dagbesteding: point(&filter.vervoer_from) };
        let is_asked =
            filter.age.is_some() || !filter.freshness.is_empty() || rest.home.is_some() || rest.dagbesteding.is_some();
        is_asked.then_some(rest)
    }

    /// Whether a place at `at` has it; none: only all that is stated of it says.
    pub(super) fn takes(&self, brief: &Brief, at: Ecef) -> Option<bool> {
        let Filter { age, freshness, .. } = self.filter;
        if age.is_some_and(|age| age < brief.min_age || age > brief.max_age) {
            return Some(false);
        }
        let fresh = || self.moment.freshness.freshness(brief.confirmed_at, self.moment.now);
        if !freshness.is_empty() && !freshness.contains(&fresh()) {
            return Some(false);
        }
        let covered = |to: Option<Ecef>, reach: Reach| to.map_or(Some(true), |to| reach.covers(at, to));
        let (home, dagbesteding) =
            (covered(self.home, brief.from_home), covered(self.dagbesteding, brief.from_dagbesteding));
        match (home, dagbesteding) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }
}
