//! The change feed: one row per changed thing, written in the transaction of the change.

use crate::{id::ProviderId, vocabulary::ChangeKind};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// What kind of thing changed.
    pub entity: ChangeKind,
    /// Its id; empty where it is about all of them.
    pub entity_id: String,
    pub occurred_at: DateTimeUtc,
    /// Whose part of the map is to be read again.
    pub provider_id: Option<ProviderId>,
    /// PostgreSQL: the transaction that wrote the row, by the column's default.
    pub xid: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
