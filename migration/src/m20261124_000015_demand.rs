//! Demand as it was published, the noise that it was published with, and what becomes of proposals where places would help.
//!
//! What is published does not change: triggers refuse it. Only who holds a passport may go, and takes the key along.

use crate::column::{drop_all, index, one_of, references};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, double, integer, integer_null, json, json_null, string, string_len, string_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What is published, children first.
const PUBLISHED: [&str; 7] = [
    "demand_count",
    "demand_publication",
    "demand_share",
    "demand_home",
    "demand_cell",
    "demand_area",
    "demand_division",
];

fn division() -> TableCreateStatement {
    Table::create()
        .table("demand_division")
        .col(integer("year").primary_key())
        .col(integer("planned_for"))
        .col(big_integer("forms_key"))
        .to_owned()
}

fn area() -> TableCreateStatement {
    Table::create()
        .table("demand_area")
        .col(string("code").primary_key())
        .col(integer("year"))
        .col(string("region_code"))
        .foreign_key(&mut references("year", "demand_division", "year", false))
        .foreign_key(&mut references("region_code", "zorgkantoor_region", "code", false))
        .to_owned()
}

fn cell() -> TableCreateStatement {
    Table::create()
        .table("demand_cell")
        .col(integer("year"))
        .col(big_integer("cell"))
        .col(string("region_code"))
        .col(string_null("area_code"))
        .primary_key(Index::create().col("year").col("cell"))
        .foreign_key(&mut references("year", "demand_division", "year", false))
        .foreign_key(&mut references("area_code", "demand_area", "code", false))
        .foreign_key(&mut references("region_code", "zorgkantoor_region", "code", false))
        .to_owned()
}

fn home() -> TableCreateStatement {
    Table::create()
        .table("demand_home")
        .col(integer("year"))
        .col(string_len("pc4", 4))
        .col(big_integer("cell"))
        .col(big_integer("within"))
        .col(integer("inhabitants").check(Expr::col("inhabitants").gte(0)))
        .primary_key(Index::create().col("year").col("pc4"))
        .foreign_key(&mut references("year", "demand_division", "year", false))
        .to_owned()
}

fn share() -> TableCreateStatement {
    Table::create()
        .table("demand_share")
        .col(integer("year"))
        .col(string("territory"))
        .col(string("care_form"))
        .col(integer_null("percent"))
        .primary_key(Index::create().col("year").col("territory").col("care_form"))
        .foreign_key(&mut references("year", "demand_division", "year", false))
        .to_owned()
}

fn publication() -> TableCreateStatement {
    Table::create()
        .table("demand_publication")
        .col(integer("year"))
        .col(integer("quarter").check(Expr::col("quarter").between(1, 4)))
        .col(timestamp_with_time_zone("published_at"))
        .col(string("published_by"))
        .col(json("parameters"))
        .primary_key(Index::create().col("year").col("quarter"))
        .foreign_key(&mut references("year", "demand_division", "year", false))
        .to_owned()
}

fn count() -> TableCreateStatement {
    Table::create()
        .table("demand_count")
        .col(string("area_code"))
        .col(integer("year"))
        .col(integer("quarter"))
        .col(integer("families").check(Expr::col("families").gte(10)))
        .col(big_integer("noise_key"))
        .primary_key(Index::create().col("area_code").col("year").col("quarter"))
        .foreign_key(&mut references("area_code", "demand_area", "code", false))
        .foreign_key(
            ForeignKey::create()
                .from_col("year")
                .from_col("quarter")
                .to("demand_publication", "year")
                .to_col("quarter")
                .on_delete(ForeignKeyAction::Restrict),
        )
        .to_owned()
}

fn passport_key() -> TableCreateStatement {
    Table::create()
        .table("passport_key")
        .col(uuid("passport_id").primary_key())
        .col(big_integer("noise_key"))
        .foreign_key(&mut references("passport_id", "passport", "id", true))
        .to_owned()
}

fn suggestion() -> TableCreateStatement {
    Table::create()
        .table("site_suggestion")
        .col(uuid("id").primary_key())
        .col(string("asked_by"))
        .col(json("asked"))
        .col(one_of("state", &["RUNNING", "DONE", "FAILED"]))
        .col(double("progress").default(0.0))
        .col(json_null("answer"))
        .col(timestamp_with_time_zone("asked_at"))
        .col(timestamp_with_time_zone("seen_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .to_owned()
}

/// Refuses changes of what was published, in the words of each database.
async fn freeze(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    match manager.get_database_backend() {
        sea_orm_migration::sea_orm::DbBackend::Postgres => {
            let statement = format!(
                "CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION demand_is_published()"
            );
            connection.execute_unprepared(&statement).await?;
        }
        _ => {
            for event in ["UPDATE", "DELETE"] {
                let statement = format!(
                    "CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'what was published \
                     does not change'); END",
                );
                connection.execute_unprepared(&statement).await?;
            }
        }
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too, which is not the default.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [division(), area(), cell(), home(), share(), publication(), count(), passport_key(), suggestion()]
        {
            manager.create_table(table).await?;
        }
        for index in [index("demand_area", &["year"]), index("demand_count", &["year", "quarter"])] {
            manager.create_index(index).await?;
        }
        if manager.get_database_backend() == sea_orm_migration::sea_orm::DbBackend::Postgres {
            let function = "CREATE FUNCTION demand_is_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION \
                            'what was published does not change'; END $$";
            manager.get_connection().execute_unprepared(function).await?;
        }
        for table in PUBLISHED {
            freeze(manager, table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["site_suggestion", "passport_key"]).await?;
        drop_all(manager, &PUBLISHED).await?;
        if manager.get_database_backend() == sea_orm_migration::sea_orm::DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION demand_is_published()").await?;
        }
        Ok(())
    }
}
