//! What a passport opens: an afspraak or a regeling.

use crate::vocabulary::AgreementKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "passport_agreement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub title: String,
    pub organisation: String,
    pub description: String,
    pub since: Option<Date>,
    pub kind: AgreementKind,
}

impl ActiveModelBehavior for ActiveModel {}
