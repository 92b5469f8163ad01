//! The one migration history of zorgkaart, for SQLite and PostgreSQL alike.
//!
//! A migration that has landed is never edited: the next one mends it. Migrations name tables and columns by
//! themselves and import no entity, since entities change and history does not.

mod column;
mod m20261122_000001_reference;
mod m20261122_000002_places;
mod m20261122_000003_contacts;
mod m20261122_000004_passports;
mod m20261122_000005_operation;
mod m20261124_000006_feed;
mod m20261124_000007_sign_in;
mod m20261124_000008_audit;
mod m20261124_000009_curation;
mod m20261124_000010_vervoer;
mod m20261124_000011_profiles;
mod m20261124_000012_external_ids;
mod m20261124_000013_alerts;
mod m20261124_000014_looks;
mod m20261124_000015_demand;

use sea_orm_migration::{MigrationTrait, async_trait};
pub use sea_orm_migration::{MigratorTrait, SchemaManager};

/// Brings a database from any earlier state to this version.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_reference::Migration),
            Box::new(m20261122_000002_places::Migration),
            Box::new(m20261122_000003_contacts::Migration),
            Box::new(m20261122_000004_passports::Migration),
            Box::new(m20261122_000005_operation::Migration),
            Box::new(m20261124_000006_feed::Migration),
            Box::new(m20261124_000007_sign_in::Migration),
            Box::new(m20261124_000008_audit::Migration),
            Box::new(m20261124_000009_curation::Migration),
            Box::new(m20261124_000010_vervoer::Migration),
            Box::new(m20261124_000011_profiles::Migration),
            Box::new(m20261124_000012_external_ids::Migration),
            Box::new(m20261124_000013_alerts::Migration),
            Box::new(m20261124_000014_looks::Migration),
            Box::new(m20261124_000015_demand::Migration),
        ]
    }
}
