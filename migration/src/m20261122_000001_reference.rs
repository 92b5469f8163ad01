//! Reference data: regions, gemeenten, postcodes, kwaliteitseisen, passport agreements, and what filled the database.

use crate::column::{drop_all, index, one_of, references};
use sea_orm_migration::{
    prelude::*,
    schema::{boolean, date, date_null, double, integer, string, string_len, text},
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
        let validity = Expr::cust("valid_to is null or valid_to >= valid_from");
        let tables = [
            Table::create().table("dataset").col(string("key").primary_key()).col(text("value")).to_owned(),
            Table::create()
                .table("zorgkantoor_region")
                .col(string_len("code", 4).primary_key())
                .col(string("name"))
                .col(string("concession_holder"))
                .col(date("valid_from"))
                .col(date_null("valid_to"))
                .check(validity.clone())
                .to_owned(),
            Table::create()
                .table("gemeente")
                .col(string_len("code", 6).primary_key())
                .col(string("name"))
                .col(string_len("region_code", 4))
                .col(date("valid_from"))
                .col(date_null("valid_to"))
                .check(validity)
                .foreign_key(&mut references("region_code", "zorgkantoor_region", "code", false))
                .to_owned(),
            Table::create()
                .table("postcode")
                .col(string_len("pc4", 4).primary_key().check(Expr::cust("length(pc4) = 4")))
                .col(string("place_name"))
                .col(double("lat").check(Expr::cust("lat between -90 and 90")))
                .col(double("lng").check(Expr::cust("lng between -180 and 180")))
                .col(string_len("gemeente_code", 6))
                .col(boolean("cbs_area"))
                .col(integer("population").check(Expr::cust("population >= 0")))
                .foreign_key(&mut references("gemeente_code", "gemeente", "code", false))
                .to_owned(),
            Table::create()
                .table("kwaliteitseis")
                .col(string_len("code", 8).primary_key())
                .col(text("title"))
                .col(string("theme"))
                .to_owned(),
            Table::create()
                .table("passport_agreement")
                .col(string("code").primary_key())
                .col(string("title"))
                .col(string("organisation"))
                .col(text("description"))
                .col(date_null("since"))
                .col(one_of("kind", &["AFSPRAAK", "REGELING"]))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        manager.create_index(index("gemeente", &["region_code"])).await?;
        manager.create_index(index("postcode", &["gemeente_code"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &["passport_agreement", "kwaliteitseis", "postcode", "gemeente", "zorgkantoor_region", "dataset"],
        )
        .await
    }
}
