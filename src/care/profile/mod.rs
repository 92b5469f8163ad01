//! What people state of the objects of the map: providers, their locations, the groups in them and the places of those.
//!
//! What a profile serializes to has the codes of `MapField` as keys. So an edit, what waits for review, and the history are
//! made of the same list of fields with what they held before and after.

pub mod moment;
pub mod stated;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use self::stated::{Refusal, StatedError, Statement};
use super::{
    id::{CareGroupId, LocationId, PlaceId, ProviderId},
    reference::Postcode,
    vocabulary::{
        CareCapability, CareForm, Facility, Homogeneity, Leveringsvorm, LocationPrecision, MapField, MapObject,
        ProviderKind,
    },
};
use crate::geo::{Point, distance::distance_km};

/// How far a building may be from the point of its postcode, km: as far as the widest Dutch postcode reaches.
const POSTCODE_REACH_KM: f64 = 10.0;

/// The care of `CareCapability` that is night care (AEF 5.a).
const NIGHT_CARE: [CareCapability; 3] =
    [CareCapability::WakendeNachtzorg, CareCapability::SlapendeNachtzorg, CareCapability::Uitluistersysteem];

/// An object of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Object {
    /// A provider.
    Provider(ProviderId),
    /// A location of a provider.
    Location(LocationId),
    /// A group in a location.
    CareGroup(CareGroupId),
    /// A place of a group.
    Place(PlaceId),
}

impl Object {
    /// The object of a kind with an id.
    pub const fn of(kind: MapObject, id: Uuid) -> Self {
        match kind {
            MapObject::Provider => Self::Provider(ProviderId(id)),
            MapObject::Location => Self::Location(LocationId(id)),
            MapObject::CareGroup => Self::CareGroup(CareGroupId(id)),
            MapObject::Place => Self::Place(PlaceId(id)),
        }
    }

    /// What kind of object it is.
    pub const fn kind(self) -> MapObject {
        match self {
            Self::Provider(_) => MapObject::Provider,
            Self::Location(_) => MapObject::Location,
            Self::CareGroup(_) => MapObject::CareGroup,
            Self::Place(_) => MapObject::Place,
        }
    }

    /// Its id.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Provider(id) => id.0,
            Self::Location(id) => id.0,
            Self::CareGroup(id) => id.0,
            Self::Place(id) => id.0,
        }
    }

    /// What hangs on it: a location on a provider, a group on a location, a place on a group; none: nothing.
    pub const fn child(self) -> Option<MapObject> {
        match self {
            Self::Provider(_) => Some(MapObject::Location),
            Self::Location(_) => Some(MapObject::CareGroup),
            Self::CareGroup(_) => Some(MapObject::Place),
            Self::Place(_) => None,
        }
    }
}

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

/// A field that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Which.
    pub field: MapField,
    /// What it held; null: nothing.
    pub from: Value,
    /// What it holds.
    pub to: Value,
}

/// Whether a value says nothing.
pub fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// The fields that people state of an object of a kind.
pub const fn fields(kind: MapObject) -> &'static [MapField] {
    use MapField as F;
    match kind {
        MapObject::Provider => {
            &[F::Name, F::Kind, F::Phone, F::Email, F::Website, F::KvkNumber, F::AgbCode, F::Fieldlab]
        }
        MapObject::Location => {
            &[F::Street, F::HouseNumber, F::Postcode, F::City, F::Gemeente, F::Point, F::Precision, F::Facilities]
        }
        MapObject::CareGroup => &[
            F::Name,
            F::Homogeneity,
            F::Size,
            F::StaffPerTen,
            F::Nurses,
            F::ChallengingBehaviourExcluded,
            F::Capabilities,
            F::NightCare,
        ],
        MapObject::Place => {
            &[F::Name, F::CareForm, F::Capacity, F::Phone, F::Email, F::MinAge, F::MaxAge, F::Leveringsvormen]
        }
    }
}

/// Those of [`fields`] that every object of the kind has.
const fn needed(kind: MapObject) -> &'static [MapField] {
    use MapField as F;
    match kind {
        MapObject::Provider => &[F::Name, F::Kind],
        MapObject::Location => &[F::Postcode, F::City, F::Gemeente, F::Point, F::Precision],
        MapObject::CareGroup => &[F::Name, F::Homogeneity, F::Size],
        MapObject::Place => &[F::Name, F::CareForm, F::Capacity],
    }
}

/// Whether parents rely on a field so much that what a provider changes in it waits for the kenniscentrum: the address, the
/// care form, homogeneity, staffing, nurses and night care.
pub const fn waits(field: MapField) -> bool {
    use MapField as F;
    matches!(
        field,
        F::Street
            | F::HouseNumber
            | F::Postcode
            | F::City
            | F::Gemeente
            | F::Point
            | F::Precision
            | F::CareForm
            | F::Homogeneity
            | F::StaffPerTen
            | F::Nurses
            | F::NightCare
    )
}

/// Whether a capability is night care.
pub fn is_night_care(capability: CareCapability) -> bool {
    NIGHT_CARE.contains(&capability)
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

    /// What it holds, by the codes of its fields.
    fn values(&self) -> Map<String, Value> {
        let values = match self {
            Self::Provider(profile) => serde_json::to_value(profile),
            Self::Location(profile) => serde_json::to_value(profile),
            Self::CareGroup(profile) => serde_json::to_value(profile),
            Self::Place(profile) => serde_json::to_value(profile),
        };
        match values {
            Ok(Value::Object(values)) => values,
            // Every profile is an object.
            _ => Map::new(),
        }
    }

    /// The profile of a kind with these values.
    fn of(kind: MapObject, values: Map<String, Value>) -> Result<Self, serde_json::Error> {
        let values = Value::Object(values);
        Ok(match kind {
            MapObject::Provider => Self::Provider(serde_json::from_value(values)?),
            MapObject::Location => Self::Location(serde_json::from_value(values)?),
            MapObject::CareGroup => Self::CareGroup(serde_json::from_value(values)?),
            MapObject::Place => Self::Place(serde_json::from_value(values)?),
        })
    }

    /// What a field holds; null: nothing.
    pub fn value(&self, field: MapField) -> Value {
        self.values().remove(field.code()).unwrap_or_default()
    }

    /// The fields in which `next` differs, in the order of [`fields`]; of what was not there before, all that it states.
    pub fn differences(before: Option<&Self>, next: &Self) -> Vec<Difference> {
        let (mut held, mut holds) = (before.map(Self::values).unwrap_or_default(), next.values());
        let both = fields(next.kind()).iter().map(|field| Difference {
            field: *field,
            from: held.remove(field.code()).unwrap_or_default(),
            to: holds.remove(field.code()).unwrap_or_default(),
        });
        both.filter(|one| one.from != one.to && !(is_nothing(&one.from) && is_nothing(&one.to))).collect()
    }

    /// The profile with other values in some fields.
    ///
    /// # Errors
    /// When a field cannot hold such a value.
    pub fn with(&self, changed: impl IntoIterator<Item = (MapField, Value)>) -> Result<Self, serde_json::Error> {
        let mut values = self.values();
        values.extend(changed.into_iter().map(|(field, value)| (field.code().to_owned(), value)));
        Self::of(self.kind(), values)
    }

    /// What an object is once `statement` is made of it; `before` is what it was, none: it is new. `area` is the postcode that
    /// a location lies in from then on, and gives the point and the gemeente that are not stated of another one.
    ///
    /// # Errors
    /// When it cannot be, with the field to blame.
    pub fn stated(
        kind: MapObject,
        before: Option<&Self>,
        statement: &Statement,
        area: Option<&Postcode>,
    ) -> Result<Self, Refusal> {
        let mut values = before.map(Self::values).unwrap_or_default();
        let moves = |area: &Postcode| {
            let held = values.get(MapField::Postcode.code()).and_then(Value::as_str);
            !held.is_some_and(|held| held.starts_with(&area.pc4.to_string()))
        };
        if let Some(area) = area.filter(|area| moves(area)) {
            values.insert(MapField::Point.code().into(), json!(Coordinates::from(area.point)));
            values.insert(MapField::Gemeente.code().into(), json!(area.gemeente_code));
        }
        for (field, value) in &statement.0 {
            if !fields(kind).contains(field) {
                return Err(Refusal(*field, StatedError::Foreign));
            }
            match (value, values.get_mut(field.code())) {
                // Of a list of facts only those that are named change.
                (Value::Object(said), Some(Value::Object(held))) if *field != MapField::Point => {
                    held.extend(said.clone());
                    held.retain(|_, fact| !fact.is_null());
                }
                (Value::Object(said), _) => {
                    let known = said.iter().filter(|(_, fact)| !fact.is_null());
                    let known: Map<_, _> = known.map(|(name, fact)| (name.clone(), fact.clone())).collect();
                    values.insert(field.code().into(), Value::Object(known));
                }
                _ => {
                    values.insert(field.code().into(), value.clone());
                }
            }
        }
        let missing = |field: &&MapField| values.get(field.code()).is_none_or(Value::is_null);
        if let Some(field) = needed(kind).iter().find(missing) {
            return Err(Refusal(*field, StatedError::Missing));
        }
        let next = Self::of(kind, values).map_err(|_| Refusal(MapField::Name, StatedError::Value))?;
        next.holds_together(area)?;
        Ok(next)
    }

    /// Whether the fields fit each other.
    fn holds_together(&self, area: Option<&Postcode>) -> Result<(), Refusal> {
        match (self, area) {
            (Self::Place(place), _) if place.min_age.zip(place.max_age).is_some_and(|(least, most)| least > most) => {
                Err(Refusal(MapField::MaxAge, StatedError::Ages))
            }
            (Self::Location(location), Some(area)) => {
                let point = Point::new(location.point.lat, location.point.lng);
                let point = point.map_err(|_| Refusal(MapField::Point, StatedError::Point))?;
                let apart = distance_km(point, area.point);
                if apart > POSTCODE_REACH_KM {
                    return Err(Refusal(MapField::Point, StatedError::Apart { km: apart.round() }));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
