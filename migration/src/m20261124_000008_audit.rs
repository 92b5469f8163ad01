//! Finding what was recorded of somebody, and where a trail begins whose oldest months were removed.

use crate::column::{drop_all, index};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string, string_len, timestamp_with_time_zone},
    sea_orm::{ConnectionTrait, DbBackend},
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
                .table("audit_object")
                .col(string("object_type"))
                .col(string("object_id"))
                .col(big_integer("seq"))
                .primary_key(Index::create().col("object_type").col("object_id").col("seq"))
                .to_owned(),
            Table::create()
                .table("audit_anchor")
                .col(integer("id").primary_key().check(Expr::cust("id = 1")))
                .col(big_integer("seq"))
                .col(string_len("hash", 64))
                .col(timestamp_with_time_zone("cut_at"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        manager.create_index(index("audit_object", &["seq"])).await?;
        // What was recorded before this table was there.
        let connection = manager.get_connection();
        let known = match connection.get_database_backend() {
            DbBackend::Postgres => {
                "insert into audit_object (object_type, object_id, seq) select distinct o ->> 'type', o ->> 'id', seq \
                 from audit_event, jsonb_array_elements(objects::jsonb) as o"
            }
            _ => {
                "insert into audit_object (object_type, object_id, seq) \
                 select distinct o.value ->> 'type', o.value ->> 'id', seq from audit_event, json_each(objects) as o"
            }
        };
        connection.execute_unprepared(known).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["audit_anchor", "audit_object"]).await
    }
}
