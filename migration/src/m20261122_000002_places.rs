//! The map: providers, their locations, groups and places, with availability, vervoer and claims.

use crate::column::{drop_all, edited, index, one_of, references};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, boolean_null, date, double, double_null, integer, integer_null, string, string_len,
        string_null, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

const FACILITIES: &[&str] = &[
    "RUSTRUIMTE",
    "SNOEZELRUIMTE",
    "HOOG_LAAGBED",
    "TILLIFT",
    "RUIME_BADKAMER",
    "ZUURSTOF_OPSLAG",
    "VLOERVERWARMING",
    "SCHUIFDEUREN_SENSOR",
    "TUIN",
];

const CAPABILITIES: &[&str] = &[
    "WAKENDE_NACHTZORG",
    "SLAPENDE_NACHTZORG",
    "UITLUISTERSYSTEEM",
    "TRACHEACANULE",
    "SONDEVOEDING",
    "BEADEMING",
    "EPILEPSIEZORG",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn provider() -> TableCreateStatement {
    edited(
        Table::create()
            .table("provider")
            .col(uuid("id").primary_key())
            .col(string("name").check(Expr::cust("length(name) > 0")))
            .col(one_of("kind", &["INSTELLING", "KLEINSCHALIG", "ZZP"]))
            .col(string_null("phone"))
            .col(string_null("email"))
            .col(string_null("website"))
            .col(string_null("kvk_number"))
            .col(string_null("agb_code"))
            .col(boolean("fieldlab"))
            .col(timestamp_with_time_zone_null("withdrawn_at")),
    )
    .to_owned()
}

fn location() -> TableCreateStatement {
    edited(
        Table::create()
            .table("location")
            .col(uuid("id").primary_key())
            .col(uuid("provider_id"))
            .col(string_null("street"))
            .col(string_null("house_number"))
            .col(string_len("postcode", 6).check(Expr::cust("length(postcode) in (4, 6)")))
            .col(string_len("pc4", 4))
            .col(string("city"))
            .col(string_len("gemeente_code", 6))
            .col(double("lat").check(Expr::cust("lat between -90 and 90")))
            .col(double("lng").check(Expr::cust("lng between -180 and 180")))
            .col(one_of("precision", &["EXACT", "AREA"]))
            .col(big_integer("h3_cell").check(Expr::cust("h3_cell > 0")))
            .col(timestamp_with_time_zone_null("withdrawn_at"))
            .check(Expr::cust("substr(postcode, 1, 4) = pc4"))
            .foreign_key(&mut references("provider_id", "provider", "id", false))
            .foreign_key(&mut references("pc4", "postcode", "pc4", false))
            .foreign_key(&mut references("gemeente_code", "gemeente", "code", false)),
    )
    .to_owned()
}

fn care_group() -> TableCreateStatement {
    edited(
        Table::create()
            .table("care_group")
            .col(uuid("id").primary_key())
            .col(uuid("location_id"))
            .col(string("name"))
            .col(one_of("homogeneity", &["HOMOGENEOUS_ZEVMB", "MIXED_EMB_ZEVMB", "HETEROGENEOUS"]))
            .col(integer("size").check(Expr::cust("size > 0")))
            .col(double_null("staff_per_ten").check(Expr::cust("staff_per_ten >= 0")))
            .col(integer_null("nurses").check(Expr::cust("nurses >= 0")))
            .col(boolean_null("challenging_behaviour_excluded"))
            .col(timestamp_with_time_zone_null("withdrawn_at"))
            .foreign_key(&mut references("location_id", "location", "id", false)),
    )
    .to_owned()
}

fn place() -> TableCreateStatement {
    edited(
        Table::create()
            .table("place")
            .col(uuid("id").primary_key())
            .col(uuid("care_group_id"))
            .col(string("name"))
            .col(one_of("care_form", &["LOGEREN", "WONEN", "DEELTIJDWONEN", "DAGBESTEDING"]))
            .col(integer("capacity").check(Expr::cust("capacity > 0")))
            .col(string_null("phone"))
            .col(string_null("email"))
            .col(integer_null("min_age").check(Expr::cust("min_age between 0 and 120")))
            .col(integer_null("max_age").check(Expr::cust("max_age between 0 and 120")))
            .col(integer_null("waiting_list_length").check(Expr::cust("waiting_list_length >= 0")))
            .col(integer_null("waiting_list_weeks").check(Expr::cust("waiting_list_weeks >= 0")))
            .col(timestamp_with_time_zone_null("waiting_list_updated_at"))
            .col(boolean("vervoer_known"))
            .col(timestamp_with_time_zone_null("confirmed_at"))
            .col(timestamp_with_time_zone_null("withdrawn_at"))
            .check(Expr::cust("min_age is null or max_age is null or min_age <= max_age"))
            .check(Expr::cust(
                "waiting_list_updated_at is not null or (waiting_list_length is null and waiting_list_weeks is null)",
            ))
            .foreign_key(&mut references("care_group_id", "care_group", "id", false)),
    )
    .to_owned()
}

fn details() -> [TableCreateStatement; 4] {
    [
        Table::create()
            .table("location_facility")
            .col(uuid("location_id"))
            .col(one_of("facility", FACILITIES))
            .col(boolean("present"))
            .primary_key(Index::create().col("location_id").col("facility"))
            .foreign_key(&mut references("location_id", "location", "id", true))
            .to_owned(),
        Table::create()
            .table("care_group_capability")
            .col(uuid("care_group_id"))
            .col(one_of("capability", CAPABILITIES))
            .col(boolean("offered"))
            .primary_key(Index::create().col("care_group_id").col("capability"))
            .foreign_key(&mut references("care_group_id", "care_group", "id", true))
            .to_owned(),
        Table::create()
            .table("place_leveringsvorm")
            .col(uuid("place_id"))
            .col(one_of("leveringsvorm", &["ZIN", "DTV", "VPT", "MPT", "PGB"]))
            .primary_key(Index::create().col("place_id").col("leveringsvorm"))
            .foreign_key(&mut references("place_id", "place", "id", true))
            .to_owned(),
        Table::create()
            .table("kwaliteitseis_claim")
            .col(uuid("place_id"))
            .col(string_len("code", 8))
            .col(one_of("source", &["PROVIDER", "PARENTS", "KENNISCENTRUM"]))
            .col(one_of("status", &["MET", "PARTLY_MET", "NOT_MET", "UNKNOWN"]))
            .col(text_null("explanation"))
            .col(timestamp_with_time_zone("assessed_at"))
            .primary_key(Index::create().col("place_id").col("code").col("source"))
            .foreign_key(&mut references("place_id", "place", "id", true))
            .foreign_key(&mut references("code", "kwaliteitseis", "code", false))
            .to_owned(),
    ]
}

fn availability() -> TableCreateStatement {
    Table::create()
        .table("availability")
        .col(uuid("place_id"))
        .col(one_of("slot", &["NIGHT", "MORNING", "AFTERNOON", "RESIDENCE"]))
        .col(date("from_date"))
        .col(date("to_date"))
        .col(integer("free").check(Expr::cust("free >= 0")))
        .col(timestamp_with_time_zone("stated_at"))
        .col(string("stated_by"))
        .check(Expr::cust("to_date >= from_date"))
        .primary_key(Index::create().col("place_id").col("slot").col("from_date"))
        .foreign_key(&mut references("place_id", "place", "id", true))
        .to_owned()
}

fn vervoer() -> [TableCreateStatement; 3] {
    [
        Table::create()
            .table("vervoer")
            .col(uuid("id").primary_key())
            .col(uuid("place_id"))
            .col(double_null("radius_km").check(Expr::cust("radius_km > 0 and radius_km <= 200")))
            .col(boolean_null("bags_and_aids"))
            .col(boolean_null("power_sockets"))
            .col(boolean_null("nurse_aboard"))
            .col(integer_null("wheelchairs").check(Expr::cust("wheelchairs >= 0")))
            .col(boolean_null("oxygen"))
            .col(boolean_null("medicine_fridge"))
            .col(boolean_null("air_conditioning"))
            .col(string_null("paid_by"))
            .foreign_key(&mut references("place_id", "place", "id", true))
            .to_owned(),
        Table::create()
            .table("vervoer_postcode")
            .col(uuid("vervoer_id"))
            .col(string_len("pc4", 4))
            .primary_key(Index::create().col("vervoer_id").col("pc4"))
            .foreign_key(&mut references("vervoer_id", "vervoer", "id", true))
            .foreign_key(&mut references("pc4", "postcode", "pc4", false))
            .to_owned(),
        Table::create()
            .table("vervoer_gemeente")
            .col(uuid("vervoer_id"))
            .col(string_len("gemeente_code", 6))
            .primary_key(Index::create().col("vervoer_id").col("gemeente_code"))
            .foreign_key(&mut references("vervoer_id", "vervoer", "id", true))
            .foreign_key(&mut references("gemeente_code", "gemeente", "code", false))
            .to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Whole or not at all on SQLite too, which is not the default.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [provider(), location(), care_group(), place(), availability()]
            .into_iter()
            .chain(details())
            .chain(vervoer())
        {
            manager.create_table(table).await?;
        }
        for index in [
            index("location", &["provider_id"]),
            index("location", &["h3_cell"]),
            index("care_group", &["location_id"]),
            index("place", &["care_group_id"]),
            index("vervoer", &["place_id"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "vervoer_gemeente",
                "vervoer_postcode",
                "vervoer",
                "kwaliteitseis_claim",
                "place_leveringsvorm",
                "care_group_capability",
                "location_facility",
                "availability",
                "place",
                "care_group",
                "location",
                "provider",
            ],
        )
        .await
    }
}
