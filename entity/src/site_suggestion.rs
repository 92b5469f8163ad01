//! A proposal where places would help: asked for, worked on, answered.

use crate::{id::SuggestionId, vocabulary::JobState};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "site_suggestion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SuggestionId,
    pub asked_by: String,
    pub asked: Json,
    pub state: JobState,
    /// 0 to 1.
    pub progress: f64,
    pub answer: Option<Json>,
    pub asked_at: DateTimeUtc,
    /// When its process last said that it works on it.
    pub seen_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
