//! The change feed says whose part of the map is to be read again, and, on PostgreSQL, in which transaction a change was
//! written: transactions commit in another order than they take numbers, so a reader that goes by numbers alone would
//! miss some.

use crate::column::index;
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, uuid_null},
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
        // A column at a time: SQLite adds no more.
        for column in [uuid_null("provider_id"), big_integer_null("xid")] {
            manager.alter_table(Table::alter().table("change").add_column(column).to_owned()).await?;
        }
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            // xid8, and not xid, which begins anew after four thousand million; a number, since sea-query has no xid8. The
            // time is the server's: by that of some replica, which may be wrong, nothing is ever forgotten.
            connection
                .execute_unprepared(
                    "alter table change alter column xid set default (pg_current_xact_id()::text::bigint), \
                     alter column occurred_at set default now()",
                )
                .await?;
            manager.create_index(index("change", &["xid"])).await?;
        }
        manager.create_index(index("change", &["occurred_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("ix_change_occurred_at").table("change").to_owned()).await?;
        if manager.get_connection().get_database_backend() == DbBackend::Postgres {
            manager.drop_index(Index::drop().name("ix_change_xid").table("change").to_owned()).await?;
        }
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared("alter table change alter column occurred_at drop default").await?;
        }
        for column in ["xid", "provider_id"] {
            manager.alter_table(Table::alter().table("change").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
