//! What is known of a facility at a location; no row: not known.

use crate::{id::LocationId, vocabulary::Facility};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "location_facility")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub location_id: LocationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub facility: Facility,
    pub present: bool,
}

impl ActiveModelBehavior for ActiveModel {}
