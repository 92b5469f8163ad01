//! A device on which the holder of a passport is signed in.

use crate::id::{PassportId, SessionId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub passport_id: PassportId,
    /// SHA-256 of the refresh token that is good now.
    pub refresh_hash: String,
    /// The client program, as it calls itself.
    pub client: Option<String>,
    pub created_at: DateTimeUtc,
    pub used_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
