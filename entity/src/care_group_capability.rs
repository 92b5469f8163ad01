//! What is known of the care that a group can give; no row: not known.

use crate::{id::CareGroupId, vocabulary::CareCapability};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "care_group_capability")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub care_group_id: CareGroupId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub capability: CareCapability,
    pub offered: bool,
}

impl ActiveModelBehavior for ActiveModel {}
