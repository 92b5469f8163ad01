//! What filters ask of a place beside bits, in a few numbers: most candidates are decided without reading all that is
//! stated of them.

use chrono::{DateTime, Utc};

use super::{
    filter::{Filter, Moment},
    place::Place,
    snapshot::Rows,
    truth::Truth,
    vervoer::{self, Destination, Vervoer},
    vocabulary::TripFrom,
};
use crate::geo::{
    distance::{Ecef, chord_squared, surface_km},
    index::Candidate,
};

/// All places in a few numbers, in the order of the index. Each kind lies by itself: what is not asked for is not read.
#[derive(Clone, Debug)]
pub(super) struct Briefs {
    confirmed_at: Rows<Option<DateTime<Utc>>>,
    /// The youngest and the greatest.
    ages: Rows<[i32; 2]>,
    from_home: Rows<Reach>,
    from_dagbesteding: Rows<Reach>,
}

/// The same of one place.
#[derive(Clone, Copy)]
struct Brief {
    confirmed_at: Option<DateTime<Utc>>,
    ages: [i32; 2],
    from_home: Reach,
    from_dagbesteding: Reach,
}

/// How far vervoer comes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reach {
    /// Surely: the squared chord, km², under the radius around the place's public point; negative: not stated by a radius.
    chord: f32,
    /// Whether it comes farther; none: only the whole statement says.
    farther: Option<Truth>,
}

/// What single precision may lose, and more.
const ROUNDING: f64 = 1e-6;

impl Briefs {
    /// Those of `places`, in this order.
    pub(super) fn of(places: &[Place], order: impl Iterator<Item = u32>) -> Self {
        // Neighbours in memory are read one after the other, and only what was read of them is put in order.
        let briefs: Vec<Brief> = places.iter().map(Brief::of).collect();
        let briefs: Vec<Brief> = order.filter_map(|place| briefs.get(place as usize).copied()).collect();
        Self {
            confirmed_at: briefs.iter().map(|brief| brief.confirmed_at).collect(),
            ages: briefs.iter().map(|brief| brief.ages).collect(),
            from_home: briefs.iter().map(|brief| brief.from_home).collect(),
            from_dagbesteding: briefs.iter().map(|brief| brief.from_dagbesteding).collect(),
        }
    }

    /// Says anew what a place states, by its number in the index.
    pub(super) fn replace(&mut self, number: usize, place: &Place) {
        let Brief { confirmed_at, ages, from_home, from_dagbesteding } = Brief::of(place);
        self.confirmed_at.replace(number, confirmed_at);
        self.ages.replace(number, ages);
        self.from_home.replace(number, from_home);
        self.from_dagbesteding.replace(number, from_dagbesteding);
    }
}

impl Brief {
    fn of(place: &Place) -> Self {
        let reach = |from| Reach::of(place.vervoer.as_deref(), from);
        Self {
            confirmed_at: place.confirmed_at,
            ages: [place.min_age.unwrap_or(i32::MIN), place.max_age.unwrap_or(i32::MAX)],
            from_home: reach(TripFrom::Home),
            from_dagbesteding: reach(TripFrom::Dagbesteding),
        }
    }
}

impl Reach {
    /// That of all arrangements of a place.
    fn of(vervoer: Option<&[Vervoer]>, from: TripFrom) -> Self {
        let mut reach = Self { chord: -1.0, farther: Some(Truth::No) };
        let Some(all) = vervoer else { return Self { farther: Some(Truth::Unknown), ..reach } };
        let mut radius_km = -1.0_f64;
        for one in all {
            let is_listed = one.postcodes.is_some() || one.gemeenten.is_some() || one.area.is_some();
            let farther = match one.makes(from) {
                Truth::No => Some(Truth::No),
                Truth::Unknown => None,
                Truth::Yes => {
                    radius_km = radius_km.max(one.radius_km.unwrap_or(-1.0));
                    let without_list = if one.radius_km.is_some() { Truth::No } else { Truth::Unknown };
                    (!is_listed).then_some(without_list)
                }
            };
            reach.farther = reach.farther.zip(farther).map(|(all, one)| all.or(one));
        }
        if radius_km >= 0.0 {
            reach.chord = single(chord_squared(radius_km));
        }
        reach
    }

    /// Whether it comes as far as a squared chord, km²; none: it is not decided by this.
    fn covers(self, chord: f64) -> Option<Truth> {
        let radius = f64::from(self.chord);
        if chord <= radius * (1.0 - ROUNDING) {
            Some(Truth::Yes)
        } else if chord <= radius * (1.0 + ROUNDING) {
            None
        } else {
            self.farther
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what is lost has its room")]
const fn single(value: f64) -> f32 {
    value as f32
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

    /// Whether a place has it; none: all but vervoer, of which only the whole statement says.
    pub(super) fn has(&self, briefs: &Briefs, Candidate { number, at }: Candidate) -> Option<Truth> {
        let Filter { age, freshness, .. } = self.filter;
        let welcome =
            |age| briefs.ages.get(number).is_some_and(|[youngest, oldest]| (*youngest..=*oldest).contains(&age));
        if age.is_some_and(|age| !welcome(age)) {
            return Some(Truth::No);
        }
        let fresh = || {
            let confirmed_at = briefs.confirmed_at.get(number).copied().flatten();
            self.moment.freshness.freshness(confirmed_at, self.moment.now)
        };
        if !freshness.is_empty() && !freshness.contains(&fresh()) {
            return Some(Truth::No);
        }
        let covered = |to: Option<Ecef>, reaches: &Rows<Reach>| {
            to.map_or(Some(Truth::Yes), |to| reaches.get(number)?.covers(at.chord_squared(to)))
        };
        match (covered(self.home, &briefs.from_home), covered(self.dagbesteding, &briefs.from_dagbesteding)) {
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
