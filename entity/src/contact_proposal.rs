//! What a provider proposes to change in the contactenbestand.

use crate::{
    id::{ContactId, ProposalId, ProviderId},
    vocabulary::ProposalStatus,
};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProposalId,
    pub provider_id: ProviderId,
    /// The entry; null: a new one, until it is accepted.
    pub contact_id: Option<ContactId>,
    /// The version that the provider had seen.
    pub base_version: Option<i32>,
    /// A JSON array of `{field, from, to}`.
    pub fields: Json,
    pub note: Option<String>,
    pub status: ProposalStatus,
    pub reason: Option<String>,
    pub proposed_at: DateTimeUtc,
    pub proposed_by: String,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
