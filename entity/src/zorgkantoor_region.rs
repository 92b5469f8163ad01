//! A zorgkantoorregio.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "zorgkantoor_region")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub name: String,
    pub concession_holder: String,
    pub valid_from: Date,
    /// The last valid day; null: until further notice.
    pub valid_to: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
