//! How another register knows something on the map.

use crate::vocabulary::MapObject;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "external_id")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: MapObject,
    /// The provider within which the id is unique; nil for providers, which are unique among each other.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub external_id: String,
    /// The id of the provider, location, group or place.
    pub object_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
