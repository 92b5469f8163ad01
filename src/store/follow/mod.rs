//! Following the change feed: the map in memory is brought to what the database says, by whomever it was changed.
//!
//! A notification wakes, a timer wakes too, and both only lead to the same reading (STYLE, 12). What is read is the
//! truth of one moment, so that it makes no difference how often a change is read.

mod run;
#[cfg(test)]
mod tests;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex, Notify},
    time::{Instant, timeout},
};

use super::{
    Store, blocking,
    database::{ACQUIRE, Source},
    error::StoreError,
    feed::{self, Position},
    load,
};
use crate::care::{
    calendar::dutch_date,
    id::ProviderId,
    map::{Changed, Map},
    snapshot::Snapshot,
    vocabulary::ChangeKind,
};

/// How far a replica may lag before it should get no requests (SECURITY.md, "Faults and promises").
pub const MOST_LAG: Duration = Duration::from_secs(5);

/// How long one step of reading news may take; a connection that does not answer by then is taken for dead. Shorter than
/// a connection is waited for, so that one that somebody else left in the middle of a reading is taken for dead too.
const READING: Duration = ACQUIRE.saturating_sub(Duration::from_millis(100));
/// How many providers are read one by one; with more, the whole map is read.
const MOST_PROVIDERS: usize = 500;
/// How many providers are read in one step.
const PART: usize = 20;
/// A replica that has not read for so long reads the whole map: well within the retention.
const TOO_OLD: Duration = Duration::from_hours(24);

/// How the map follows the database.
#[derive(Debug)]
pub(super) struct Following {
    state: Mutex<State>,
    wake: Notify,
    /// Readings that were asked for, and how many of them are served.
    asked: AtomicU64,
    served: AtomicU64,
    /// When the last reading that went well began.
    fresh: std::sync::Mutex<Instant>,
    /// When the large snapshot was made.
    made: std::sync::Mutex<Instant>,
    /// How often the whole map was read.
    loads: AtomicU64,
    /// Whether the database has answered a reading since one last took too long.
    answers: AtomicBool,
}

#[derive(Debug)]
struct State {
    position: Position,
    /// What was read while another large snapshot is made; none: none is.
    meanwhile: Option<Changed>,
}

impl Following {
    /// From a map that was just read, `began` before.
    pub(super) fn new(position: Position, began: Instant) -> Self {
        Self {
            state: Mutex::new(State { position, meanwhile: None }),
            wake: Notify::new(),
            asked: AtomicU64::new(0),
            served: AtomicU64::new(0),
            fresh: std::sync::Mutex::new(began),
            made: std::sync::Mutex::new(Instant::now()),
            loads: AtomicU64::new(1),
            answers: AtomicBool::new(true),
        }
    }

    /// How long ago the map was known to be what the database says.
    pub(super) fn lag(&self) -> Duration {
        self.fresh.lock().map_or(Duration::MAX, |fresh| fresh.elapsed())
    }

    /// How long ago the large snapshot was made.
    pub(super) fn age(&self) -> Duration {
        self.made.lock().map_or(Duration::MAX, |made| made.elapsed())
    }

    fn has_another_base(&self) {
        if let Ok(mut made) = self.made.lock() {
            *made = Instant::now();
        }
    }

    /// How often the whole map was read.
    pub(super) fn loads(&self) -> u64 {
        self.loads.load(Ordering::Relaxed)
    }

    fn read_as_of(&self, began: Instant) {
        if let Ok(mut fresh) = self.fresh.lock() {
            *fresh = began;
        }
    }
}

impl Store {
    /// Brings the map to what is committed in the database when this is called.
    ///
    /// # Errors
    /// When the database does not answer; the map is then as it was.
    pub async fn catch_up(&self) -> Result<(), StoreError> {
        let following = &self.following;
        let ticket = following.asked.fetch_add(1, Ordering::AcqRel) + 1;
        let mut state = following.state.lock().await;
        // Whoever waited here may have been served by a reading that began after it asked.
        if following.served.load(Ordering::Acquire) >= ticket {
            return Ok(());
        }
        let covers = following.asked.load(Ordering::Acquire);
        let began = Instant::now();
        self.read_news(&mut state).await?;
        following.answers.store(true, Ordering::Release);
        following.served.store(covers, Ordering::Release);
        following.read_as_of(began);
        Ok(())
    }

    async fn read_news(&self, state: &mut State) -> Result<(), StoreError> {
        if self.following.lag() <= TOO_OLD && self.lay_news(state).await? {
            return Ok(());
        }
        self.read_whole(state, Source::ReadReplica).await?;
        // The read replica may be behind: what it does not know yet is news, or is not to be had from it at all.
        if !self.lay_news(state).await? {
            self.read_whole(state, Source::Primary).await?;
        }
        Ok(())
    }

    /// Lays over the map what changed; false: the whole map is to be read.
    async fn lay_news(&self, state: &mut State) -> Result<bool, StoreError> {
        let Some((changed, position)) = self.news(&state.position).await? else { return Ok(false) };
        if !changed.is_empty() {
            let map = self.map.load_full();
            let meanwhile = state.meanwhile.is_some().then(|| changed.clone());
            self.map.store(Arc::new(blocking(move || map.changed(changed)).await?));
            if let Some((all, new)) = state.meanwhile.as_mut().zip(meanwhile) {
                all.extend(new);
            }
            self.alerting.wake.notify_one();
        }
        state.position = position;
        Ok(true)
    }

    /// What changed, and how far that goes; none: the whole map is to be read.
    async fn news(&self, since: &Position) -> Result<Option<(Changed, Position)>, StoreError> {
        let connection = self.database.feed_connection();
        let (tx, news) = self
            .in_time(async {
                let tx = load::begin(&connection).await?;
                let news = feed::read(&tx, since).await?;
                Ok((tx, news))
            })
            .await?;
        self.remembered.forget(&news.changes);
        let mut providers: Vec<ProviderId> = news.changes.iter().filter_map(|change| change.provider).collect();
        providers.sort_unstable();
        providers.dedup();
        let everything = news.changes.iter().any(|change| change.kind == ChangeKind::Map);
        if news.broken || everything || providers.len() > MOST_PROVIDERS {
            return Ok(None);
        }
        let mut changed = Changed::new();
        // In parts, so that the limit is one of standing still and not of how much there is.
        for part in providers.chunks(PART) {
            changed.extend(self.in_time(load::bundles(&tx, part.to_vec())).await?);
        }
        self.in_time(async { Ok(tx.commit().await?) }).await?;
        Ok(Some((changed, news.position)))
    }

    /// Does one step of reading the news. What takes too long may have been swallowed: its connection is replaced.
    async fn in_time<T>(&self, step: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let (requests, feed) = (self.database.connection(), self.database.feed_connection());
        if let Ok(done) = timeout(READING, step).await {
            return done;
        }
        self.database.renew_feed(&feed).await;
        // What the network swallowed of the feed it may have swallowed of requests. Once: a database that takes nobody in any
        // more must not cost those whom it still answers.
        if self.following.answers.swap(false, Ordering::AcqRel) {
            self.database.renew(&requests).await;
        }
        Err(StoreError::too_slow())
    }

    async fn read_whole(&self, state: &mut State, source: Source) -> Result<(), StoreError> {
        tracing::info!("the whole map is read anew");
        let loaded = self.database.load(source).await?;
        self.following.loads.fetch_add(1, Ordering::Relaxed);
        self.remembered.forget_all();
        let base_date = dutch_date(self.clock.now());
        let base = blocking(move || Snapshot::build(loaded.records, base_date)).await?;
        self.map.store(Arc::new(Map::new(Arc::new(base), base_date)));
        self.following.has_another_base();
        // A large snapshot that is being made is of yesterday.
        *state = State { position: loaded.position, meanwhile: None };
        Ok(())
    }
}
