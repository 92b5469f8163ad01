//! What keeps the service honest: the change feed, the audit trail and the idempotency keys.

use crate::column::{drop_all, index};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_pk_auto, integer, json, string, string_len, string_null, timestamp_with_time_zone, uuid,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn audit_event() -> TableCreateStatement {
    Table::create()
        .table("audit_event")
        .col(big_integer("seq").primary_key())
        .col(uuid("id").unique_key())
        .col(timestamp_with_time_zone("occurred_at"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(string("event_type").check(Expr::cust(
            "event_type in ('read', 'search', 'create', 'update', 'delete', 'export', 'login', 'denied')",
        )))
        .col(string("outcome").check(Expr::cust("outcome in ('success', 'failure')")))
        .col(string_null("reason_code"))
        .col(string("actor"))
        .col(string("actor_role"))
        .col(string_null("actor_organisation"))
        .col(string_null("on_behalf_of"))
        .col(string("auth_method"))
        .col(string_null("token_hash"))
        .col(string("replica"))
        .col(string_null("client"))
        .col(string_null("address"))
        .col(string_null("operation_name"))
        .col(string_null("document_hash"))
        .col(string("purpose"))
        .col(json("objects"))
        .col(integer("result_count").check(Expr::cust("result_count >= 0")))
        .col(string_null("request_id"))
        .col(string_len("prev_hash", 64))
        .col(string_len("hash", 64))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too, which is not the default.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("change")
                .col(big_pk_auto("seq"))
                .col(string("entity"))
                .col(string("entity_id"))
                .col(timestamp_with_time_zone("occurred_at"))
                .to_owned(),
            audit_event(),
            Table::create()
                .table("audit_head")
                .col(integer("id").primary_key().check(Expr::cust("id = 1")))
                .col(big_integer("seq"))
                .col(string_len("hash", 64))
                .to_owned(),
            Table::create()
                .table("idempotency_key")
                .col(string("subject"))
                .col(string("key"))
                .col(string_len("body_hash", 64))
                .col(json("response"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .primary_key(Index::create().col("subject").col("key"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        // The head is part of the schema, not data: a chain of no events ends in 64 zeros.
        manager
            .exec_stmt(
                Query::insert()
                    .into_table("audit_head")
                    .columns(["id", "seq", "hash"])
                    .values_panic([1.into(), 0_i64.into(), "0".repeat(64).into()])
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("audit_event", &["occurred_at"])).await?;
        manager.create_index(index("idempotency_key", &["expires_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["idempotency_key", "audit_head", "audit_event", "change"]).await
    }
}
