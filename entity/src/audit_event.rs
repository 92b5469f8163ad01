//! The audit trail: who read or changed what is protected (SECURITY, "Audit record").

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    #[sea_orm(unique)]
    pub id: Uuid,
    pub occurred_at: DateTimeUtc,
    pub recorded_at: DateTimeUtc,
    pub event_type: String,
    pub outcome: String,
    pub reason_code: Option<String>,
    pub actor: String,
    pub actor_role: String,
    pub actor_organisation: Option<String>,
    pub on_behalf_of: Option<String>,
    pub auth_method: String,
    pub token_hash: Option<String>,
    pub replica: String,
    pub client: Option<String>,
    pub address: Option<String>,
    pub operation_name: Option<String>,
    pub document_hash: Option<String>,
    pub purpose: String,
    /// A JSON array of `{type, id, subject, fields}`.
    pub objects: Json,
    pub result_count: i32,
    pub request_id: Option<String>,
    pub prev_hash: String,
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
