//! What a passport holder waits for. Never changed: another search is another row.

use crate::id::{PassportId, SavedSearchId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_search")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    #[sea_orm(unique)]
    pub id: SavedSearchId,
    pub passport_id: PassportId,
    pub radius_km: Option<f64>,
    /// The filter as it was asked.
    pub asked: Json,
    /// The search as it is matched.
    pub watch: Json,
    pub saved_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
