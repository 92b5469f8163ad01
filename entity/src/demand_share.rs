//! The share of families that seek a care form, in a region or in the country (`NL`), for one year.

use crate::vocabulary::CareForm;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "demand_share")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub territory: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub care_form: CareForm,
    /// Null: too few to say.
    pub percent: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
