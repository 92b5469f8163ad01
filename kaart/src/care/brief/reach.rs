//! How far the vervoer of places comes.

use std::cell::OnceCell;

use super::{
    super::{
        place::Place,
        snapshot::Rows,
        truth::Truth,
        vervoer::{Destination, Vervoer},
        vocabulary::TripFrom,
    },
    listed::{Home, Listed},
};
use crate::geo::{
    distance::{Ecef, chord_squared},
    index::Candidate,
};

/// What single precision may lose, and more.
const ROUNDING: f64 = 1e-6;

/// How far the vervoer of all places comes, in the order of the index.
#[derive(Clone, Debug)]
pub(super) struct Reaches {
    circles: Rows<Circle>,
    listed: Rows<Option<Listed>>,
}

/// How far the vervoer of a place comes.
#[derive(Clone)]
pub(super) struct Reach {
    circle: Circle,
    listed: Option<Listed>,
}

/// A radius, and what is beyond.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Circle {
    /// The squared chord, km², under the radius around the place's public point; negative: not stated by a radius.
    chord: f32,
    /// Whether more is listed.
    is_listed: bool,
    /// Whether it comes farther than that; none: only the whole statement says.
    farther: Option<Truth>,
}

/// Where it is asked to come.
#[derive(Debug)]
pub(super) struct To<'a> {
    pub(super) at: Ecef,
    asked: &'a Destination,
    /// Found out where something is listed.
    home: OnceCell<Option<Home>>,
}

impl Reach {
    /// That of all arrangements of a place.
    pub(super) fn of(place: &Place, from: TripFrom) -> Self {
        let Some(all) = place.vervoer.as_deref() else { return Self::beyond(Some(Truth::Unknown)) };
        let coming = || all.iter().filter(|one| one.makes(from) == Truth::Yes);
        let radius_km = coming().filter_map(|one| one.radius_km).reduce(f64::max);
        let Some(listed) = Listed::of(coming()) else { return Self::beyond(None) };
        let farther = |one: &Vervoer| match one.makes(from) {
            Truth::No => Some(Truth::No),
            Truth::Unknown => None,
            Truth::Yes => Some(if one.states_reach() { Truth::No } else { Truth::Unknown }),
        };
        let farther = all.iter().map(farther).reduce(|all, one| all.zip(one).map(|(all, one)| all.or(one)));
        let chord = radius_km.map_or(-1.0, |radius| single(chord_squared(radius)));
        let listed = Some(listed).filter(|listed| !listed.is_empty());
        Self {
            circle: Circle { chord, is_listed: listed.is_some(), farther: farther.unwrap_or(Some(Truth::No)) },
            listed,
        }
    }

    /// Of which no more is known.
    const fn beyond(farther: Option<Truth>) -> Self {
        Self { circle: Circle { chord: -1.0, is_listed: false, farther }, listed: None }
    }
}

impl Reaches {
    /// Those of places in the order of the index.
    pub(super) fn of<'a>(reaches: impl Iterator<Item = &'a Reach> + Clone) -> Self {
        // Copied, so that lists of neighbours lie together.
        let listed = |reach: &Reach| reach.listed.as_ref().map(Listed::copy);
        Self { circles: reaches.clone().map(|reach| reach.circle).collect(), listed: reaches.map(listed).collect() }
    }

    pub(super) fn replace(&mut self, number: usize, Reach { circle, listed }: Reach) {
        self.circles.replace(number, circle);
        self.listed.replace(number, listed);
    }

    /// Whether that of a candidate comes there; none: only the whole statement says.
    pub(super) fn cover(&self, Candidate { number, at }: Candidate, to: &To<'_>) -> Option<Truth> {
        let circle = self.circles.get(number)?;
        let (chord, radius) = (at.chord_squared(to.at), f64::from(circle.chord));
        if chord <= radius * (1.0 - ROUNDING) {
            return Some(Truth::Yes);
        }
        if chord <= radius * (1.0 + ROUNDING) {
            return None;
        }
        if circle.is_listed {
            let home = to.home.get_or_init(|| Home::of(to.asked)).as_ref()?;
            if home.is_in(self.listed.get(number)?.as_ref()?) {
                return Some(Truth::Yes);
            }
        }
        circle.farther
    }
}

impl<'a> From<&'a Destination> for To<'a> {
    fn from(to: &'a Destination) -> Self {
        Self { at: to.point.into(), asked: to, home: OnceCell::new() }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what is lost has its room")]
const fn single(value: f64) -> f32 {
    value as f32
}
