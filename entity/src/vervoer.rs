//! One vervoer arrangement of a place (AEF 7.a).

use crate::id::{PlaceId, VervoerId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "vervoer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VervoerId,
    pub place_id: PlaceId,
    pub radius_km: Option<f64>,
    /// GeoJSON, as it is drawn.
    pub area_outline: Option<String>,
    /// The H3 cells of the area, eight bytes each: read as a whole, never asked by cell.
    pub area_cells: Option<Vec<u8>>,
    /// The trips that it makes, with their pick-up windows.
    pub trips: Option<Json>,
    pub bags_and_aids: Option<bool>,
    pub power_sockets: Option<bool>,
    pub nurse_aboard: Option<bool>,
    /// How many wheelchairs fit.
    pub wheelchairs: Option<i32>,
    pub oxygen: Option<bool>,
    pub medicine_fridge: Option<bool>,
    pub air_conditioning: Option<bool>,
    pub paid_by: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
