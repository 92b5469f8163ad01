//! A change of the map that a provider proposes, and that waits for the kenniscentrum.

use crate::{
    id::{ProviderId, ReviewId},
    vocabulary::{MapObject, ReviewStatus},
};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "review")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReviewId,
    pub provider_id: ProviderId,
    pub object_type: MapObject,
    /// The object; of a new one the id that it gets when it is accepted.
    pub object_id: Uuid,
    /// What a new object hangs on; null: the object is there.
    pub parent_id: Option<Uuid>,
    /// Where the object is, or would be.
    pub gemeente_code: String,
    /// A JSON array of `{field, from, to}`.
    pub fields: Json,
    pub note: Option<String>,
    pub status: ReviewStatus,
    pub reason: Option<String>,
    pub proposed_at: DateTimeUtc,
    pub proposed_by: String,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<String>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
