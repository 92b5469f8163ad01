//! The division of the regions into areas, for one year.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "demand_division")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    /// The number of families that the areas were grown for.
    pub planned_for: i32,
    /// The key of the noise on care forms, which is never shown.
    pub forms_key: i64,
}

impl ActiveModelBehavior for ActiveModel {}
