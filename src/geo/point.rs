//! A point on the earth.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A point in WGS84 degrees, known to lie on the earth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    lat: f64,
    lng: f64,
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
