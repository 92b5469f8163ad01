//! That a place opened for a saved search. Numbers are given in the order of commit, by whoever holds `alert_head`.

use crate::id::PlaceId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "alert")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub search_seq: i64,
    pub place_id: PlaceId,
    pub distance_km: f64,
    pub opened_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
