//! Where vervoer reaches, as far as anybody has said.

use proptest::{option, prelude::*, sample::select};
use uuid::Uuid;
use zorgkaart::{
    care::{
        id::VervoerId,
        truth::Truth::{self, No, Unknown, Yes},
        vervoer::{Destination, Vervoer, reaches},
    },
    geo::{Point, distance::distance_km},
};

use super::{at, pc4};

fn stated(radius_km: Option<f64>, postcodes: Option<&[&str]>, gemeenten: Option<&[&str]>) -> Vervoer {
    Vervoer {
        id: VervoerId(Uuid::from_u128(1)),
        radius_km,
        postcodes: postcodes.map(|list| list.iter().map(|text| pc4(text)).collect()),
        gemeenten: gemeenten.map(|list| list.iter().map(ToString::to_string).collect()),
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
        assert_eq!(vervoer.reaches(place(), &home), expected, "{vervoer:?}");
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
        assert_eq!(reaches(vervoer.as_deref(), place(), &home), expected, "{vervoer:?}");
    }
}

#[test]
fn a_destination_without_postcode_is_reached_by_radius_only() {
    let nowhere = to(at(52.1, 5.1), None, None);
    assert_eq!(stated(None, Some(&["3511"]), Some(&["GM0344"])).reaches(place(), &nowhere), No);
    assert_eq!(stated(Some(10.0), Some(&["3511"]), None).reaches(place(), &nowhere), Yes);
}

const POSTCODES: [&str; 3] = ["3511", "3512", "1011"];
const GEMEENTEN: [&str; 2] = ["GM0344", "GM0363"];

fn arrangement() -> impl Strategy<Value = Vervoer> {
    let postcodes = option::of(prop::sample::subsequence(POSTCODES.to_vec(), 0..=3));
    let gemeenten = option::of(prop::sample::subsequence(GEMEENTEN.to_vec(), 0..=2));
    (option::of(0.0..40.0), postcodes, gemeenten)
        .prop_map(|(radius, postcodes, gemeenten)| stated(radius, postcodes.as_deref(), gemeenten.as_deref()))
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
        let expected: Truth = match &vervoer {
            None => Unknown,
            Some(all) => {
                let (mut yes, mut unknown) = (false, false);
                for one in all {
                    let by_radius = one.radius_km.is_some_and(|radius| distance_km(place(), home.point) <= radius);
                    let by_postcode = one.postcodes.iter().flatten().any(|pc4| Some(*pc4) == home.pc4);
                    let by_gemeente = one.gemeenten.iter().flatten().any(|code| Some(code) == home.gemeente_code.as_ref());
                    yes |= by_radius || by_postcode || by_gemeente;
                    unknown |= one.radius_km.is_none() && one.postcodes.is_none() && one.gemeenten.is_none();
                }
                if yes { Yes } else if unknown { Unknown } else { No }
            }
        };
        prop_assert_eq!(reaches(vervoer.as_deref(), place(), &home), expected);
    }
}
