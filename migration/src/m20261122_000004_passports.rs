//! Passports and the applications for them. No name, no birth date, no diagnosis has a column here.

use crate::column::{drop_all, edited, index, one_of, references};
use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, date, date_null, integer, string, string_len, string_null, timestamp_with_time_zone_null, uuid,
        uuid_null,
    },
};

const OUTCOMES: &str = "('ZEVMB', 'VROEG_ZEVMB', 'ZEVMB_MET_HERBEOORDELING', 'GEEN_ZEVMB')";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn passport() -> TableCreateStatement {
    edited(
        Table::create()
            .table("passport")
            .col(uuid("id").primary_key())
            .col(string("number").unique_key())
            // GEEN_ZEVMB gives no passport (brochure, "ZEVMB vaststellen").
            .col(one_of("outcome", &["ZEVMB", "VROEG_ZEVMB", "ZEVMB_MET_HERBEOORDELING"]))
            .col(date("valid_from"))
            .col(date_null("valid_until"))
            .col(string_len("home_pc4", 4))
            .col(integer("birth_year").check(Expr::cust("birth_year between 1900 and 2200")))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .col(string_null("revoked_reason"))
            .col(uuid_null("replaces_id"))
            .col(boolean("reissue"))
            .check(Expr::cust("valid_until is null or valid_until >= valid_from"))
            .check(Expr::cust("(outcome = 'ZEVMB') = (valid_until is null)"))
            .check(Expr::cust("(revoked_at is null) = (revoked_reason is null)"))
            .foreign_key(&mut references("home_pc4", "postcode", "pc4", false))
            .foreign_key(&mut references("replaces_id", "passport", "id", false)),
    )
    .to_owned()
}

fn application() -> TableCreateStatement {
    Table::create()
        .table("passport_application")
        .col(uuid("id").primary_key())
        .col(date("applied_on"))
        .col(date_null("decided_on"))
        .col(
            ColumnDef::new("outcome")
                .string_len(40)
                .null()
                .check(Expr::cust(format!("outcome in {OUTCOMES}"))),
        )
        .col(uuid_null("passport_id"))
        .col(boolean("reassessment"))
        .col(string_null("first_expert"))
        .col(string_null("second_expert"))
        .check(Expr::cust("decided_on is null or decided_on >= applied_on"))
        .check(Expr::cust("(decided_on is null) = (outcome is null)"))
        .check(Expr::cust(
            "outcome is null or (first_expert is not null and second_expert is not null and first_expert <> second_expert)",
        ))
        .foreign_key(&mut references("passport_id", "passport", "id", false))
        .to_owned()
}

fn care_form() -> TableCreateStatement {
    Table::create()
        .table("passport_care_form")
        .col(uuid("passport_id"))
        .col(one_of("care_form", &["LOGEREN", "WONEN", "DEELTIJDWONEN", "DAGBESTEDING"]))
        .primary_key(Index::create().col("passport_id").col("care_form"))
        .foreign_key(&mut references("passport_id", "passport", "id", true))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too, which is not the default.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [passport(), application(), care_form()] {
            manager.create_table(table).await?;
        }
        manager.create_index(index("passport", &["home_pc4"])).await?;
        manager.create_index(index("passport_application", &["passport_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["passport_care_form", "passport_application", "passport"]).await
    }
}
