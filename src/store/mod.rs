//! The database behind the map, and the map in memory. The only place that names a row type; everything protected
//! is answered through an [`auth::Scope`](crate::auth::Scope).

mod alerts;
mod audit;
mod contacts;
mod database;
mod dataset;
mod demand;
mod digest;
mod error;
mod feed;
mod follow;
mod gap;
mod history;
mod idempotency;
mod import;
mod insert;
mod load;
mod looks;
mod map_file;
mod passports;
mod places;
mod profiles;
mod rows;
mod seed;
mod stale;
mod view;
mod write;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use arc_swap::ArcSwap;
use tokio::{sync::Mutex, time::Instant};

pub use alerts::{Alert, DeleteSearch, SaveSearch, SavedSearch, SearchError, SearchSaved, listen};
pub use audit::{Access, Fault, Network, Recorded, TrailQuery, Verdict};
pub use contacts::{
    AccessExport, AddContact, ChangeContact, ChangeExport, ConfirmContacts, Confirmed, ContactChanged, ContactHistory,
    ContactPage, ContactQuery, ContactStep, DataSubject, DecideProposal, DuePage, DueQuery, Duplicate, DuplicatePage,
    EntryExport, Erased, Exporting, HistoryEntry, KeepApart, ListedContact, MergeContacts, PersonExport, Proposal,
    ProposalError, ProposalExport, ProposalPage, ProposalQuery, Propose, Proposed, Seen,
};
use database::Source;
pub use database::{Database, DatabaseLimits, DatabaseUrl, PoolState};
pub use dataset::Dataset;
pub use demand::{DemandPublication, DemandPublished, PublishDemand, PublishRefusal, RawDemand, RegionShares};
pub use digest::{ComingMonth, Digest, PlaceDigest};
pub use error::StoreError;
pub use follow::MOST_LAG;
pub use gap::{
    Analysed, GapAsked, GapFormat, GapRefusal, SiteAnswer, SitePick, SiteSuggestion, SuggestError, SuggestSites, Trend,
};
pub use history::{MapHistory, MapHistoryEntry};
pub use import::{ImportError, ImportOptions, Phase};
pub use map_file::{ExportError, ExportFormat, PlacesExport, Progress};
pub use passports::{
    Card, CardChange, Code, Issue, KeepError, Kept, PassportRecord, Person, Reassess, Session, SignedIn,
};
pub use places::{
    AvailabilitySet, CapacityError, ConfirmPlaces, Confirming, PlaceChanged, PlacesConfirmed, SetAvailability,
    SetCapacity, SetVervoer, SetWaitingList, StateClaim, VoiceClaim,
};
pub use profiles::{
    AddObject, AnswerReview, DecideReview, Decision, EditProfile, ProfileChanged, ProfileError, Review, ReviewAnswer,
    ReviewField, ReviewPage, ReviewQuery, Reviewed, ShowPlace,
};
pub use seed::SeedError;
pub use stale::{StalePage, StalePlace, StaleQuery};
pub use view::{SeenPlace, SeenProvider, View};
pub use write::{IdempotencyKey, Request, WriteError};

use crate::{
    auth::Scope,
    care::{
        calendar::dutch_date,
        filter::Moment,
        freshness::FreshnessRule,
        map::Map,
        snapshot::{Records, Snapshot},
    },
    clock::Clock,
};
use alerts::Alerting;
use chrono::{DateTime, Utc};
use demand::KnownDemand;
use feed::Position;
use follow::Following;
use looks::Looks;
use passports::Remembered;

/// The database and the map in memory.
pub struct Store {
    database: Database,
    map: ArcSwap<Map>,
    following: Following,
    alerting: Alerting,
    freshness: FreshnessRule,
    /// The name under which the audit trail knows this process.
    replica: String,
    /// Whose turn it is to write the audit trail.
    recording: Mutex<()>,
    looks: Looks,
    /// Who was found good.
    remembered: Remembered,
    /// What demand was published, and the estimate.
    demand: KnownDemand,
    /// Whether work that outlives its request had better stop.
    closing: Arc<AtomicBool>,
    clock: Clock,
}

/// The state of a store, for those who watch it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StoreState {
    /// How many places the map holds.
    pub places: usize,
    /// The memory of its index, in bytes.
    pub index_bytes: usize,
    /// How long ago its large snapshot was made.
    pub index_age: std::time::Duration,
    /// How many places lie over the large snapshot.
    pub overlay_places: usize,
    /// How long ago the map was known to be what the database says.
    pub lag: std::time::Duration,
    /// How often the whole map was read.
    pub loads: u64,
    /// The connections.
    pub pool: PoolState,
}

impl Store {
    /// Reads the map from a migrated database; the index begins on the Dutch date of `clock`.
    ///
    /// # Errors
    /// When the database does not answer or holds what cannot be.
    pub async fn open(
        database: Database,
        freshness: FreshnessRule,
        replica: String,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        let began = Instant::now();
        let loaded = database.load(Source::ReadReplica).await?;
        Self::on(database, loaded.records, (loaded.position, began), freshness, replica, clock).await
    }

    /// A store whose map is `records`, whatever the database holds: for benchmarks of maps that no database needs.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn with_records(
        database: Database,
        records: Records,
        freshness: FreshnessRule,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        let tx = load::begin(&database.connection()).await?;
        let position = feed::position(&tx).await?;
        tx.commit().await?;
        Self::on(database, records, (position, Instant::now()), freshness, "local".into(), clock).await
    }

    async fn on(
        database: Database,
        records: Records,
        (position, began): (Position, Instant),
        freshness: FreshnessRule,
        replica: String,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        let today = dutch_date(clock.now());
        let base = blocking(move || Snapshot::build(records, today)).await?;
        let map = Map::new(Arc::new(base), today);
        Ok(Self {
            database,
            map: ArcSwap::from_pointee(map),
            following: Following::new(position, began),
            alerting: Alerting::default(),
            freshness,
            replica,
            recording: Mutex::new(()),
            looks: Looks::default(),
            remembered: Remembered::default(),
            demand: KnownDemand::default(),
            closing: Arc::default(),
            clock,
        })
    }

    /// The map as `scope` may see it at `now`: one unchanging moment of it.
    pub fn view(&self, scope: Scope, now: DateTime<Utc>) -> View {
        View::new(self.map.load_full(), scope, Moment { now, freshness: self.freshness })
    }

    /// What time it is here.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The state of the store.
    pub fn state(&self) -> StoreState {
        let map = self.map.load();
        StoreState {
            places: map.place_count(),
            index_bytes: map.index_bytes(),
            index_age: self.following.age(),
            overlay_places: map.overlay_size(),
            lag: self.following.lag(),
            loads: self.following.loads(),
            pool: self.database.pool_state(),
        }
    }

    /// The database behind it, for the command line.
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// Writes the looks that were counted and closes the database connections.
    ///
    /// # Errors
    /// When the database does not let go.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.closing.store(true, Ordering::Relaxed);
        if let Err(error) = self.write_looks().await {
            tracing::warn!(%error, "the last looks at places are not written");
        }
        self.database.close().await
    }
}

/// Shares a store among requests.
pub type SharedStore = Arc<Store>;

/// Runs what takes long off the threads that answer requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Corrupt("the index could not be built".into()))
}
