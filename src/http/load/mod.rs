//! More than this process can do: who is let in, who is told to come back.
//!
//! Two things can run out. Requests that wait for the database take turns, so that what is under way is bounded and with it
//! memory. Where it is the processor, each request lets those who came before it go first once. Either way so many wait at
//! most and for so long; the others are told to come back. A refusal costs little, so the queue is gone as soon as fewer come.

mod rates;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
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

/// How much is taken on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoadLimits {
    /// How many requests are answered at a time.
    pub at_once: usize,
    /// How many more wait for a turn, or for the processor.
    pub waiting: usize,
    /// How long they do before they are told to come back, milliseconds.
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
        let (came, place) = (Instant::now(), Place::take(&self.waiting));
        if place.number >= self.most_waiting {
            return Err(busy());
        }
        let threads = Handle::current().metrics();
        let patience = loop {
            // Those who came before are answered meanwhile, and whom nobody has looked at yet is told that it is one too many.
            yield_now().await;
            let patience = self.patience.checked_sub(came.elapsed()).ok_or_else(busy)?;
            if threads.global_queue_depth() <= self.waiting.load(Ordering::Acquire) {
                break patience;
            }
        };
        if let Ok(turn) = self.turns.try_acquire() {
            return Ok(turn);
        }
        match timeout(patience, self.turns.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(busy()),
        }
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
