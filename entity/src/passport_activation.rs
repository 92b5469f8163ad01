//! The one-time code with which a passport is activated, hashed; one per passport, the latest.

use crate::id::PassportId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "passport_activation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub passport_id: PassportId,
    /// Argon2id in the PHC string format.
    pub code_hash: String,
    pub expires_at: DateTimeUtc,
    /// How often somebody has tried.
    pub tries: i32,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
