//! What is left of an entry that was erased: proof of consent and of erasure, without who it was.

use crate::id::ContactId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_erasure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    pub consent_on: Option<Date>,
    pub withdrawn_on: Option<Date>,
    pub erased_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
