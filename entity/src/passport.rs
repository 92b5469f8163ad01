//! A ZEVMB-paspoort, pseudonymous: no name, no birth date, no diagnosis.

use crate::{id::PassportId, vocabulary::PassportOutcome};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "passport")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PassportId,
    pub number: String,
    pub outcome: PassportOutcome,
    pub valid_from: Date,
    /// The last valid day; null: for life.
    pub valid_until: Option<Date>,
    pub home_pc4: String,
    pub birth_year: i32,
    pub revoked_at: Option<DateTimeUtc>,
    pub revoked_reason: Option<String>,
    /// The passport that this one follows, after a re-assessment or a lost card.
    pub replaces_id: Option<PassportId>,
    /// True for the new card of a lost one, which is no new passport in the statistics.
    pub reissue: bool,
    pub version: i32,
    pub updated_at: DateTimeUtc,
    pub updated_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
