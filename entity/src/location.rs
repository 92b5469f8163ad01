//! A building of a provider.

use crate::{
    id::{LocationId, ProviderId},
    vocabulary::LocationPrecision,
};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "location")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LocationId,
    pub provider_id: ProviderId,
    pub street: Option<String>,
    pub house_number: Option<String>,
    /// `1234AB`, or the PC4 alone where the rest is not known.
    pub postcode: String,
    pub pc4: String,
    pub city: String,
    pub gemeente_code: String,
    pub lat: f64,
    pub lng: f64,
    pub precision: LocationPrecision,
    /// The H3 cell of the exact point at `geo::cell::STORED_RESOLUTION`; the descendants of a coarser cell are one range.
    pub h3_cell: i64,
    pub withdrawn_at: Option<DateTimeUtc>,
    pub version: i32,
    pub updated_at: DateTimeUtc,
    pub updated_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
