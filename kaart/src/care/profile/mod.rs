//! What people state of the objects of the map: providers, their locations, the groups in them and the places of those.
//!
//! What a profile serializes to has the codes of `MapField` as keys. So an edit, what waits for review, and the history are
//! made of the same list of fields with what they held before and after.

mod change;
pub mod moment;
mod object;
mod rules;
pub mod stated;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use change::{Difference, is_nothing};
pub use object::Object;
pub use rules::{fields, is_night_care, waits};

use super::vocabulary::{
    CareCapability, CareForm, Facility, Homogeneity, Leveringsvorm, LocationPrecision, MapObject, ProviderKind,
};
use crate::geo::Point;

/// What a provider states of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct ProviderProfile {
    /// Its name.
    pub name: String,
    /// What kind of provider it is.
    pub kind: ProviderKind,
    /// A telephone number for parents.
    pub phone: Option<String>,
    /// A mail address for parents.
    pub email: Option<String>,
    /// Its web site.
    pub website: Option<String>,
    /// Its number in the trade register.
    pub kvk_number: Option<String>,
    /// Its AGB code.
    pub agb_code: Option<String>,
    /// Whether it takes part in the ZEVMB-fieldlab; false where it is not stated.
    #[serde(default)]
    pub fieldlab: bool,
}

/// What is stated of a location, with its true address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct LocationProfile {
    /// The street.
    pub street: Option<String>,
    /// The number, with additions.
    pub house_number: Option<String>,
    /// `3511AB`, or the PC4 alone.
    pub postcode: String,
    /// The place.
    pub city: String,
    /// The gemeente, by code.
    pub gemeente: String,
    /// The true point.
    pub point: Coordinates,
    /// Whether the address may be shown.
    pub precision: LocationPrecision,
    /// What is known of its facilities.
    #[serde(default)]
    pub facilities: BTreeMap<Facility, bool>,
}

/// A point as a profile holds it, WGS84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
}

impl From<Point> for Coordinates {
    fn from(point: Point) -> Self {
        Self { lat: point.lat(), lng: point.lng() }
    }
}

/// What is stated of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct CareGroupProfile {
    /// Its name.
    pub name: String,
    /// How alike the care demand is (AEF 2.a).
    pub homogeneity: Homogeneity,
    /// How many clients it has room for.
    pub size: i32,
    /// Staff per ten clients (AEF 3.b).
    pub staff_per_ten: Option<f64>,
    /// Nurses in the team.
    pub nurses: Option<i32>,
    /// Whether clients with challenging behaviour are excluded (AEF 2.a).
    pub challenging_behaviour_excluded: Option<bool>,
    /// What is known of the care that it can give by day.
    #[serde(default)]
    pub capabilities: BTreeMap<CareCapability, bool>,
    /// What is known of its night care (AEF 5.a).
    #[serde(default)]
    pub night_care: BTreeMap<CareCapability, bool>,
}

/// What is stated of a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct PlaceProfile {
    /// Its name.
    pub name: String,
    /// What it offers.
    pub care_form: CareForm,
    /// How many spots it has.
    pub capacity: i32,
    /// A telephone number for parents.
    pub phone: Option<String>,
    /// A mail address for parents.
    pub email: Option<String>,
    /// The youngest age, in whole years; none: no limit.
    pub min_age: Option<i32>,
    /// The greatest age, in whole years; none: no limit.
    pub max_age: Option<i32>,
    /// How it is paid for; empty: not known.
    #[serde(default)]
    pub leveringsvormen: BTreeSet<Leveringsvorm>,
}

/// What is stated of an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Profile {
    /// Of a provider.
    Provider(ProviderProfile),
    /// Of a location.
    Location(LocationProfile),
    /// Of a group.
    CareGroup(CareGroupProfile),
    /// Of a place.
    Place(PlaceProfile),
}

impl Profile {
    /// Of what kind of object it is.
    pub const fn kind(&self) -> MapObject {
        match self {
            Self::Provider(_) => MapObject::Provider,
            Self::Location(_) => MapObject::Location,
            Self::CareGroup(_) => MapObject::CareGroup,
            Self::Place(_) => MapObject::Place,
        }
    }
}
