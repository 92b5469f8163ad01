//! What on the map people edit, by its id.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::care::{
    id::{CareGroupId, LocationId, PlaceId, ProviderId},
    vocabulary::MapObject,
};

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
