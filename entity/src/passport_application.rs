//! An application for a passport, also one that ended without.

use crate::{
    id::{ApplicationId, PassportId},
    vocabulary::PassportOutcome,
};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "passport_application")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApplicationId,
    pub applied_on: Date,
    pub decided_on: Option<Date>,
    pub outcome: Option<PassportOutcome>,
    /// The passport that was issued, or for a re-assessment the one that was assessed again.
    pub passport_id: Option<PassportId>,
    pub reassessment: bool,
    /// The two experts by role id, never by name; they differ.
    pub first_expert: Option<String>,
    pub second_expert: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
