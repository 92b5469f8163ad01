//! What filters ask of a place beside bits, in a few numbers: most candidates are decided without reading all that is
//! stated of them.

use super::{
    filter::{Filter, Moment},
    place::Place,
    truth::Truth,
    vervoer::{self, Destination, Vervoer},
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
    /// Whether it comes farther; none: only the whole statement says.
    farther: Option<Truth>,
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
        let mut reach = Self { radius_km: -1.0, farther: Some(Truth::No) };
        let Some(all) = vervoer else { return Self { farther: Some(Truth::Unknown), ..reach } };
        for one in all {
            let is_listed = one.postcodes.is_some() || one.gemeenten.is_some() || one.area.is_some();
            let farther = match one.makes(from) {
                Truth::No => Some(Truth::No),
                Truth::Unknown => None,
                Truth::Yes => {
                    reach.radius_km = reach.radius_km.max(one.radius_km.unwrap_or(-1.0));
                    let without_list = if one.radius_km.is_some() { Truth::No } else { Truth::Unknown };
                    (!is_listed).then_some(without_list)
                }
            };
            reach.farther = reach.farther.zip(farther).map(|(all, one)| all.or(one));
        }
        reach
    }

    /// None: it is not decided by this.
    fn covers(self, away_km: f64) -> Option<Truth> {
        if away_km <= self.radius_km { Some(Truth::Yes) } else { self.farther }
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

    /// Whether a place at `at` has it; none: all but vervoer, of which only the whole statement says.
    pub(super) fn has(&self, brief: &Brief, at: Ecef) -> Option<Truth> {
        let Filter { age, freshness, .. } = self.filter;
        if age.is_some_and(|age| age < brief.min_age || age > brief.max_age) {
            return Some(Truth::No);
        }
        let fresh = || self.moment.freshness.freshness(brief.confirmed_at, self.moment.now);
        if !freshness.is_empty() && !freshness.contains(&fresh()) {
            return Some(Truth::No);
        }
        let covered = |to: Option<Ecef>, reach: Reach| to.map_or(Some(Truth::Yes), |to| reach.covers(away_km(at, to)));
        match (covered(self.home, brief.from_home), covered(self.dagbesteding, brief.from_dagbesteding)) {
            (Some(Truth::No), _) | (_, Some(Truth::No)) => Some(Truth::No),
            (home, dagbesteding) => Some(home?.and(dagbesteding?)),
        }
    }

    /// Whether the vervoer of a place at `at` reaches what is asked, by all that is stated of it.
    pub(super) fn is_reached(&self, place: &Place, at: Ecef) -> Truth {
        let fetched = |to: &Option<Destination>, point: Option<Ecef>, from| {
            to.as_ref().zip(point).map_or(Truth::Yes, |(to, point)| {
                vervoer::fetches(place.vervoer.as_deref(), away_km(at, point), from, to)
            })
        };
        let Filter { vervoer_to, vervoer_from, .. } = self.filter;
        fetched(vervoer_to, self.home, TripFrom::Home).and(fetched(
            vervoer_from,
            self.dagbesteding,
            TripFrom::Dagbesteding,
        ))
    }
}

fn away_km(one: Ecef, other: Ecef) -> f64 {
    surface_km(one.chord_squared(other))
}
