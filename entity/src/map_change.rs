//! A field of the map that changed.

use crate::{
    id::{MapChangeId, ProviderId},
    vocabulary::{MapField, MapObject},
};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "map_change")]
pub struct Model {
    /// In the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MapChangeId,
    pub object_type: MapObject,
    pub object_id: Uuid,
    pub provider_id: ProviderId,
    /// The version of the object that this made.
    pub version: i32,
    pub field: MapField,
    /// What it held; JSON null: nothing.
    pub from_value: Json,
    pub to_value: Json,
    pub changed_at: DateTimeUtc,
    pub changed_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
