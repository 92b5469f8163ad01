//! What the database was filled with.

use chrono::NaiveDate;
use entity::dataset;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, TryInsertResult};

use super::{database::Database, error::StoreError};

pub(super) const REFERENCE: &str = "reference";
pub(super) const DEMO: &str = "demo";
pub(super) const DEMO_CLOCK: &str = "demo_clock";
pub(super) const SYNTHETIC: &str = "synthetic";

/// What a database was filled with; it only ever grows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    /// Whether reference data are there.
    pub reference: bool,
    /// The date on which the demo begins; none: no demo.
    pub demo: Option<NaiveDate>,
    /// The date at which the demo's clock stands; none: it runs.
    pub demo_clock: Option<NaiveDate>,
}

impl Dataset {
    /// Reads what a migrated database was filled with.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(database: &Database) -> Result<Self, StoreError> {
        let mut dataset = Self::default();
        for row in dataset::Entity::find().all(&*database.connection()).await? {
            match row.key.as_str() {
                REFERENCE => dataset.reference = true,
                DEMO => dataset.demo = row.value.parse().ok(),
                DEMO_CLOCK => dataset.demo_clock = row.value.parse().ok(),
                _ => {}
            }
        }
        Ok(dataset)
    }
}

/// Claims that this transaction fills the database with `key`; false: another has. Another that is at it is waited
/// for.
pub(super) async fn claim(db: &impl ConnectionTrait, key: &str, value: &str) -> Result<bool, StoreError> {
    let row = dataset::Model { key: key.into(), value: value.into() }.into_active_model();
    let inserted = dataset::Entity::insert(row)
        .on_conflict_do_nothing_on([dataset::Column::Key])
        .exec_without_returning(db)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0))
}
