//! What parents wait for, and what they are told.
//!
//! A change after which there may be room writes an [`opening`] in its own transaction. One replica at a time takes what
//! there is of them, holds it against the saved searches, and leaves an alert per saved search and opening, all in one
//! transaction: each opening is told once, whoever restarts meanwhile. Whoever listens is woken and reads alerts by
//! number, so that nothing depends on having been connected.

mod matching;
mod opening;
mod save;
mod telling;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{alert, saved_search};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use tokio::sync::{Notify, broadcast};

use matching::{BATCH, Loaded};
pub(super) use opening::{Before, note, note_all};
pub use save::{DeleteSearch, SaveSearch, SearchError, SearchSaved};
pub use telling::listen;

use super::{Store, View, error::StoreError, rows::TryFromRow};
use crate::{
    auth::Denied,
    care::{
        alert::Watch,
        id::{PassportId, PlaceId, SavedSearchId},
    },
};

/// How long alerts are kept.
pub(super) const ALERT_RETENTION: TimeDelta = TimeDelta::days(90);
/// How many wake-ups somebody may leave lying before they are told to look for themselves.
const WAKE_UPS: usize = 1_024;

/// A search that somebody has saved.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedSearch {
    /// Its id.
    pub id: SavedSearchId,
    /// What it waits for.
    pub watch: Watch,
    /// The filter as it was asked, in the terms of the API.
    pub asked: Value,
    /// When it was saved.
    pub saved_at: DateTime<Utc>,
}

/// That a place opened for a saved search.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Its number: later ones have higher numbers.
    pub seq: i64,
    /// The search.
    pub search: SavedSearch,
    /// The place.
    pub place: PlaceId,
    /// How far it is from where the search begins, km.
    pub distance_km: f64,
    /// When it was matched: within a second after the change.
    pub opened_at: DateTime<Utc>,
}

/// What runs beside the requests.
#[derive(Debug)]
pub(super) struct Alerting {
    /// Something was committed: there may be something to match, or to tell.
    pub(super) wake: Notify,
    /// For whom there is something new.
    news: broadcast::Sender<PassportId>,
    /// The last alert that was told of.
    told: AtomicI64,
    /// How many changes are matched at once: fewer after it failed.
    batch: AtomicU64,
    /// The saved searches as they were read last.
    loaded: Mutex<Option<Arc<Loaded>>>,
}

impl Default for Alerting {
    fn default() -> Self {
        let (news, _) = broadcast::channel(WAKE_UPS);
        Self {
            wake: Notify::new(),
            news,
            told: AtomicI64::new(0),
            batch: AtomicU64::new(BATCH),
            loaded: Mutex::new(None),
        }
    }
}

impl Alerting {
    fn batch(&self) -> u64 {
        self.batch.load(Ordering::Relaxed)
    }

    fn has_matched(&self) {
        self.batch.store(BATCH.min(self.batch() * 2), Ordering::Relaxed);
    }

    /// Half as much next time: what takes too long would otherwise be tried for ever.
    fn has_failed(&self) {
        self.batch.store(1.max(self.batch() / 2), Ordering::Relaxed);
    }
}

impl Store {
    /// The requester's own saved searches, the oldest first.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester can have none; `Err(_)` when the database does not answer.
    pub async fn saved_searches(&self, view: &View) -> Result<Result<Vec<SavedSearch>, Denied>, StoreError> {
        let holder = match view.scope().save_searches() {
            Ok(holder) => holder,
            Err(denied) => return Ok(Err(denied)),
        };
        let own = saved_search::Entity::find()
            .filter(saved_search::Column::PassportId.eq(holder))
            .order_by_asc(saved_search::Column::Seq);
        let connection = self.database.connection();
        let rows = self.database.within(async { Ok::<_, StoreError>(own.all(&*connection).await?) }).await?;
        rows.into_iter().map(SavedSearch::try_from_row).collect::<Result<_, _>>().map(Ok)
    }

    /// What the requester was told after the alert with number `after`, in the order of number, at most `limit`.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester can have none; `Err(_)` when the database does not answer.
    pub async fn alerts(&self, view: &View, after: i64, limit: u64) -> Result<Result<Vec<Alert>, Denied>, StoreError> {
        match view.scope().save_searches() {
            Ok(holder) => self.alerts_of(holder, after, limit).await.map(Ok),
            Err(denied) => Ok(Err(denied)),
        }
    }

    async fn alerts_of(&self, holder: PassportId, after: i64, limit: u64) -> Result<Vec<Alert>, StoreError> {
        let connection = self.database.connection();
        let read = async {
            let searches = saved_search::Entity::find()
                .filter(saved_search::Column::PassportId.eq(holder))
                .all(&*connection)
                .await?;
            let rows = alert::Entity::find()
                .filter(alert::Column::SearchSeq.is_in(searches.iter().map(|search| search.seq)))
                .filter(alert::Column::Seq.gt(after))
                .order_by_asc(alert::Column::Seq)
                .limit(limit)
                .all(&*connection)
                .await?;
            Ok::<_, StoreError>((searches, rows))
        };
        let (searches, rows) = self.database.within(read).await?;
        let of_search = |row: alert::Model| {
            let search = searches.iter().find(|search| search.seq == row.search_seq)?;
            Some(SavedSearch::try_from_row(search.clone()).map(|search| Alert {
                seq: row.seq,
                search,
                place: row.place_id,
                distance_km: row.distance_km,
                opened_at: row.opened_at,
            }))
        };
        rows.into_iter().filter_map(of_search).collect()
    }
}

impl TryFromRow<saved_search::Model> for SavedSearch {
    fn try_from_row(row: saved_search::Model) -> Result<Self, StoreError> {
        let watch = serde_json::from_value(row.watch).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(Self { id: row.id, watch, asked: row.asked, saved_at: row.saved_at })
    }
}
