//! What the database was filled with.

use chrono::NaiveDate;
use entity::dataset;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, sea_query::OnConflict};

use super::{connect::Database, error::StoreError};

/// What the database was filled with; only ever grows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    /// Whether reference data are there.
    pub reference: bool,
    /// Whether demo data are there.
    pub demo: bool,
    /// The date at which the demo's clock stands; none: it runs.
    pub demo_clock: Option<NaiveDate>,
    /// How many synthetic places were added.
    pub synthetic: Option<u64>,
}

const REFERENCE: &str = "reference";
const DEMO: &str = "demo";
const DEMO_CLOCK: &str = "demo_clock";
const SYNTHETIC: &str = "synthetic";

impl Dataset {
    /// Reads what a migrated database was filled with.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(database: &Database) -> Result<Self, StoreError> {
        let mut dataset = Self::default();
        for row in dataset::Entity::find().all(&database.0).await? {
            match row.key.as_str() {
                REFERENCE => dataset.reference = true,
                DEMO => dataset.demo = true,
                DEMO_CLOCK => dataset.demo_clock = row.value.parse().ok(),
                SYNTHETIC => dataset.synthetic = row.value.parse().ok(),
                _ => {}
            }
        }
        Ok(dataset)
    }

    /// Writes it down, in the transaction that fills the database.
    pub(super) async fn write(&self, db: &impl ConnectionTrait) -> Result<(), StoreError> {
        let said = [
            (REFERENCE, self.reference.then(String::new)),
            (DEMO, self.demo.then(String::new)),
            (DEMO_CLOCK, self.demo_clock.map(|date| date.to_string())),
            (SYNTHETIC, self.synthetic.map(|count| count.to_string())),
        ];
        for (key, value) in said {
            let Some(value) = value else { continue };
            dataset::Entity::insert(dataset::Model { key: key.into(), value }.into_active_model())
                .on_conflict(OnConflict::column(dataset::Column::Key).update_column(dataset::Column::Value).to_owned())
                .exec_without_returning(db)
                .await?;
        }
        Ok(())
    }
}
