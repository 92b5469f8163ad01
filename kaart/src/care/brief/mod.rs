//! What filters ask of a place beside bits, in a few numbers: most candidates are decided without reading all that is
//! stated of them.

mod farthest;
mod listed;
mod reach;

use chrono::{DateTime, Utc};

use super::{
    filter::{Filter, Moment},
    place::Place,
    snapshot::Rows,
    truth::Truth,
    vervoer::{self, Destination},
    vocabulary::TripFrom,
};
use crate::geo::{
    distance::{Ecef, surface_km},
    index::{Among, Candidate},
};
pub(super) use reach::To;
use reach::{Circle, Reaches};

/// All places in a few numbers, in the order of the index. Each kind lies by itself: what is not asked for is not read.
#[derive(Clone, Debug)]
pub(super) struct Briefs {
    confirmed_at: Rows<Option<DateTime<Utc>>>,
    /// The youngest and the greatest.
    ages: Rows<[i32; 2]>,
    from_home: Reaches,
    from_dagbesteding: Reaches,
}

/// The same of one place.
#[derive(Clone)]
struct Brief {
    confirmed_at: Option<DateTime<Utc>>,
    ages: [i32; 2],
    from_home: Circle,
    from_dagbesteding: Circle,
}

impl Briefs {
    /// Those of `places`, in this order.
    pub(super) fn of(places: &[Place], order: impl Iterator<Item = u32>) -> Self {
        // Neighbours in memory are read one after the other, and only what was read of them is put in order.
        let briefs: Vec<Brief> = places.iter().map(Brief::of).collect();
        let briefs: Vec<(&Place, &Brief)> =
            order.filter_map(|place| places.get(place as usize).zip(briefs.get(place as usize))).collect();
        Self {
            confirmed_at: briefs.iter().map(|(_, brief)| brief.confirmed_at).collect(),
            ages: briefs.iter().map(|(_, brief)| brief.ages).collect(),
            from_home: Reaches::of(briefs.iter().map(|(place, brief)| (*place, brief.from_home)), TripFrom::Home),
            from_dagbesteding: Reaches::of(
                briefs.iter().map(|(place, brief)| (*place, brief.from_dagbesteding)),
                TripFrom::Dagbesteding,
            ),
        }
    }

    /// Whether the vervoer of a place fetches people at home; none: only the whole statement says.
    pub(super) fn fetches_at_home(&self, candidate: Candidate, home: &To<'_>) -> Option<Truth> {
        self.from_home.cover(candidate, home)
    }

    /// Says anew what a place states that stated `before`, by its number in the index.
    pub(super) fn replace(&mut self, number: usize, before: &Place, place: &Place) {
        let Brief { confirmed_at, ages, from_home, from_dagbesteding } = Brief::of(place);
        self.confirmed_at.replace(number, confirmed_at);
        self.ages.replace(number, ages);
        if before.vervoer != place.vervoer {
            self.from_home.replace(number, from_home);
            self.from_dagbesteding.replace(number, from_dagbesteding);
        }
    }
}

impl Brief {
    fn of(place: &Place) -> Self {
        Self {
            confirmed_at: place.confirmed_at,
            ages: [place.min_age.unwrap_or(i32::MIN), place.max_age.unwrap_or(i32::MAX)],
            from_home: Circle::of(place, TripFrom::Home),
            from_dagbesteding: Circle::of(place, TripFrom::Dagbesteding),
        }
    }
}

/// What of a filter is not decided by bits.
#[derive(Debug)]
pub(super) struct Rest<'a> {
    filter: &'a Filter,
    moment: Moment,
    home: Option<To<'a>>,
    dagbesteding: Option<To<'a>>,
}

impl<'a> Rest<'a> {
    /// None: bits decide all of it.
    pub(super) fn of(filter: &'a Filter, moment: Moment) -> Option<Self> {
        let to = |to: &'a Option<Destination>| to.as_ref().map(To::from);
        let rest = Self { filter, moment, home: to(&filter.vervoer_to), dagbesteding: to(&filter.vervoer_from) };
        let is_asked =
            filter.age.is_some() || !filter.freshness.is_empty() || rest.home.is_some() || rest.dagbesteding.is_some();
        is_asked.then_some(rest)
    }

    /// Whether a place has it; none: all but vervoer, of which only the whole statement says.
    pub(super) fn has(&self, briefs: &Briefs, candidate: Candidate) -> Option<Truth> {
        let Filter { age, freshness, .. } = self.filter;
        let welcome = |age| {
            briefs.ages.get(candidate.number).is_some_and(|[youngest, oldest]| (*youngest..=*oldest).contains(&age))
        };
        if age.is_some_and(|age| !welcome(age)) {
            return Some(Truth::No);
        }
        let fresh = || {
            let confirmed_at = briefs.confirmed_at.get(candidate.number).copied().flatten();
            self.moment.freshness.freshness(confirmed_at, self.moment.now)
        };
        if !freshness.is_empty() && !freshness.contains(&fresh()) {
            return Some(Truth::No);
        }
        let covered = |to: &Option<To<'_>>, reaches: &Reaches| match to {
            Some(to) => reaches.cover(candidate, to),
            None => Some(Truth::Yes),
        };
        match (covered(&self.home, &briefs.from_home), covered(&self.dagbesteding, &briefs.from_dagbesteding)) {
            (Some(Truth::No), _) | (_, Some(Truth::No)) => Some(Truth::No),
            (home, dagbesteding) => Some(home?.and(dagbesteding?)),
        }
    }

    /// Whether one of these places may have it.
    pub(super) fn may_be_had(&self, briefs: &Briefs, among: &Among<'_>) -> bool {
        let covered =
            |to: &Option<To<'_>>, reaches: &Reaches| to.as_ref().is_none_or(|to| reaches.may_cover(among, to));
        self.filter.include_unknown
            || covered(&self.home, &briefs.from_home) && covered(&self.dagbesteding, &briefs.from_dagbesteding)
    }

    /// Whether the vervoer of a place at `at` reaches what is asked, by all that is stated of it.
    pub(super) fn is_reached(&self, place: &Place, at: Ecef) -> Truth {
        let fetched = |asked: &Option<Destination>, to: &Option<To<'_>>, from| {
            asked.as_ref().zip(to.as_ref()).map_or(Truth::Yes, |(asked, to)| {
                let away_km = surface_km(at.chord_squared(to.at));
                vervoer::fetches(place.vervoer.as_deref(), away_km, from, asked)
            })
        };
        let Filter { vervoer_to, vervoer_from, .. } = self.filter;
        fetched(vervoer_to, &self.home, TripFrom::Home).and(fetched(
            vervoer_from,
            &self.dagbesteding,
            TripFrom::Dagbesteding,
        ))
    }
}
