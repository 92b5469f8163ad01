//! The last record that was removed from the audit trail after its retention: the chain goes on from its hash.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_anchor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub seq: i64,
    pub hash: String,
    pub cut_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
