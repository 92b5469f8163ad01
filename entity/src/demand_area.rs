//! A contiguous area inside one zorgkantoorregio, in the division of one year.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "demand_area")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub year: i32,
    pub region_code: String,
}

impl ActiveModelBehavior for ActiveModel {}
