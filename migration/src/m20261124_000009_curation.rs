//! How the contactenbestand is kept: what changed in an entry, what providers propose, what was erased.

use crate::column::{drop_all, index, one_of, references};
use sea_orm_migration::{
    prelude::*,
    schema::{
        date, date_null, integer, integer_null, json, string, string_len_null, string_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid, uuid_null,
    },
    sea_orm::{ConnectionTrait, DbBackend},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The new columns of `contact`, one by one as `SQLite` wants it. The version before does not know them and still works:
/// what it adds is due for verification at once.
fn columns() -> Vec<ColumnDef> {
    vec![
        string_len_null("external_id", 100),
        date("due_on").default("1970-01-01").to_owned(),
        date_null("withdrawn_on"),
        string_len_null("withdrawal_reason", 40),
        uuid_null("merged_into"),
    ]
}

fn change() -> TableCreateStatement {
    Table::create()
        .table("contact_change")
        .col(uuid("contact_id"))
        .col(integer("version"))
        .col(one_of(
            "action",
            &["CREATE", "EDIT", "PUBLISH", "WITHDRAW", "VERIFY", "MERGE", "UNDO", "ACCEPT", "IMPORT"],
        ))
        .col(json("fields"))
        .col(timestamp_with_time_zone("changed_at"))
        .col(string("changed_by"))
        .primary_key(Index::create().col("contact_id").col("version"))
        .foreign_key(&mut references("contact_id", "contact", "id", true))
        .to_owned()
}

fn proposal() -> TableCreateStatement {
    Table::create()
        .table("contact_proposal")
        .col(uuid("id").primary_key())
        .col(uuid("provider_id"))
        .col(uuid_null("contact_id"))
        .col(integer_null("base_version"))
        .col(json("fields"))
        .col(string_null("note"))
        .col(one_of("status", &["OPEN", "ACCEPTED", "REJECTED"]))
        .col(string_null("reason"))
        .col(timestamp_with_time_zone("proposed_at"))
        .col(string("proposed_by"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(string_null("decided_by"))
        .foreign_key(&mut references("provider_id", "provider", "id", false))
        .foreign_key(&mut references("contact_id", "contact", "id", true))
        .to_owned()
}

fn apart() -> TableCreateStatement {
    Table::create()
        .table("contact_apart")
        .col(uuid("first_id"))
        .col(uuid("second_id"))
        .col(timestamp_with_time_zone("said_at"))
        .col(string("said_by"))
        .primary_key(Index::create().col("first_id").col("second_id"))
        .foreign_key(&mut references("first_id", "contact", "id", true))
        .foreign_key(&mut references("second_id", "contact", "id", true))
        .to_owned()
}

fn erasure() -> TableCreateStatement {
    Table::create()
        .table("contact_erasure")
        .col(uuid("contact_id").primary_key())
        .col(date_null("consent_on"))
        .col(date_null("withdrawn_on"))
        .col(timestamp_with_time_zone("erased_at"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too, which is not the default.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(Table::alter().table("contact").add_column(column).to_owned()).await?;
        }
        for table in [change(), proposal(), apart(), erasure()] {
            manager.create_table(table).await?;
        }
        let external =
            Index::create().name("ux_contact_external_id").table("contact").col("external_id").unique().to_owned();
        for index in [
            external,
            index("contact", &["due_on"]),
            index("contact", &["merged_into"]),
            index("contact_proposal", &["status", "proposed_at"]),
            index("contact_proposal", &["contact_id"]),
            index("contact_proposal", &["provider_id"]),
            index("contact_apart", &["second_id"]),
        ] {
            manager.create_index(index).await?;
        }
        // What was verified is due a year later.
        let connection = manager.get_connection();
        let known = match connection.get_database_backend() {
            DbBackend::Postgres => {
                "update contact set due_on = (verified_at at time zone 'Europe/Amsterdam' + interval '12 months')::date \
                 where verified_at is not null"
            }
            _ => "update contact set due_on = date(verified_at, '+12 months') where verified_at is not null",
        };
        connection.execute_unprepared(known).await?;
        // Nobody has kept why: so only a new consent brings them back, and their time until erasure begins now.
        let day = match connection.get_database_backend() {
            DbBackend::Postgres => "current_date",
            _ => "date('now')",
        };
        let withdrawn = format!(
            "update contact set withdrawn_on = {day}, withdrawal_reason = 'CONSENT_WITHDRAWN' where status = 'WITHDRAWN'"
        );
        connection.execute_unprepared(&withdrawn).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["contact_erasure", "contact_apart", "contact_proposal", "contact_change"]).await?;
        for name in ["ux_contact_external_id", "ix_contact_due_on", "ix_contact_merged_into"] {
            manager.drop_index(Index::drop().name(name).table("contact").to_owned()).await?;
        }
        for column in columns() {
            let column = Alias::new(column.get_column_name());
            manager.alter_table(Table::alter().table("contact").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
