//! The one distance formula against Karney's geodesic.

use std::f64::consts::PI;

use ::geo::{Distance, Geodesic};
use proptest::prelude::*;
use zorgkaart::geo::{
    Point,
    distance::{Ecef, chord_squared, distance_km, surface_km},
};

use super::{FAR_KM, ROUNDING_KM, TOLERANCE, anywhere, at, karney_km, netherlands, walk};

/// What `kaart/src/geo/distance.rs` says of itself; DESIGN asks for [`TOLERANCE`].
const PROMISED: f64 = 4e-6;

/// A length up to 500 km, small ones as likely as great ones.
fn length_km() -> impl Strategy<Value = f64> {
    prop_oneof![(-9.0..=FAR_KM.log10()).prop_map(|power| 10.0_f64.powf(power)), 0.0..=FAR_KM]
}

/// A bearing, often along a meridian or a parallel.
fn bearing() -> impl Strategy<Value = f64> {
    prop_oneof![0.0..360.0, prop::sample::select(vec![0.0, 90.0, 180.0, 270.0])]
}

/// Two points at most 500 km apart.
fn pair(from: impl Strategy<Value = Point>) -> impl Strategy<Value = (Point, Point)> {
    (from, bearing(), length_km()).prop_map(|(from, bearing, km)| (from, walk(from, bearing, km)))
}

/// How far our distance is from Karney's, relative, and whether that is more than rounding.
fn error(a: Point, b: Point) -> f64 {
    let karney = karney_km(a, b);
    let off = ((distance_km(a, b) - karney).abs() - ROUNDING_KM).max(0.0);
    if off == 0.0 { 0.0 } else { off / karney }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn is_karneys_anywhere_on_earth((a, b) in pair(anywhere())) {
        prop_assert!(error(a, b) <= TOLERANCE, "{} against {}", distance_km(a, b), karney_km(a, b));
    }

    #[test]
    fn is_karneys_in_the_netherlands(a in netherlands(), b in netherlands()) {
        prop_assert!(error(a, b) <= TOLERANCE, "{} against {}", distance_km(a, b), karney_km(a, b));
    }

    #[test]
    fn is_karneys_along_one_meridian(lat in -90.0..=90.0_f64, lng in -180.0..=180.0, north in -4.0..=4.0_f64) {
        let (a, b) = (at(lat, lng), at((lat + north).clamp(-90.0, 90.0_f64), lng));
        prop_assert!(error(a, b) <= TOLERANCE, "{} against {}", distance_km(a, b), karney_km(a, b));
    }

    #[test]
    fn is_the_same_in_both_directions(a in anywhere(), b in anywhere()) {
        prop_assert_eq!(distance_km(a, b).to_bits(), distance_km(b, a).to_bits());
    }

    #[test]
    fn is_zero_exactly_at_coincidence(a in anywhere()) {
        prop_assert_eq!(distance_km(a, a).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn does_not_see_the_antimeridian(lat in -90.0..=90.0, b in anywhere()) {
        let (east, west) = (at(lat, 180.0), at(lat, -180.0));
        prop_assert!(distance_km(east, west) <= ROUNDING_KM);
        prop_assert!((distance_km(east, b) - distance_km(west, b)).abs() <= 1e-6);
    }

    #[test]
    fn a_chord_is_never_longer_than_karneys_way(a in anywhere(), b in anywhere()) {
        let chord = Ecef::from(a).chord_squared(b.into()).sqrt();
        prop_assert!(chord <= karney_km(a, b) + ROUNDING_KM);
    }

    #[test]
    fn chord_squared_undoes_surface_km(km in 0.0..=20_000.0_f64) {
        let back = surface_km(chord_squared(km));
        // Half way round the earth the chord hardly grows with the way, so that little of the way is left in it.
        let lost = 1e-9 * km + if km > 19_000.0 { 1e-3 } else { 0.0 };
        prop_assert!((back - km).abs() <= lost, "{} became {}", km, back);
    }

    #[test]
    fn surface_km_grows_with_the_chord(a in 0.0..=1.7e8_f64, b in 0.0..=1.7e8_f64) {
        prop_assert!(surface_km(a.min(b)) <= surface_km(a.max(b)));
    }

    /// What pruning needs: whatever is as near as a known distance has a chord within that distance's.
    #[test]
    fn no_chord_is_lost_by_going_to_a_distance_and_back(a in anywhere(), b in anywhere()) {
        let chord = Ecef::from(a).chord_squared(b.into());
        prop_assert!(chord <= chord_squared(surface_km(chord)) * (1.0 + 1e-12));
    }
}

/// The far side of the earth, where the chord may be longer than the mean sphere's diameter. Nothing is promised of
/// the figure there but that it is a number, and that nothing is lost to pruning.
#[test]
fn antipodes_are_about_half_way_round() {
    for (lat, lng) in [(0.0, 0.0), (0.0, 90.0), (52.0, 5.0), (90.0, 0.0)] {
        let (here, there) = (at(lat, lng), at(-lat, lng - 180.0));
        let km = distance_km(here, there);
        assert!((19_000.0..=20_016.0).contains(&km), "{km}");
        assert!(Ecef::from(here).chord_squared(there.into()) <= chord_squared(km) * (1.0 + 1e-12));
    }
    assert!(chord_squared(PI * 6_371.1).is_infinite());
}

/// Every degree of latitude, every 5 degrees of bearing, at lengths up to 500 km: the worst is at the end of the range.
#[test]
#[expect(clippy::print_stdout, reason = "a measurement for people: `cargo test -- --nocapture`")]
fn the_worst_of_a_sweep_over_the_earth_is_what_the_code_promises() {
    let mut worst = (0.0, at(0.0, 0.0), 0.0, 0.0);
    for lat in -90..=90 {
        for bearing in (0..=180).step_by(5) {
            for km in [1.0, 50.0, 300.0, FAR_KM] {
                let from = at(f64::from(lat), 5.0);
                let error = error(from, walk(from, f64::from(bearing), km));
                if error > worst.0 {
                    worst = (error, from, f64::from(bearing), km);
                }
            }
        }
    }
    let (error, from, bearing, km) = worst;
    println!("worst on earth: {error:.3e} at {km} km from {}° north, bearing {bearing}°", from.lat());
    assert!(error <= PROMISED, "{error}");
}

/// Across the whole country, corner to corner.
#[test]
#[expect(clippy::print_stdout, reason = "a measurement for people: `cargo test -- --nocapture`")]
fn the_worst_of_a_sweep_over_the_netherlands_is_what_the_code_promises() {
    let grid: Vec<Point> = (0..=10)
        .flat_map(|row| (0..=10).map(move |column| at(50.7 + 0.29 * f64::from(row), 3.3 + 0.4 * f64::from(column))))
        .collect();
    let pairs = grid.iter().flat_map(|a| grid.iter().map(move |b| (*a, *b)));
    let worst = pairs.map(|(a, b)| error(a, b)).fold(0.0, f64::max);
    println!("worst in the Netherlands: {worst:.3e}");
    assert!(worst <= PROMISED, "{worst}");
}

/// The oracle itself, against a figure of `GeographicLib`'s documentation: JFK to LHR.
#[test]
fn the_oracle_knows_a_published_distance() {
    let metres = Geodesic.distance(::geo::Point::new(-73.8, 40.6), ::geo::Point::new(-0.5, 51.6));
    assert!((metres - 5_551_759.400).abs() < 0.001, "{metres}");
}
