//! How other registers know what is on the map, so that a file that comes twice makes it once.

use crate::column::{drop_all, index, one_of};
use sea_orm_migration::{
    prelude::*,
    schema::{string_len, uuid},
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
        let table = Table::create()
            .table("external_id")
            .col(one_of("kind", &["PROVIDER", "LOCATION", "CARE_GROUP", "PLACE"]))
            .col(uuid("provider_id"))
            .col(string_len("external_id", 100))
            .col(uuid("object_id"))
            .primary_key(Index::create().col("kind").col("provider_id").col("external_id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("external_id", &["kind", "external_id"])).await?;
        // One for each, so that an export can say it.
        manager.create_index(index("external_id", &["kind", "object_id"]).unique().to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["external_id"]).await
    }
}
