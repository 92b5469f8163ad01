//! Whether the holder of a passport agrees with what is claimed of a kwaliteitseis at a place.

use crate::{
    id::{PassportId, PlaceId},
    vocabulary::{ClaimSource, ClaimStatus},
};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "claim_voice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub passport_id: PassportId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: PlaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: ClaimSource,
    /// What was claimed when this was said: of another status it says nothing.
    pub status: ClaimStatus,
    pub agrees: bool,
}

impl ActiveModelBehavior for ActiveModel {}
