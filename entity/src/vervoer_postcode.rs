//! A PC4 that a vervoer arrangement reaches.

use crate::id::VervoerId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "vervoer_postcode")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub vervoer_id: VervoerId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub pc4: String,
}

impl ActiveModelBehavior for ActiveModel {}
