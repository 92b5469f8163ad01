//! How holders of a passport sign in: the one-time code for a passport, and their sessions.

use crate::column::{drop_all, index, references};
use sea_orm_migration::{
    prelude::*,
    schema::{integer, string, string_len, string_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too, which is not the default.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("passport_activation")
                .col(uuid("passport_id").primary_key())
                .col(string("code_hash"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(integer("tries").check(Expr::cust("tries between 0 and 5")))
                .col(timestamp_with_time_zone_null("used_at"))
                .foreign_key(&mut references("passport_id", "passport", "id", true))
                .to_owned(),
            Table::create()
                .table("session")
                .col(uuid("id").primary_key())
                .col(uuid("passport_id"))
                .col(string_len("refresh_hash", 64))
                .col(string_null("client"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("used_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("ended_at"))
                .foreign_key(&mut references("passport_id", "passport", "id", true))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        manager.create_index(index("session", &["passport_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["session", "passport_activation"]).await
    }
}
