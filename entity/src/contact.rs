//! An entry of the contactenbestand: somebody who knows ZEVMB.

use crate::{
    id::{ContactId, LocationId, ProviderId},
    vocabulary::{ContactStatus, OrganisationKind, WithdrawalReason},
};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    /// How another register knows it; unique.
    #[sea_orm(unique)]
    pub external_id: Option<String>,
    pub name: String,
    pub function: Option<String>,
    pub organisation: String,
    pub organisation_kind: OrganisationKind,
    pub provider_id: Option<ProviderId>,
    /// Where the person works, if that is a location on the map.
    pub location_id: Option<LocationId>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub work_pc4: Option<String>,
    pub work_city: Option<String>,
    pub status: ContactStatus,
    pub consent_on: Option<Date>,
    pub consent_source: Option<String>,
    pub verified_at: Option<DateTimeUtc>,
    /// When it has to be verified again.
    pub due_on: Date,
    pub withdrawn_on: Option<Date>,
    pub withdrawal_reason: Option<WithdrawalReason>,
    /// The entry of the same person that goes on.
    pub merged_into: Option<ContactId>,
    pub version: i32,
    pub updated_at: DateTimeUtc,
    pub updated_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
