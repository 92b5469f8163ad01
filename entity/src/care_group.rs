//! A group in a building.

use crate::{
    id::{CareGroupId, LocationId},
    vocabulary::Homogeneity,
};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "care_group")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CareGroupId,
    pub location_id: LocationId,
    pub name: String,
    pub homogeneity: Homogeneity,
    pub size: i32,
    /// Staff per ten clients (AEF 3.b).
    pub staff_per_ten: Option<f64>,
    pub nurses: Option<i32>,
    pub challenging_behaviour_excluded: Option<bool>,
    pub withdrawn_at: Option<DateTimeUtc>,
    pub version: i32,
    pub updated_at: DateTimeUtc,
    pub updated_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
