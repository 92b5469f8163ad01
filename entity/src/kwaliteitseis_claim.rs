//! What one source says of a kwaliteitseis at a place.

use crate::{
    id::PlaceId,
    vocabulary::{ClaimSource, ClaimStatus},
};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kwaliteitseis_claim")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: PlaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: ClaimSource,
    pub status: ClaimStatus,
    pub explanation: Option<String>,
    pub assessed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
