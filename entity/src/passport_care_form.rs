//! A care form that the holder of a passport seeks.

use crate::{id::PassportId, vocabulary::CareForm};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "passport_care_form")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub passport_id: PassportId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub care_form: CareForm,
}

impl ActiveModelBehavior for ActiveModel {}
