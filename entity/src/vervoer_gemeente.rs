//! A gemeente that a vervoer arrangement reaches.

use crate::id::VervoerId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "vervoer_gemeente")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub vervoer_id: VervoerId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub gemeente_code: String,
}

impl ActiveModelBehavior for ActiveModel {}
