//! A zorgaanbieder.

use crate::{id::ProviderId, vocabulary::ProviderKind};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "provider")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderId,
    pub name: String,
    pub kind: ProviderKind,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub website: Option<String>,
    pub kvk_number: Option<String>,
    pub agb_code: Option<String>,
    pub fieldlab: bool,
    pub withdrawn_at: Option<DateTimeUtc>,
    pub version: i32,
    pub updated_at: DateTimeUtc,
    pub updated_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
