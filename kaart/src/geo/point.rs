//! A point on the earth.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A point in WGS84 degrees, known to lie on the earth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    lat: f64,
    lng: f64,
}

/// Where a point that somebody states may lie, degrees.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// The least latitude.
    pub south: f64,
    /// The greatest.
    pub north: f64,
    /// The least longitude.
    pub west: f64,
    /// The greatest.
    pub east: f64,
}

/// The Netherlands and what lies around them within a day's drive. Farther away nothing is to be found, and a pair the
/// wrong way round is the likeliest mistake.
pub const SURROUNDINGS: Surroundings = Surroundings { south: 49.5, north: 55.0, west: 2.0, east: 9.0 };

impl Surroundings {
    /// Whether a point lies there.
    pub fn hold(self, lat: f64, lng: f64) -> bool {
        (self.south..=self.north).contains(&lat) && (self.west..=self.east).contains(&lng)
    }
}

/// Why two numbers are no point.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum PointError {
    /// The latitude is not a number from -90 to 90.
    #[error("latitude must be a number from -90 to 90")]
    Latitude,
    /// The longitude is not a number from -180 to 180.
    #[error("longitude must be a number from -180 to 180")]
    Longitude,
}

impl Point {
    /// A point from degrees north and degrees east.
    ///
    /// # Errors
    /// When a coordinate is not finite or out of range.
    pub fn new(lat: f64, lng: f64) -> Result<Self, PointError> {
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PointError::Latitude);
        }
        if !(-180.0..=180.0).contains(&lng) {
            return Err(PointError::Longitude);
        }
        Ok(Self { lat, lng })
    }

    /// Degrees north.
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east.
    pub const fn lng(self) -> f64 {
        self.lng
    }
}

impl From<h3o::LatLng> for Point {
    fn from(at: h3o::LatLng) -> Self {
        Self { lat: at.lat().clamp(-90.0, 90.0), lng: at.lng().clamp(-180.0, 180.0) }
    }
}
