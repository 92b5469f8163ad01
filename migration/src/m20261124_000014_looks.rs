//! How often places are looked at, by date.

use crate::column::{drop_all, index, references};
use sea_orm_migration::{
    prelude::*,
    schema::{date, integer, uuid},
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
        let looks = Table::create()
            .table("place_looks")
            .col(uuid("place_id"))
            .col(date("date"))
            .col(integer("looks").check(Expr::cust("looks > 0")))
            .primary_key(Index::create().col("place_id").col("date"))
            .foreign_key(&mut references("place_id", "place", "id", true))
            .to_owned();
        manager.create_table(looks).await?;
        manager.create_index(index("place_looks", &["date"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["place_looks"]).await
    }
}
