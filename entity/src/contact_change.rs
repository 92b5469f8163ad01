//! What changed in an entry of the contactenbestand with one of its versions.

use crate::{id::ContactId, vocabulary::ContactAction};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    /// The version that this made.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub action: ContactAction,
    /// A JSON array of `{field, from, to}`.
    pub fields: Json,
    pub changed_at: DateTimeUtc,
    pub changed_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
