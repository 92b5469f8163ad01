//! The key by which a passport moves the noise of what is counted with it. Never shown.

use crate::id::PassportId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "passport_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub passport_id: PassportId,
    pub noise_key: i64,
}

impl ActiveModelBehavior for ActiveModel {}
