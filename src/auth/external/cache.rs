//! The keys of an issuer as they were last read, and when they are read again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use tokio::{sync::Mutex, task::JoinHandle, time::timeout};

use super::{keys::KeySet, source::Source};

/// How often keys are read at most: whoever invents names of keys must not make us a burden to the issuer.
const AT_MOST_EVERY: Duration = Duration::from_mins(1);
/// When keys are read again without being missed, so that one that was withdrawn is not taken for long.
const OLD: Duration = Duration::from_hours(1);
/// When keys that could not be read again are not taken any more.
const TOO_OLD: Duration = Duration::from_hours(24);
/// How long a request waits for keys that it misses. The reading goes on without it.
const PATIENCE: Duration = Duration::from_millis(900);

/// The keys of one issuer.
pub(super) struct KeyCache {
    source: Source,
    known: ArcSwap<Known>,
    /// When keys were last asked for. Held while they are read, so that all who miss one wait for one reading.
    asked: Arc<Mutex<Option<Instant>>>,
    patience: Duration,
}

/// What is known of the keys, and since when.
#[derive(Default)]
struct Known {
    keys: KeySet,
    since: Option<Instant>,
}

impl Known {
    fn is_within(&self, age: Duration, moment: Instant) -> bool {
        self.since.is_some_and(|since| moment.saturating_duration_since(since) < age)
    }
}

impl KeyCache {
    /// A cache with nothing in it.
    pub(super) fn new(source: Source) -> Arc<Self> {
        Arc::new(Self { source, known: ArcSwap::default(), asked: Arc::default(), patience: PATIENCE })
    }

    /// Whether `check` holds for the key of a name; false without such a key. A key that is not known is looked for once
    /// more, within limits.
    pub(super) async fn check(
        self: &Arc<Self>,
        id: &str,
        moment: Instant,
        check: impl Fn(&super::keys::Key) -> bool,
    ) -> bool {
        let with_key = || {
            let known = self.known.load();
            let key = known.keys.get(id).filter(|_| known.is_within(TOO_OLD, moment));
            key.map(|key| (check(key), known.is_within(OLD, moment)))
        };
        if let Some((good, recent)) = with_key() {
            if !recent {
                drop(self.begin(moment));
            }
            return good;
        }
        let reading = async {
            match self.begin(moment) {
                Some(reading) => drop(reading.await),
                None => drop(self.asked.lock().await),
            }
        };
        let _ = timeout(self.patience, reading).await;
        with_key().is_some_and(|(good, _)| good)
    }

    /// Begins to read the keys again, unless somebody does or did so. It is a task of its own: a client that goes away
    /// must not end it, or it could keep others from new keys for ever.
    fn begin(self: &Arc<Self>, moment: Instant) -> Option<JoinHandle<()>> {
        let mut asked = Arc::clone(&self.asked).try_lock_owned().ok()?;
        if asked.is_some_and(|last| moment.saturating_duration_since(last) < AT_MOST_EVERY) {
            return None;
        }
        *asked = Some(moment);
        let this = Arc::clone(self);
        Some(tokio::spawn(async move {
            this.read(moment).await;
            drop(asked);
        }))
    }

    /// Reads the keys. Those that are no longer there are gone; when nothing can be read all stay as they were.
    pub(super) async fn read(&self, moment: Instant) {
        let issuer = self.source.issuer();
        match self.source.read().await {
            Ok(keys) => {
                let (taken, ignored) = (keys.len(), keys.ignored);
                self.known.store(Arc::new(Known { keys, since: Some(moment) }));
                if taken == 0 {
                    tracing::warn!(issuer, ignored, "an issuer has no key that can be taken");
                } else {
                    tracing::info!(issuer, taken, ignored, "the keys of an issuer were read");
                }
            }
            Err(error) => tracing::warn!(issuer, error, "the keys of an issuer could not be read"),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests;
