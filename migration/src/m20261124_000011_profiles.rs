//! How providers keep the map: what changed on it, what waits for the kenniscentrum, and what parents say of claims.

use crate::column::{drop_all, index, one_of, references};
use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, integer, json, string, string_len, string_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

const OBJECTS: &[&str] = &["PROVIDER", "LOCATION", "CARE_GROUP", "PLACE"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn change() -> TableCreateStatement {
    Table::create()
        .table("map_change")
        .col(uuid("id").primary_key())
        .col(one_of("object_type", OBJECTS))
        .col(uuid("object_id"))
        .col(uuid("provider_id"))
        .col(integer("version"))
        // Open, so that a later version can keep more of it.
        .col(string_len("field", 40))
        .col(json("from_value"))
        .col(json("to_value"))
        .col(timestamp_with_time_zone("changed_at"))
        .col(string("changed_by"))
        .foreign_key(&mut references("provider_id", "provider", "id", false))
        .to_owned()
}

fn review() -> TableCreateStatement {
    Table::create()
        .table("review")
        .col(uuid("id").primary_key())
        .col(uuid("provider_id"))
        .col(one_of("object_type", OBJECTS))
        .col(uuid("object_id"))
        .col(uuid_null("parent_id"))
        .col(string_len("gemeente_code", 6))
        .col(json("fields"))
        .col(string_null("note"))
        .col(one_of("status", &["WAITING", "ASKED_BACK", "ACCEPTED", "REJECTED", "TAKEN_BACK"]))
        .col(string_null("reason"))
        .col(timestamp_with_time_zone("proposed_at"))
        .col(string("proposed_by"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(string_null("decided_by"))
        .col(integer("version").default(1).check(Expr::col("version").gte(1)))
        .foreign_key(&mut references("provider_id", "provider", "id", false))
        .foreign_key(&mut references("gemeente_code", "gemeente", "code", false))
        .to_owned()
}

fn voice() -> TableCreateStatement {
    Table::create()
        .table("claim_voice")
        .col(uuid("passport_id"))
        .col(uuid("place_id"))
        .col(string_len("code", 8))
        .col(one_of("source", &["PROVIDER", "PARENTS", "KENNISCENTRUM"]))
        .col(one_of("status", &["MET", "PARTLY_MET", "NOT_MET", "UNKNOWN"]))
        .col(boolean("agrees"))
        .primary_key(Index::create().col("passport_id").col("place_id").col("code").col("source"))
        .foreign_key(&mut references("passport_id", "passport", "id", true))
        .foreign_key(&mut references("place_id", "place", "id", true))
        .foreign_key(&mut references("code", "kwaliteitseis", "code", false))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too, which is not the default.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [change(), review(), voice()] {
            manager.create_table(table).await?;
        }
        for index in [
            index("map_change", &["object_id"]),
            index("map_change", &["provider_id"]),
            index("review", &["status"]),
            index("review", &["provider_id"]),
            index("review", &["object_id"]),
            index("review", &["gemeente_code"]),
            index("claim_voice", &["place_id"]),
            index("claim_voice", &["code"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["claim_voice", "review", "map_change"]).await
    }
}
