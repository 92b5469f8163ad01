//! An H3 cell of resolution 6, in the division of one year.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "demand_cell")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub cell: i64,
    pub region_code: String,
    /// Null: its region is suppressed.
    pub area_code: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
