//! Where vervoer reaches, as far as anybody has said.

use proptest::{option, prelude::*, sample::select};
use uuid::Uuid;
use zorgkaart::{
    care::{
        id::VervoerId,
        truth::Truth::{self, No, Unknown, Yes},
        vervoer::{Destination, Trip, Vervoer, fetches},
        vocabulary::TripFrom,
    },
    geo::{Point, distance::distance_km},
};

use super::{at, lies_in, pc4, square};

fn stated(radius_km: Option<f64>, postcodes: Option<&[&str]>, gemeenten: Option<&[&str]>) -> Vervoer {
    Vervoer {
        id: VervoerId(Uuid::from_u128(1)),
        radius_km,
        postcodes: postcodes.map(|list| list.iter().map(|text| pc4(text)).collect()),
        gemeenten: gemeenten.map(|list| list.iter().map(ToString::to_string).collect()),
        area: None,
        trips: None,
        bags_and_aids: None,
        power_sockets: None,
        nurse_aboard: None,
        wheelchairs: None,
        oxygen: None,
        medicine_fridge: None,
        air_conditioning: None,
        paid_by: None,
    }
}

fn reaches(vervoer: Option<&[Vervoer]>, to: &Destination) -> Truth {
    fetches(vervoer, distance_km(place(), to.point), TripFrom::Home, to)
}

fn place() -> Point {
    at(52.09, 5.12)
}

fn to(point: Point, postcode: Option<&str>, gemeente: Option<&str>) -> Destination {
    Destination { point, pc4: postcode.map(pc4), gemeente_code: gemeente.map(Into::into) }
}

#[test]
fn any_way_to_state_a_reach_will_do_and_none_says_nothing() {
    let home = to(at(52.2, 5.2), Some("3511"), Some("GM0344"));
    let km = distance_km(place(), home.point);
    for (vervoer, expected) in [
        (stated(None, None, None), Unknown),
        (stated(Some(km), None, None), Yes),
        (stated(Some(km.next_down()), None, None), No),
        (stated(None, Some(&["3511"]), None), Yes),
        (stated(None, Some(&["3512", "1011"]), None), No),
        (stated(None, Some(&[]), None), No),
        (stated(None, None, Some(&["GM0344"])), Yes),
        (stated(None, None, Some(&["GM0363"])), No),
        (stated(Some(1.0), Some(&["3511"]), Some(&["GM0363"])), Yes),
        (stated(Some(1.0), Some(&["3512"]), Some(&["GM0363"])), No),
    ] {
        assert_eq!(reaches(Some(std::slice::from_ref(&vervoer)), &home), expected, "{vervoer:?}");
    }
}

#[test]
fn a_place_without_vervoer_reaches_nobody_and_one_that_says_nothing_may() {
    let home = to(place(), Some("3511"), Some("GM0344"));
    let (no, unknown, yes) = (stated(None, Some(&[]), None), stated(None, None, None), stated(Some(0.0), None, None));
    for (vervoer, expected) in [
        (None, Unknown),
        (Some(vec![]), No),
        (Some(vec![no.clone()]), No),
        (Some(vec![no.clone(), unknown.clone()]), Unknown),
        (Some(vec![unknown, yes.clone()]), Yes),
        (Some(vec![no, yes]), Yes),
    ] {
        assert_eq!(reaches(vervoer.as_deref(), &home), expected, "{vervoer:?}");
    }
}

#[test]
fn a_destination_without_postcode_is_reached_by_radius_only() {
    let nowhere = to(at(52.1, 5.1), None, None);
    assert_eq!(reaches(Some(&[stated(None, Some(&["3511"]), Some(&["GM0344"]))]), &nowhere), No);
    assert_eq!(reaches(Some(&[stated(Some(10.0), Some(&["3511"]), None)]), &nowhere), Yes);
}

fn making(trips: Option<&[TripFrom]>) -> Vervoer {
    let trips = trips.map(|made| made.iter().map(|from| Trip { from: *from, pick_up: Vec::new() }).collect());
    Vervoer { trips, ..stated(Some(10.0), None, None) }
}

#[test]
fn vervoer_makes_the_trips_that_it_states_and_without_any_those_from_home() {
    let (near, far) = (to(place(), None, None), to(at(53.0, 6.5), None, None));
    for (trips, from_home, from_dagbesteding) in [
        (None, Yes, Unknown),
        (Some(&[TripFrom::Home][..]), Yes, No),
        (Some(&[TripFrom::Dagbesteding]), No, Yes),
        (Some(&[TripFrom::Home, TripFrom::Dagbesteding]), Yes, Yes),
    ] {
        let vervoer = [making(trips)];
        let fetched = |from, to: &Destination| fetches(Some(&vervoer), distance_km(place(), to.point), from, to);
        assert_eq!(fetched(TripFrom::Home, &near), from_home, "{trips:?}");
        assert_eq!(fetched(TripFrom::Dagbesteding, &near), from_dagbesteding, "{trips:?}");
        // Where it does not come it fetches nobody, whatever is not known.
        assert_eq!(fetched(TripFrom::Home, &far), No, "{trips:?}");
        assert_eq!(fetched(TripFrom::Dagbesteding, &far), No, "{trips:?}");
    }
}

#[test]
fn an_area_is_a_way_to_state_a_reach() {
    let vervoer = Vervoer { area: Some(square(52.2, 5.2, 0.1)), ..stated(None, None, None) };
    assert_eq!(reaches(Some(std::slice::from_ref(&vervoer)), &to(at(52.25, 5.15), None, None)), Yes);
    assert_eq!(reaches(Some(std::slice::from_ref(&vervoer)), &to(at(52.32, 5.2), None, None)), No);
    let further = Vervoer { radius_km: Some(1.0), postcodes: Some(vec![pc4("3511")]), ..vervoer };
    assert_eq!(reaches(Some(std::slice::from_ref(&further)), &to(at(52.32, 5.2), Some("3511"), None)), Yes);
    assert_eq!(reaches(Some(&[further]), &to(at(52.32, 5.2), Some("3512"), None)), No);
}

const POSTCODES: [&str; 3] = ["3511", "3512", "1011"];
const GEMEENTEN: [&str; 2] = ["GM0344", "GM0363"];

fn arrangement() -> impl Strategy<Value = Vervoer> {
    let postcodes = option::of(prop::sample::subsequence(POSTCODES.to_vec(), 0..=3));
    let gemeenten = option::of(prop::sample::subsequence(GEMEENTEN.to_vec(), 0..=2));
    let area = option::of((51.9..52.3, 4.9..5.3, 0.02..0.1).prop_map(|(lat, lng, half)| square(lat, lng, half)));
    let trips = option::of(prop::sample::subsequence(TripFrom::ALL.to_vec(), 1..=2));
    (option::of(0.0..40.0), postcodes, gemeenten, area, trips).prop_map(
        |(radius, postcodes, gemeenten, area, trips)| Vervoer {
            area,
            trips: making(trips.as_deref()).trips,
            ..stated(radius, postcodes.as_deref(), gemeenten.as_deref())
        },
    )
}

proptest! {
    #[test]
    fn the_reach_is_that_of_the_model(
        vervoer in option::of(prop::collection::vec(arrangement(), 0..3)),
        (lat, lng) in (51.9..52.3, 4.9..5.3),
        postcode in option::of(select(POSTCODES.to_vec())),
        gemeente in option::of(select(GEMEENTEN.to_vec())),
    ) {
        let home = to(at(lat, lng), postcode, gemeente);
        for from in TripFrom::ALL {
            let expected: Truth = match &vervoer {
                None => Unknown,
                Some(all) => {
                    let (mut yes, mut unknown) = (false, false);
                    for one in all {
                        let by_radius = one.radius_km.map(|radius| distance_km(place(), home.point) <= radius);
                        let by_postcode = one.postcodes.as_ref().map(|list| list.iter().any(|pc4| Some(*pc4) == home.pc4));
                        let by_gemeente = one.gemeenten.as_ref().map(|list| {
                            list.iter().any(|code| Some(code) == home.gemeente_code.as_ref())
                        });
                        let by_area = one.area.as_ref().map(|area| lies_in(area, home.point));
                        let ways = [by_radius, by_postcode, by_gemeente, by_area];
                        let comes = if ways.contains(&Some(true)) { Some(true) } else { ways.iter().flatten().next().copied() };
                        let makes = match &one.trips {
                            Some(trips) => Some(trips.iter().any(|trip| trip.from == *from)),
                            None => (*from == TripFrom::Home).then_some(true),
                        };
                        yes |= comes == Some(true) && makes == Some(true);
                        unknown |= comes != Some(false) && makes != Some(false);
                    }
                    if yes { Yes } else if unknown { Unknown } else { No }
                }
            };
            prop_assert_eq!(fetches(vervoer.as_deref(), distance_km(place(), home.point), *from, &home), expected);
        }
    }
}
