//! What the demo promises.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod map;
mod people;
mod question;
mod stated;

use std::sync::LazyLock;

use chrono::{NaiveDate, TimeDelta};

use super::{Demo, demo, synthetic};
use crate::care::{
    place::{Bundle, CareGroup, Location, Place},
    reference::Reference,
    shipped,
};

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| shipped::reference().unwrap());
/// The demo of the README.
static DEMO: LazyLock<Demo> = LazyLock::new(|| demo(&REFERENCE, 1, start()).unwrap());

fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 1).unwrap()
}

fn noon() -> chrono::DateTime<chrono::Utc> {
    super::midnight(start()) + TimeDelta::hours(12)
}

fn places() -> impl Iterator<Item = &'static Place> {
    DEMO.bundles.iter().flat_map(|bundle| &bundle.places)
}

fn groups() -> impl Iterator<Item = &'static CareGroup> {
    DEMO.bundles.iter().flat_map(|bundle| &bundle.groups)
}

fn locations() -> impl Iterator<Item = &'static Location> {
    DEMO.bundles.iter().flat_map(|bundle| &bundle.locations)
}

fn group_of(bundle: &Bundle, place: &Place) -> CareGroup {
    bundle.groups.iter().find(|group| group.id == place.care_group_id).unwrap().clone()
}

/// How many there are of each of `all`.
fn tally<T: PartialEq>(all: &[T], found: impl Iterator<Item = T>) -> Vec<usize> {
    let mut counts = vec![0; all.len()];
    for one in found {
        counts[all.iter().position(|known| *known == one).unwrap()] += 1;
    }
    counts
}

#[test]
fn the_same_seed_and_date_make_the_same_demo() {
    assert_eq!(*DEMO, demo(&REFERENCE, 1, start()).unwrap());
    assert_ne!(*DEMO, demo(&REFERENCE, 2, start()).unwrap());
}

#[test]
fn another_date_leaves_the_map_as_it_is() {
    let later = demo(&REFERENCE, 1, start() + TimeDelta::days(100)).unwrap();
    for (bundle, other) in DEMO.bundles.iter().zip(&later.bundles) {
        assert_eq!(bundle.provider.name, other.provider.name);
        let points = |bundle: &Bundle| bundle.locations.iter().map(|location| location.point).collect::<Vec<_>>();
        assert_eq!(points(bundle), points(other));
        assert!(
            bundle.places.iter().zip(&other.places).all(|(a, b)| a.name == b.name && a.claims.len() == b.claims.len())
        );
    }
    assert_eq!(DEMO.passports[0].home_pc4, later.passports[0].home_pc4);
}

#[test]
fn any_seed_and_any_date_make_a_demo() {
    for seed in 2..6 {
        assert_eq!(demo(&REFERENCE, seed, start()).unwrap().passports.len(), 423);
    }
    for date in [NaiveDate::MIN, NaiveDate::MAX, NaiveDate::from_ymd_opt(2028, 2, 29).unwrap()] {
        assert_eq!(demo(&REFERENCE, 1, date).unwrap().bundles.len(), 98);
    }
}

#[test]
fn a_land_without_people_is_an_error() {
    assert!(demo(&Reference::default(), 1, start()).is_err());
    assert!(synthetic(&Reference::default(), 1, start(), 1).is_err());
}

#[test]
fn every_id_is_a_uuid_of_version_7_and_there_is_no_other_like_it() {
    let bundles = DEMO.bundles.iter().map(|bundle| bundle.provider.id.0);
    let below = locations().map(|one| one.id.0).chain(groups().map(|one| one.id.0)).chain(places().map(|one| one.id.0));
    let vervoer = places().flat_map(|place| place.vervoer.iter().flatten()).map(|one| one.id.0);
    let people = DEMO.contacts.iter().map(|one| one.id.0).chain(DEMO.passports.iter().map(|one| one.passport.id.0));
    let applications = DEMO.applications.iter().map(|one| one.id.0);
    let ids: Vec<uuid::Uuid> = bundles.chain(below).chain(vervoer).chain(people).chain(applications).collect();
    assert!(ids.iter().all(|id| id.get_version_num() == 7));
    assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), ids.len());
}

#[test]
fn synthetic_sets_hold_exactly_what_is_asked() {
    for asked in [0, 1, 7, 2000] {
        let bundles: Vec<Bundle> = synthetic(&REFERENCE, 1, start(), asked).unwrap().collect();
        assert_eq!(bundles.iter().map(|bundle| bundle.places.len() as u64).sum::<u64>(), asked);
        assert!(bundles.iter().all(|bundle| (1..=8).contains(&bundle.places.len())));
    }
}

#[test]
fn synthetic_places_have_few_rows_and_obey_what_the_demo_obeys() {
    let bundles: Vec<Bundle> = synthetic(&REFERENCE, 7, start(), 3000).unwrap().collect();
    for bundle in &bundles {
        map::obeys_the_database(bundle);
        for place in &bundle.places {
            assert!(place.availability.len() <= 6 && place.claims.len() <= 4, "{place:?}");
            stated::obeys_the_calendar(place);
        }
    }
    let names: std::collections::HashSet<&str> = bundles.iter().map(|bundle| bundle.provider.name.as_str()).collect();
    assert_eq!(names.len(), bundles.len());
}
