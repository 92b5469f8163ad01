//! Vervoer that reaches an area, and the trips that it makes.

use sea_orm_migration::{
    prelude::*,
    schema::{binary_null, json_null, text_null},
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
        for column in [text_null("area_outline"), binary_null("area_cells"), json_null("trips")] {
            manager.alter_table(Table::alter().table("vervoer").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["trips", "area_cells", "area_outline"] {
            manager.alter_table(Table::alter().table("vervoer").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
