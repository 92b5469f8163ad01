//! A change after which there may be room where there was none, written in the transaction of the change and gone once
//! it is matched with the saved searches.

use crate::id::{PlaceId, ProviderId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "opening")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub provider_id: ProviderId,
    /// The place; null: any of the provider's.
    pub place_id: Option<PlaceId>,
    /// What was there before.
    pub before: Json,
}

impl ActiveModelBehavior for ActiveModel {}
