//! One care form offered by a group.

use crate::{
    id::{CareGroupId, PlaceId},
    vocabulary::CareForm,
};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "place")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlaceId,
    pub care_group_id: CareGroupId,
    pub name: String,
    pub care_form: CareForm,
    pub capacity: i32,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub min_age: Option<i32>,
    pub max_age: Option<i32>,
    pub waiting_list_length: Option<i32>,
    pub waiting_list_weeks: Option<i32>,
    /// Null: no waiting list is stated.
    pub waiting_list_updated_at: Option<DateTimeUtc>,
    /// False: nothing is known of vervoer; true without rows in `vervoer`: there is none.
    pub vervoer_known: bool,
    /// When the provider last said that what it states of this place is true.
    pub confirmed_at: Option<DateTimeUtc>,
    pub withdrawn_at: Option<DateTimeUtc>,
    pub version: i32,
    pub updated_at: DateTimeUtc,
    pub updated_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
