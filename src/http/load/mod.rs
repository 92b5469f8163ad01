//! More than this process can do: who is let in, who is told to come back.
//!
//! Two things can run out. Requests that wait for the database take turns, so that what is under way is bounded and with it
//! memory. Where it is the processor, requests wait for that: each lets those go first whom nobody has looked at yet, so that all
//! are soon answered or told to come back; after an answer for no longer than that took, so that some are answered whatever
//! comes. Who has waited too long is told to come back. A refusal costs little, so the queue is gone as soon as fewer come.

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
    runtime::Handle,
    sync::{Semaphore, SemaphorePermit},
    task::yield_now,
    time::timeout,
};

use super::refusal::Refused;
use crate::graphql::error::Code;
use rates::Rates;

/// What takes longer than this waited for something meanwhile, microseconds: nobody has to make up for it.
const LONGEST: u64 = 50_000;

/// How much is taken on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoadLimits {
    /// How many requests are answered at a time.
    pub at_once: usize,
    /// How many more wait for their turn.
    pub waiting: usize,
    /// How long they do, and how long any request waits for the processor, before it is told to come back, milliseconds.
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
    /// How many have been looked at, and let others go first.
    looked_at: AtomicUsize,
    began: Instant,
    /// Until then others go first, if there are any; microseconds after `began`.
    others_until: AtomicU64,
    turns: Semaphore,
    waiting: AtomicUsize,
    most_waiting: usize,
    patience: Duration,
    rates: Rates,
    seats: Arc<Semaphore>,
}

impl Load {
    pub(super) fn new(limits: &LoadLimits) -> Self {
        let seats = |count: usize| Semaphore::new(count.min(Semaphore::MAX_PERMITS));
        Self {
            looked_at: AtomicUsize::new(0),
            began: Instant::now(),
            others_until: AtomicU64::new(0),
            turns: seats(limits.at_once),
            waiting: AtomicUsize::new(0),
            most_waiting: limits.waiting,
            patience: Duration::from_millis(limits.patience_milliseconds),
            rates: Rates::new(limits.per_token, limits.per_address),
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
    pub(super) async fn turn(&self) -> Result<Turn<'_>, Refused> {
        let patience = self.processor().await?;
        if let Ok(permit) = self.turns.try_acquire() {
            return Ok(Turn { load: self, began: Instant::now(), _permit: permit });
        }
        let place = Place::take(&self.waiting);
        if place.number >= self.most_waiting {
            return Err(busy());
        }
        match timeout(patience, self.turns.acquire()).await {
            Ok(Ok(permit)) => Ok(Turn { load: self, began: Instant::now(), _permit: permit }),
            _ => Err(busy()),
        }
    }

    /// Waits for the processor; what is left of the patience.
    async fn processor(&self) -> Result<Duration, Refused> {
        let came = Instant::now();
        let _looked_at = Place::take(&self.looked_at);
        let threads = Handle::current().metrics();
        loop {
            yield_now().await;
            let patience = self.patience.checked_sub(came.elapsed()).ok_or_else(busy)?;
            // What did not fit into the queue of a thread, and is none of those here, nobody has looked at.
            let all_seen = threads.global_queue_depth() <= self.looked_at.load(Ordering::Acquire);
            if all_seen || self.microseconds() >= self.others_until.load(Ordering::Acquire) {
                return Ok(patience);
            }
        }
    }

    fn microseconds(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// Somebody's turn.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    load: &'a Load,
    began: Instant,
    _permit: SemaphorePermit<'a>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let took = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX).min(LONGEST);
        self.load.others_until.store(self.load.microseconds().saturating_add(took), Ordering::Release);
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
        let (waits, (refused, ())) = tokio::join!(biased; load.turn(), async {
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
        let load = one_waits(200);
        let _first = load.turn().await.unwrap();
        assert!(load.turn().await.is_err());
    }

    #[tokio::test]
    async fn whoever_waits_too_long_for_the_processor_comes_back() {
        let began = Instant::now();
        let others = async {
            while began.elapsed() < Duration::from_millis(400) {
                std::hint::spin_loop();
            }
        };
        let (impatient, patient) = (one_waits(200), one_waits(60_000));
        let (late, on_time, ()) = tokio::join!(impatient.turn(), patient.turn(), others);
        assert_eq!(late.err().map(|refused| refused.code()), Some(Code::Unavailable));
        assert!(on_time.is_ok());
        assert!(impatient.turn().await.is_ok(), "nobody is before it");
    }
}
