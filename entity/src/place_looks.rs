//! How often a place was shown to holders of a passport on a date; nothing of who they were.

use crate::id::PlaceId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "place_looks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: PlaceId,
    /// The Dutch date.
    #[sea_orm(primary_key, auto_increment = false)]
    pub date: Date,
    pub looks: i32,
}

impl ActiveModelBehavior for ActiveModel {}
