//! How a place is paid for; no row at all: not known.

use crate::{id::PlaceId, vocabulary::Leveringsvorm};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "place_leveringsvorm")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: PlaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub leveringsvorm: Leveringsvorm,
}

impl ActiveModelBehavior for ActiveModel {}
