//! A run of dates with the same number of free spots; dates in no run are not stated.

use crate::{id::PlaceId, vocabulary::Slot};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "availability")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: PlaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slot: Slot,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_date: Date,
    /// The last date of the run.
    pub to_date: Date,
    pub free: i32,
    pub stated_at: DateTimeUtc,
    pub stated_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
