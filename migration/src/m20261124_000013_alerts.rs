//! What parents wait for: their saved searches, the changes that may answer one, and what they are told.

use crate::column::{drop_all, index, references};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_pk_auto, double, double_null, integer, json, timestamp_with_time_zone, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn saved_search() -> TableCreateStatement {
    Table::create()
        .table("saved_search")
        .col(big_pk_auto("seq"))
        .col(uuid("id").unique_key())
        .col(uuid("passport_id"))
        .col(double_null("radius_km"))
        .col(json("asked"))
        .col(json("watch"))
        .col(timestamp_with_time_zone("saved_at"))
        .foreign_key(&mut references("passport_id", "passport", "id", true))
        .to_owned()
}

fn opening() -> TableCreateStatement {
    Table::create()
        .table("opening")
        .col(big_pk_auto("seq"))
        .col(uuid("provider_id"))
        .col(uuid_null("place_id"))
        .col(json("before"))
        .foreign_key(&mut references("provider_id", "provider", "id", true))
        .to_owned()
}

fn alert() -> TableCreateStatement {
    Table::create()
        .table("alert")
        .col(big_pk_auto("seq"))
        .col(big_integer("search_seq"))
        .col(uuid("place_id"))
        .col(double("distance_km"))
        .col(timestamp_with_time_zone("opened_at"))
        .foreign_key(&mut references("search_seq", "saved_search", "seq", true))
        .foreign_key(&mut references("place_id", "place", "id", true))
        .to_owned()
}

fn head() -> TableCreateStatement {
    Table::create().table("alert_head").col(integer("id").primary_key().check(Expr::cust("id = 1"))).to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too, which is not the default.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [saved_search(), opening(), alert(), head()] {
            manager.create_table(table).await?;
        }
        for index in [
            index("saved_search", &["passport_id"]),
            index("alert", &["search_seq"]),
            index("alert", &["place_id"]),
            index("alert", &["opened_at"]),
        ] {
            manager.create_index(index).await?;
        }
        let row = Query::insert().into_table("alert_head").columns(["id"]).values_panic([1.into()]).to_owned();
        manager.execute(row).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["alert_head", "alert", "opening", "saved_search"]).await
    }
}
