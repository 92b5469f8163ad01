//! A PC4: the four digits of a postcode, with the point that stands for it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "postcode")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub pc4: String,
    pub place_name: String,
    pub lat: f64,
    pub lng: f64,
    pub gemeente_code: String,
    /// False: post boxes or too new for the areas of Statistics Netherlands (CBS).
    pub cbs_area: bool,
    pub population: i32,
}

impl ActiveModelBehavior for ActiveModel {}
