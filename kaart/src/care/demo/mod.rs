//! Plainly fictional data, the same for the same seed and start date: the demo, and large synthetic sets.
//!
//! Everything is called "Demo"; telephone numbers (088 000), web sites and mail (`.example`, RFC 2606), trade
//! register and AGB numbers cannot belong to anybody. Places and homes are spread as people are.
//!
//! The places draw the same numbers whatever the start date, so another date moves the calendar and leaves the map.

mod availability;
mod building;
mod bundle;
mod claims;
mod contacts;
mod dice;
mod land;
mod passports;
mod place;
mod vervoer;
mod words;

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::{
    contact::Contact,
    passport::{Application, IssuedPassport},
    place::Bundle,
    reference::Reference,
    shipped::ShippedError,
    vocabulary::ProviderKind,
};
use bundle::Numbers;
use dice::Dice;
use land::Land;
use words::Words;

/// How many places the demo has.
const PLACES: u64 = 500;
/// How many providers of each kind the demo has, and how many places each of them may have. The institutions, which
/// come last, share what is left.
const SMALL: [(u64, ProviderKind, std::ops::RangeInclusive<u64>); 2] =
    [(36, ProviderKind::Zzp, 1..=2), (46, ProviderKind::Kleinschalig, 2..=5)];
const INSTITUTIONS: u64 = 16;

/// The streams of one seed, so that a change to one part of the demo leaves the others as they are.
const STREAM_PLACES: u64 = 0;
const STREAM_CONTACTS: u64 = 1;
const STREAM_PASSPORTS: u64 = 2;

/// The demo.
#[derive(Clone, Debug, PartialEq)]
pub struct Demo {
    /// The map.
    pub bundles: Vec<Bundle>,
    /// The contactenbestand.
    pub contacts: Vec<Contact>,
    /// The passports, each after the one that it replaces.
    pub passports: Vec<IssuedPassport>,
    /// The applications for them.
    pub applications: Vec<Application>,
}

/// How much is said of each place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    /// As a careful provider would: the demo.
    Full,
    /// Few rows per place: large sets.
    Compact,
}

/// What everything is made from.
#[derive(Debug)]
struct World<'a> {
    land: Land<'a>,
    words: Words,
    detail: Detail,
    start: NaiveDate,
    /// Midnight UTC of the start date; nothing was said after it.
    midnight: DateTime<Utc>,
}

impl<'a> World<'a> {
    fn new(reference: &'a Reference, detail: Detail, start: NaiveDate, dice: &mut Dice) -> Result<Self, ShippedError> {
        Ok(Self {
            land: Land::new(reference)?,
            words: Words::shuffled(dice)?,
            detail,
            start,
            midnight: midnight(start),
        })
    }
}

fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc()
}

/// The demo of `seed` whose first day is `start`: 500 places of 98 providers, 120 contacts, and passports as the
/// reference figures count them (DOMAIN, "ZEVMB and the passport").
///
/// # Errors
/// When a word list cannot be read, or nobody lives in any postcode of `reference`.
pub fn demo(reference: &Reference, seed: u64, start: NaiveDate) -> Result<Demo, ShippedError> {
    let mut dice = Dice::new(seed, STREAM_PLACES, start);
    let world = World::new(reference, Detail::Full, start, &mut dice)?;
    let bundles = demo_bundles(&world, &mut dice);
    let contacts = contacts::contacts(&world, &mut Dice::new(seed, STREAM_CONTACTS, start), &bundles);
    let (passports, applications) = passports::passports(&world, &mut Dice::new(seed, STREAM_PASSPORTS, start));
    Ok(Demo { bundles, contacts, passports, applications })
}

fn demo_bundles(world: &World<'_>, dice: &mut Dice) -> Vec<Bundle> {
    let mut numbers = Numbers::default();
    let mut bundles = Vec::new();
    let mut left = PLACES;
    for (providers, kind, sizes) in SMALL {
        for _ in 0..providers {
            let places = dice.between(sizes.clone());
            left = left.saturating_sub(places);
            bundles.push(bundle::bundle(world, dice, &mut numbers, kind, places));
        }
    }
    for waiting in (1..=INSTITUTIONS).rev() {
        let places = left.div_ceil(waiting);
        left -= places;
        bundles.push(bundle::bundle(world, dice, &mut numbers, ProviderKind::Instelling, places));
    }
    bundles
}

/// Exactly `places` places, one provider with all its places at a time, with few rows each.
///
/// # Errors
/// When a word list cannot be read, or nobody lives in any postcode of `reference`.
pub fn synthetic(
    reference: &Reference,
    seed: u64,
    start: NaiveDate,
    places: u64,
) -> Result<impl Iterator<Item = Bundle>, ShippedError> {
    let mut dice = Dice::new(seed, STREAM_PLACES, start);
    let world = World::new(reference, Detail::Compact, start, &mut dice)?;
    let mut numbers = Numbers::default();
    let mut left = places;
    Ok(std::iter::from_fn(move || {
        let size = dice.between(1..=8).min(left);
        left -= size;
        let kind = match size {
            0 => return None,
            1 => ProviderKind::Zzp,
            2..=4 => ProviderKind::Kleinschalig,
            _ => ProviderKind::Instelling,
        };
        Some(bundle::bundle(&world, &mut dice, &mut numbers, kind, size))
    }))
}
