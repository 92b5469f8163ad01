//! More than this process can do: who is let in, who is told to come back.
//!
//! Two things can run out. Requests that wait for the database take turns, so that what is under way is bounded and with it
//! memory. Where it is the processor, requests wait before anything here sees them; then a pulse that ought to beat every few
//! milliseconds comes late, and whoever comes is told to come back until it is on time again. A refusal costs little, so the
//! queue is gone as soon as fewer come.

mod rates;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{MissedTickBehavior, interval, timeout},
};

use super::refusal::Refused;
use crate::graphql::error::Code;
use rates::Rates;

/// How often the pulse beats.
const BEAT: Duration = Duration::from_millis(20);

/// How much is taken on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoadLimits {
    /// How many requests are answered at a time.
    pub at_once: usize,
    /// How many more wait for their turn.
    pub waiting: usize,
    /// How long they do, and how late the process may be, before whoever comes is told to come back, milliseconds.
    pub patience_milliseconds: u64,
    /// How many connections there are at a time.
    pub connections: usize,
    /// How many requests somebody may send a minute, by token; 0: any number.
    pub per_token: u32,
    /// How many requests may come from one address a minute (of IPv6: from one /64); 0: any number, as behind a proxy, from
    /// which all come.
    pub per_address: u32,
}

impl Default for LoadLimits {
    fn default() -> Self {
        Self {
            at_once: 256,
            waiting: 1_024,
            patience_milliseconds: 500,
            connections: 16_384,
            per_token: 6_000,
            per_address: 60_000,
        }
    }
}

/// What is taken on at the moment.
#[derive(Debug)]
pub(super) struct Load {
    turns: Semaphore,
    waiting: AtomicUsize,
    most_waiting: usize,
    patience: Duration,
    rates: Rates,
    began: Instant,
    /// When the pulse beat last, milliseconds after `began`; 0: nobody feels it.
    beat: AtomicU64,
    seats: Arc<Semaphore>,
}

impl Load {
    pub(super) fn new(limits: &LoadLimits) -> Self {
        let seats = |count: usize| Semaphore::new(count.min(Semaphore::MAX_PERMITS));
        Self {
            turns: seats(limits.at_once),
            waiting: AtomicUsize::new(0),
            most_waiting: limits.waiting,
            patience: Duration::from_millis(limits.patience_milliseconds),
            rates: Rates::new(limits.per_token, limits.per_address),
            began: Instant::now(),
            beat: AtomicU64::new(0),
            seats: Arc::new(seats(limits.connections)),
        }
    }

    /// Room for connections.
    pub(super) fn seats(&self) -> Arc<Semaphore> {
        Arc::clone(&self.seats)
    }

    /// Who counts requests.
    pub(super) const fn rates(&self) -> &Rates {
        &self.rates
    }

    /// A turn to answer; it ends when it is dropped.
    ///
    /// # Errors
    /// When there is more to do than can be done.
    pub(super) async fn turn(&self) -> Result<SemaphorePermit<'_>, Refused> {
        if self.is_late() {
            return Err(busy());
        }
        if let Ok(turn) = self.turns.try_acquire() {
            return Ok(turn);
        }
        let place = Place::take(&self.waiting);
        if place.number >= self.most_waiting {
            return Err(busy());
        }
        match timeout(self.patience, self.turns.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(busy()),
        }
    }

    /// Beats, for as long as this runs.
    pub(super) async fn pulse(&self) {
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beats.tick().await;
            self.beat.store(self.milliseconds().max(1), Ordering::Relaxed);
        }
    }

    /// Whether tasks that are ready wait for longer than anybody should.
    fn is_late(&self) -> bool {
        let beat = self.beat.load(Ordering::Relaxed);
        beat != 0 && Duration::from_millis(self.milliseconds().saturating_sub(beat)) > self.patience + BEAT
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A place among those who wait.
struct Place<'a> {
    waiting: &'a AtomicUsize,
    number: usize,
}

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Self {
        Self { waiting, number: waiting.fetch_add(1, Ordering::AcqRel) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

fn busy() -> Refused {
    Refused::new(
        StatusCode::SERVICE_UNAVAILABLE,
        Code::Unavailable,
        "There is more to do than can be done at the moment. Try again in a second.",
    )
    .with_header(RETRY_AFTER, HeaderValue::from_static("1"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;

    fn one_waits(patience_milliseconds: u64) -> Load {
        Load::new(&LoadLimits { at_once: 1, waiting: 1, patience_milliseconds, ..LoadLimits::default() })
    }

    #[tokio::test]
    async fn some_wait_and_the_rest_come_back() {
        let load = one_waits(60_000);
        let first = load.turn().await.unwrap();
        let (waits, (refused, ())) = tokio::join!(load.turn(), async {
            let refused = load.turn().await.err();
            drop(first);
            (refused, ())
        });
        assert!(waits.is_ok(), "who waits gets the turn");
        assert_eq!(refused.map(|refused| refused.code()), Some(Code::Unavailable));
        drop(waits);
        assert!(load.turn().await.is_ok());
    }

    #[tokio::test]
    async fn nobody_waits_forever() {
        let load = one_waits(1);
        let _first = load.turn().await.unwrap();
        assert!(load.turn().await.is_err());
    }

    #[tokio::test]
    async fn whoever_comes_while_the_process_is_late_comes_back() {
        let load = Load::new(&LoadLimits { patience_milliseconds: 0, ..LoadLimits::default() });
        assert!(load.turn().await.is_ok(), "nobody feels the pulse");
        load.beat.store(1, Ordering::Relaxed);
        while load.began.elapsed() < BEAT * 2 {
            std::hint::spin_loop();
        }
        assert!(load.turn().await.is_err());
        load.beat.store(load.milliseconds(), Ordering::Relaxed);
        assert!(load.turn().await.is_ok());
    }
}
