//! Demand as published for one quarter. Never changed.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "demand_publication")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub quarter: i32,
    pub published_at: DateTimeUtc,
    pub published_by: String,
    pub parameters: Json,
}

impl ActiveModelBehavior for ActiveModel {}
