//! The contactenbestand.

use crate::column::{drop_all, edited, index, one_of, references};
use sea_orm_migration::{
    prelude::*,
    schema::{
        date_null, string, string_len, string_len_null, string_null, timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn contact() -> TableCreateStatement {
    edited(
        Table::create()
            .table("contact")
            .col(uuid("id").primary_key())
            .col(string("name").check(Expr::cust("length(name) > 0")))
            .col(string_null("function"))
            .col(string("organisation"))
            .col(one_of(
                "organisation_kind",
                &[
                    "ZORGAANBIEDER",
                    "GEMEENTE",
                    "ZORGKANTOOR",
                    "ZORGVERZEKERAAR",
                    "ZIEKENHUIS",
                    "HULPMIDDELEN",
                    "ONDERWIJS",
                    "CLIENTONDERSTEUNING",
                    "OUDERVERENIGING",
                    "OVERIG",
                ],
            ))
            .col(uuid_null("provider_id"))
            .col(uuid_null("location_id"))
            .col(string_null("email"))
            .col(string_null("phone"))
            .col(string_len_null("work_pc4", 4))
            .col(string_null("work_city"))
            .col(one_of("status", &["DRAFT", "PUBLISHED", "WITHDRAWN"]))
            .col(date_null("consent_on"))
            .col(string_null("consent_source"))
            .col(timestamp_with_time_zone_null("verified_at"))
            .check(Expr::cust("status <> 'PUBLISHED' or (consent_on is not null and consent_source is not null)"))
            .foreign_key(&mut references("provider_id", "provider", "id", false))
            .foreign_key(&mut references("location_id", "location", "id", false))
            .foreign_key(&mut references("work_pc4", "postcode", "pc4", false)),
    )
    .to_owned()
}

fn detail(table: &'static str, column: &'static str, to: Option<(&'static str, &'static str)>) -> TableCreateStatement {
    let mut create = Table::create();
    create
        .table(table)
        .col(uuid("contact_id"))
        .col(string_len(column, 100))
        .primary_key(Index::create().col("contact_id").col(column))
        .foreign_key(&mut references("contact_id", "contact", "id", true));
    if let Some((to, key)) = to {
        create.foreign_key(&mut references(column, to, key, false));
    }
    create
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too, which is not the default.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            contact(),
            detail("contact_expertise", "expertise", None),
            detail("contact_gemeente", "gemeente_code", Some(("gemeente", "code"))),
            detail("contact_region", "region_code", Some(("zorgkantoor_region", "code"))),
        ] {
            manager.create_table(table).await?;
        }
        for index in [
            index("contact", &["status", "organisation_kind"]),
            index("contact", &["provider_id"]),
            index("contact", &["location_id"]),
            index("contact_expertise", &["expertise"]),
            index("contact_gemeente", &["gemeente_code"]),
            index("contact_region", &["region_code"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["contact_region", "contact_gemeente", "contact_expertise", "contact"]).await
    }
}
