//! Geometry, against oracles that we did not write: Karney's geodesic (`geographiclib-rs`, by way of `geo`), h3o, and
//! vectors of the H3 C library.

use ::geo::{Destination, Distance, Geodesic};
use proptest::prelude::*;
use zorgkaart::geo::Point;

mod area;
mod cell;
mod distance;
mod index;

/// DESIGN, section 4: how far a distance may be from Karney's, relative, up to [`FAR_KM`].
const TOLERANCE: f64 = 2e-5;
/// Up to where [`TOLERANCE`] holds.
const FAR_KM: f64 = 500.0;
/// Double precision ends at nanometres here: an earth-centred coordinate of 6,378 km is a multiple of 1e-12 km, and
/// `GeographicLib` itself promises 15 nm. Two points this near have a distance, but no relative error worth the name.
const ROUNDING_KM: f64 = 3e-11;

fn at(lat: f64, lng: f64) -> Point {
    Point::new(lat, lng).unwrap()
}

fn karney_km(a: Point, b: Point) -> f64 {
    Geodesic.distance(::geo::Point::new(a.lng(), a.lat()), ::geo::Point::new(b.lng(), b.lat())) / 1000.0
}

/// Where one comes out when going `km` from `from` with `bearing` degrees.
fn walk(from: Point, bearing: f64, km: f64) -> Point {
    let end = Geodesic.destination(::geo::Point::new(from.lng(), from.lat()), bearing, km * 1000.0);
    at(end.y().clamp(-90.0, 90.0), end.x().clamp(-180.0, 180.0))
}

/// Anywhere on earth; often where coordinates are at their worst.
fn anywhere() -> impl Strategy<Value = Point> {
    let tiny = || prop_oneof![Just(0.0), (-12.0_f64..0.0).prop_map(|power| 10.0_f64.powf(power))];
    let latitude = || (-1.0_f64..=1.0).prop_map(|z| z.asin().to_degrees());
    prop_oneof![
        4 => (latitude(), -180.0..=180.0).prop_map(|(lat, lng)| at(lat, lng)),
        1 => (tiny(), any::<bool>(), -180.0..=180.0)
            .prop_map(|(off, north, lng)| at(if north { 90.0 - off } else { off - 90.0 }, lng)),
        1 => (latitude(), tiny(), any::<bool>())
            .prop_map(|(lat, off, east)| at(lat, if east { 180.0 - off } else { off - 180.0 })),
        1 => (tiny(), any::<bool>(), -180.0..=180.0)
            .prop_map(|(off, north, lng)| at(if north { off } else { -off }, lng)),
        1 => (latitude(), prop::sample::select(vec![-180.0, -90.0, 0.0, 90.0, 180.0]))
            .prop_map(|(lat, lng)| at(lat, lng)),
    ]
}

/// In and around the Netherlands.
fn netherlands() -> impl Strategy<Value = Point> {
    (50.7..=53.6, 3.3..=7.3).prop_map(|(lat, lng)| at(lat, lng))
}
