//! How far the vervoer of places comes.

use std::{cell::OnceCell, sync::Arc};

use super::{
    super::{
        place::Place,
        snapshot::Rows,
        truth::Truth,
        vervoer::{Destination, Vervoer},
        vocabulary::TripFrom,
    },
    farthest::Farthest,
    listed::{Kinds, Listed, Listing, are_numbers},
};
use crate::geo::{
    distance::{Ecef, chord_squared},
    index::{Among, Candidate},
};

/// What single precision may lose, and more.
const ROUNDING: f64 = 1e-6;

/// How far the vervoer of all places comes, in the order of the index.
#[derive(Clone, Debug)]
pub(super) struct Reaches {
    circles: Rows<Circle>,
    /// How far one of many comes by its radius alone.
    farthest: Farthest,
    listed: Arc<Listed>,
}

/// How far the vervoer of a place comes: a radius, and what is beyond.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Circle {
    /// The squared chord, km², under the radius around the place's public point; negative: not stated by a radius.
    chord: f32,
    /// What [`Listed`] has beside.
    lists: Kinds,
    beyond: Beyond,
}

/// Whether it comes farther than a radius and lists say.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Beyond {
    Said(Truth),
    /// Unknown or no: the whole statement says which.
    Doubtful,
    /// Only the whole statement says.
    Whole,
}

/// Where it is asked to come.
#[derive(Debug)]
pub(in crate::care) struct To<'a> {
    pub(super) at: Ecef,
    asked: &'a Destination,
    /// Found out where something is listed.
    listing: OnceCell<Option<Listing>>,
}

impl Circle {
    /// That of all arrangements of a place.
    pub(super) fn of(place: &Place, from: TripFrom) -> Self {
        let Some(all) = place.vervoer.as_deref() else {
            return Self { chord: -1.0, lists: Kinds::NONE, beyond: Beyond::Said(Truth::Unknown) };
        };
        let coming = || coming(place, from);
        let beyond = |one: &Vervoer| match one.makes(from) {
            Truth::No => Beyond::Said(Truth::No),
            Truth::Unknown => Beyond::Doubtful,
            Truth::Yes if !are_numbers(one) => Beyond::Whole,
            Truth::Yes => Beyond::Said(if one.states_reach() { Truth::No } else { Truth::Unknown }),
        };
        let radius_km = coming().filter_map(|one| one.radius_km).reduce(f64::max);
        Self {
            chord: radius_km.map_or(-1.0, |radius| single(chord_squared(radius))),
            lists: Kinds::of(coming()),
            beyond: all.iter().map(beyond).fold(Beyond::Said(Truth::No), Beyond::or),
        }
    }

    /// The same of a place that lists what is not in [`Listed`].
    fn unlisted(self) -> Self {
        Self { lists: Kinds::NONE, beyond: if self.lists.any() { Beyond::Whole } else { self.beyond }, ..self }
    }

    /// The squared chord, km², beyond which it comes to nobody but whom it lists, as far as anybody knows.
    const fn bound(self) -> f32 {
        if matches!(self.beyond, Beyond::Whole) { f32::INFINITY } else { self.chord }
    }
}

impl Beyond {
    /// That of two arrangements together.
    const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Whole, _) | (_, Self::Whole) => Self::Whole,
            (Self::Doubtful, _) | (_, Self::Doubtful) => Self::Doubtful,
            (Self::Said(one), Self::Said(other)) => Self::Said(one.or(other)),
        }
    }
}

impl Reaches {
    /// Those of places in the order of the index.
    pub(super) fn of<'a>(places: impl Iterator<Item = (&'a Place, Circle)>, from: TripFrom) -> Self {
        let (places, circles): (Vec<&Place>, Vec<Circle>) = places.unzip();
        let bounds: Vec<f32> = circles.iter().map(|circle| circle.bound()).collect();
        let listing = (0..).zip(&places).zip(&circles).filter(|(_, circle)| circle.lists.any());
        let listed = Listed::of(listing.map(|((number, place), _)| (number, coming(place, from))));
        Self { farthest: Farthest::of(&bounds), listed: Arc::new(listed), circles: circles.into_iter().collect() }
    }

    /// Says anew how far that of a place comes.
    pub(super) fn replace(&mut self, number: usize, circle: Circle) {
        let circle = circle.unlisted();
        self.farthest.raise(number, circle.bound());
        self.circles.replace(number, circle);
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
        if circle.lists.any() && to.listing(&self.listed)?.has(u32::try_from(number).ok()?, circle.lists) {
            return Some(Truth::Yes);
        }
        match circle.beyond {
            Beyond::Said(truth) => Some(truth),
            Beyond::Doubtful | Beyond::Whole => None,
        }
    }

    /// Whether that of one of these places may come there.
    pub(super) fn may_cover(&self, among: &Among<'_>, to: &To<'_>) -> bool {
        let places = &among.places;
        let is_listed = |listing: &Listing| {
            let among = u32::try_from(places.start).ok().zip(u32::try_from(places.end).ok());
            among.is_none_or(|(from, until)| listing.has_any(&(from..until)))
        };
        among.nearest(to.at) <= f64::from(self.farthest.within(places)) * (1.0 + ROUNDING)
            || to.listing(&self.listed).is_none_or(is_listed)
    }
}

/// The arrangements of a place that make a trip.
fn coming(place: &Place, from: TripFrom) -> impl Iterator<Item = &Vervoer> {
    place.vervoer.iter().flatten().filter(move |one| one.makes(from) == Truth::Yes)
}

impl To<'_> {
    /// Who lists it; none: only whole statements say.
    fn listing(&self, listed: &Listed) -> Option<&Listing> {
        self.listing.get_or_init(|| listed.listing(self.asked)).as_ref()
    }
}

impl<'a> From<&'a Destination> for To<'a> {
    fn from(to: &'a Destination) -> Self {
        Self { at: to.point.into(), asked: to, listing: OnceCell::new() }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what is lost has its room")]
const fn single(value: f64) -> f32 {
    value as f32
}
