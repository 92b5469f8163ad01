//! Distance along the WGS84 ellipsoid: the one formula that orders places and that every viewer reads.
//!
//! Both points are put into earth-centred, earth-fixed coordinates (NIMA TR8350.2, section 4.3); the straight chord
//! between them is bent onto a sphere of the mean earth radius. The bend is small (2.6e-4 of the length at 500 km)
//! and the radius that it ought to use differs by 0.7% at most, so up to 500 km the result is within 4e-6 of Karney's
//! geodesic (C. F. F. Karney, "Algorithms for geodesics", 2013); `tests/` measure it. The chord is also a true lower
//! bound of the way along the surface, which is what the index prunes with: no poles, no antimeridian, no
//! trigonometry.

use super::Point;

/// WGS84 semi-major axis, km.
const SEMI_MAJOR_KM: f64 = 6_378.137;
/// WGS84 flattening.
const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// Mean radius R1 of the ellipsoid, km (Moritz, "Geodetic Reference System 1980").
pub const MEAN_RADIUS_KM: f64 = 6_371.008_771_4;

/// Earth-centred, earth-fixed coordinates in km.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ecef(pub [f64; 3]);

impl From<Point> for Ecef {
    fn from(point: Point) -> Self {
        let eccentricity_squared = FLATTENING * (2.0 - FLATTENING);
        let (sin_lat, cos_lat) = point.lat().to_radians().sin_cos();
        let (sin_lng, cos_lng) = point.lng().to_radians().sin_cos();
        let normal = SEMI_MAJOR_KM / (1.0 - eccentricity_squared * sin_lat * sin_lat).sqrt();
        Self([normal * cos_lat * cos_lng, normal * cos_lat * sin_lng, normal * (1.0 - eccentricity_squared) * sin_lat])
    }
}

impl Ecef {
    /// The square of the straight chord to `other`, km².
    pub fn chord_squared(self, other: Self) -> f64 {
        let along = |axis: usize| (self.0[axis] - other.0[axis]).powi(2);
        along(0) + along(1) + along(2)
    }
}

/// The length along the surface, km, over a chord whose square is given in km².
pub fn surface_km(chord_squared: f64) -> f64 {
    let half = chord_squared.sqrt() / (2.0 * MEAN_RADIUS_KM);
    2.0 * MEAN_RADIUS_KM * half.min(1.0).asin()
}

/// The square of the chord, km², under a length along the surface in km: the inverse of [`surface_km`]. No chord is
/// too long for a length of half the way round, where [`surface_km`] ends.
pub fn chord_squared(surface_km: f64) -> f64 {
    let half_angle = surface_km / (2.0 * MEAN_RADIUS_KM);
    if half_angle >= std::f64::consts::FRAC_PI_2 {
        return f64::INFINITY;
    }
    (2.0 * MEAN_RADIUS_KM * half_angle.sin()).powi(2)
}

/// The distance between two points along the ellipsoid, km.
pub fn distance_km(a: Point, b: Point) -> f64 {
    surface_km(Ecef::from(a).chord_squared(Ecef::from(b)))
}
