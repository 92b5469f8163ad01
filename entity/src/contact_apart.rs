//! Two entries that look alike and are not the same person; the lower id is first.

use crate::id::ContactId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_apart")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub first_id: ContactId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub second_id: ContactId,
    pub said_at: DateTimeUtc,
    pub said_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
