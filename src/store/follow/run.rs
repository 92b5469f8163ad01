//! What runs beside the requests: reading the feed, listening, merging what lies over the large snapshot, tidying.

use std::{sync::Arc, time::Duration};

use chrono::{NaiveDate, TimeDelta};
use sqlx::{
    Executor, PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::super::{Store, blocking, error::StoreError, feed, idempotency};
use crate::care::{
    calendar::dutch_date,
    map::{Changed, Map},
    snapshot::Snapshot,
};

/// How often the feed is read when nothing wakes.
const EVERY: Duration = Duration::from_millis(500);
/// How long a silent listener is believed, and how long it may take to say that it lives.
const SILENCE: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(1);
/// How many places may lie over the large snapshot before another is made of both.
const MOST_OVERLAY: usize = 1_000;
/// After how many days the index gets another first date: well before the days that it keeps run out.
const BASE_DAYS: i64 = 14;
/// How often what nobody needs any more is removed.
const TIDY: Duration = Duration::from_hours(1);
/// How often looks at places are written; what is not yet when a replica dies is lost.
const LOOKS: Duration = Duration::from_mins(1);
/// How long changes stay in the feed: twice as long as a replica may go without reading before it begins anew.
const RETENTION: TimeDelta = TimeDelta::hours(48);

impl Store {
    /// Follows the change feed, for as long as this runs.
    pub async fn follow(self: Arc<Self>) {
        tokio::join!(self.read_and_merge(), self.listen(), self.alert(), self.count_looks(), self.tidy());
    }

    async fn read_and_merge(&self) {
        let mut well = true;
        loop {
            // Reading comes after waking: a change that is committed in between wakes again.
            let _ = timeout(EVERY, self.following.wake.notified()).await;
            match self.catch_up().await {
                Ok(()) => {
                    if !well {
                        tracing::info!("the change feed is read again");
                    }
                    well = true;
                }
                Err(error) => {
                    if well {
                        tracing::warn!(%error, "the change feed cannot be read; the map stays as it was");
                    }
                    well = false;
                }
            }
            if let Err(error) = self.merge().await {
                tracing::error!(%error, "the map could not be merged");
            }
        }
    }

    /// Makes one large snapshot of the map when too much lies over it, or when its index begins too long ago. Changes
    /// that are read in the meantime stay on top.
    async fn merge(&self) -> Result<(), StoreError> {
        let map = self.map.load_full();
        let today = dutch_date(self.clock.now());
        if map.overlay_size() <= MOST_OVERLAY && (today - map.base_date()).num_days() < BASE_DAYS {
            return Ok(());
        }
        let map = self.begin_merging().await;
        let mut merging = std::pin::pin!(blocking(move || Arc::new(map.merged(today))));
        let base = loop {
            tokio::select! {
                base = &mut merging => break base,
                () = sleep(EVERY) => drop(self.catch_up().await),
            }
        };
        self.end_merging(base, today).await
    }

    /// The map of which a large snapshot is to be made; what is read from now on is kept for [`Self::end_merging`].
    pub(super) async fn begin_merging(&self) -> Arc<Map> {
        let mut state = self.following.state.lock().await;
        state.meanwhile = Some(Changed::new());
        self.map.load_full()
    }

    /// Puts what was read in the meantime on top of a large snapshot, if there is one.
    pub(super) async fn end_merging(
        &self,
        base: Result<Arc<Snapshot>, StoreError>,
        today: NaiveDate,
    ) -> Result<(), StoreError> {
        let mut state = self.following.state.lock().await;
        // None: the whole map was read in the meantime, and what was merged is of yesterday.
        let Some(meanwhile) = state.meanwhile.take() else { return Ok(()) };
        let base = base?;
        self.map.store(Arc::new(blocking(move || Map::new(base, today).changed(meanwhile)).await?));
        self.following.has_another_base();
        Ok(())
    }

    /// Wakes the reading when PostgreSQL says that something was committed. `PgListener` hides a lost connection and
    /// cannot see one that was swallowed (SECURITY.md, trap 6), hence `try_recv` and the question in the silence.
    async fn listen(&self) {
        let Some(options) = self.database.listening_options() else { return };
        loop {
            // A pool each time: a connection that was swallowed keeps its place in the old one.
            let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(ANSWER);
            let pool = pool.connect_lazy_with(options.clone());
            if let Err(error) = self.listen_once(&pool).await {
                tracing::debug!(%error, "not listening; the timer goes on");
            }
            self.following.wake.notify_one();
            sleep(EVERY).await;
        }
    }

    async fn listen_once(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut listener =
            timeout(ANSWER, PgListener::connect_with(pool)).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        timeout(ANSWER, listener.listen(feed::CHANNEL)).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        loop {
            match timeout(SILENCE, listener.try_recv()).await {
                Ok(Ok(Some(_))) => {
                    self.following.wake.notify_one();
                    self.alerting.wake.notify_one();
                }
                Ok(Ok(None)) => return Ok(()),
                Ok(Err(error)) => return Err(error),
                Err(_) => {
                    let lives = timeout(ANSWER, (&mut listener).execute("select 1")).await;
                    lives.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
                }
            }
        }
    }

    /// Writes the looks at places from time to time.
    async fn count_looks(&self) {
        loop {
            sleep(LOOKS).await;
            if let Err(error) = self.write_looks().await {
                tracing::warn!(%error, "looks at places are not written yet");
            }
        }
    }

    /// Removes what nobody needs any more. Every replica does; it does not matter who comes first.
    async fn tidy(&self) {
        let mut hours = interval(TIDY);
        hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            hours.tick().await;
            if let Err(error) = self.tidy_once().await {
                tracing::warn!(%error, "old changes, idempotency keys and alerts could not be removed");
            }
        }
    }

    async fn tidy_once(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.prune_alerts(now).await?;
        self.database
            .within(async {
                let tx = self.database.begin().await?;
                feed::prune(&tx, RETENTION).await?;
                idempotency::prune(&tx, now).await?;
                Ok(tx.commit().await?)
            })
            .await
    }
}
