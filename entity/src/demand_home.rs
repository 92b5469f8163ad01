//! A postcode, as the division of one year has it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "demand_home")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub pc4: String,
    /// The H3 cell of resolution 7 of its point.
    pub cell: i64,
    /// The H3 cell of resolution 6 in which its families count.
    pub within: i64,
    pub inhabitants: i32,
}

impl ActiveModelBehavior for ActiveModel {}
