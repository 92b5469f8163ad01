//! Which fields an object of the map has, which of them wait for review, and what fits together.

use serde_json::{Map, Value, json};

use super::{
    Coordinates, Profile,
    stated::{Refusal, StatedError, Statement},
};
use crate::{
    care::{
        reference::Postcode,
        vocabulary::{CareCapability, MapField, MapObject},
    },
    geo::{Point, distance::distance_km},
};

/// How far a building may be from the point of its postcode, km: as far as the widest Dutch postcode reaches.
const POSTCODE_REACH_KM: f64 = 10.0;

/// The care of `CareCapability` that is night care (AEF 5.a).
const NIGHT_CARE: [CareCapability; 3] =
    [CareCapability::WakendeNachtzorg, CareCapability::SlapendeNachtzorg, CareCapability::Uitluistersysteem];

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
