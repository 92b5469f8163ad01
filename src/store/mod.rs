//! The database behind the map, and the map in memory. The only place that names a row type; everything protected
//! is answered through an [`auth::Scope`](crate::auth::Scope).

mod audit;
mod connect;
mod contacts;
mod dataset;
mod error;
mod load;
mod passports;
mod rows;
mod seed;

mod view;

use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use sea_orm::DatabaseConnection;
use tokio::sync::Mutex;

pub use audit::Access;
pub use connect::{Database, DatabaseUrl};
pub use contacts::{ContactPage, ContactQuery, ListedContact};
pub use dataset::Dataset;
pub use error::StoreError;
pub use seed::SeedError;
pub use view::{SeenLocation, SeenPlace, SeenProvider, View};

use crate::{
    auth::Scope,
    care::{
        calendar::dutch_date,
        filter::Moment,
        freshness::FreshnessRule,
        snapshot::{Records, Snapshot},
    },
};

/// The database and the map in memory.
pub struct Store {
    db: DatabaseConnection,
    snapshot: ArcSwap<Snapshot>,
    freshness: FreshnessRule,
    /// The name under which the audit trail knows this process.
    replica: String,
    /// Whose turn it is to write the audit trail.
    recording: Mutex<()>,
}

impl Store {
    /// Reads the map from a migrated database; the index begins on the Dutch date of `now`.
    ///
    /// # Errors
    /// When the database does not answer or holds what cannot be.
    pub async fn open(
        db: DatabaseConnection,
        freshness: FreshnessRule,
        replica: String,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let records = load::records(&db).await?;
        let snapshot = blocking(move || Snapshot::build(records, dutch_date(now))).await?;
        Ok(Self { db, snapshot: ArcSwap::from_pointee(snapshot), freshness, replica, recording: Mutex::new(()) })
    }

    /// A store whose map is `records`, whatever the database holds: for benchmarks of maps that no database needs.
    pub fn with_records(
        db: DatabaseConnection,
        records: Records,
        freshness: FreshnessRule,
        now: DateTime<Utc>,
    ) -> Self {
        let snapshot = Snapshot::build(records, dutch_date(now));
        Self {
            db,
            snapshot: ArcSwap::from_pointee(snapshot),
            freshness,
            replica: "local".into(),
            recording: Mutex::new(()),
        }
    }

    /// The map as `scope` may see it at `now`: one unchanging moment of it.
    pub fn view(&self, scope: Scope, now: DateTime<Utc>) -> View {
        View::new(self.snapshot.load_full(), scope, Moment { now, freshness: self.freshness })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.db.ping().await?)
    }

    /// How many places the map holds.
    pub fn place_count(&self) -> usize {
        self.snapshot.load().place_count()
    }

    /// Closes the database connections.
    ///
    /// # Errors
    /// When the database does not let go.
    pub async fn close(&self) -> Result<(), StoreError> {
        Ok(self.db.clone().close().await?)
    }
}

/// Shares a store among requests.
pub type SharedStore = Arc<Store>;

/// Runs what takes long off the threads that answer requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Corrupt("the index could not be built".into()))
}
