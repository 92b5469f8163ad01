//! The keys of an issuer as they were last read, and when they are read again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use tokio::{sync::Mutex, task::JoinHandle, time::timeout};

use super::{keys::KeySet, source::Source};

/// How often keys are read at most: whoever invents names of keys must not make us a burden to the issuer.
const AT_MOST_EVERY: Duration = Duration::from_secs(60);
/// When keys are read again without being missed, so that one that was withdrawn is not taken for long.
const OLD: Duration = Duration::from_secs(60 * 60);
/// When keys that could not be read again are not taken any more.
const TOO_OLD: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a request waits for keys that it misses. The reading goes on without it.
const PATIENCE: Duration = Duration::from_millis(900);

/// The keys of one issuer.
pub(super) struct KeyCache {
    source: Source,
    known: ArcSwap<Known>,
    /// When keys were last asked for. Held while they are read, so that all who miss one wait for one reading.
    asked: Arc<Mutex<Option<Instant>>>,
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
        Arc::new(Self { source, known: ArcSwap::default(), asked: Arc::default() })
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
        let _ = timeout(PATIENCE, reading).await;
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
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::{BoxFuture, join_all};
    use serde_json::json;
    use tokio::sync::Semaphore;
    use url::Url;

    use super::{super::source::Fetch, *};
    use crate::auth::IssuerConfig;

    /// An issuer in memory, that can be made to wait.
    struct Fake {
        document: ArcSwap<Result<String, String>>,
        asked: AtomicUsize,
        answers: Semaphore,
    }

    impl Fetch for Fake {
        fn get(&self, _: Url) -> BoxFuture<'_, Result<Vec<u8>, String>> {
            Box::pin(async {
                self.asked.fetch_add(1, Ordering::SeqCst);
                self.answers.acquire().await.unwrap().forget();
                (**self.document.load()).clone().map(String::into_bytes)
            })
        }
    }

    impl Fake {
        fn new() -> Arc<Self> {
            let fake = Self {
                document: ArcSwap::from_pointee(Err("away".into())),
                asked: AtomicUsize::new(0),
                answers: Semaphore::new(1_000),
            };
            Arc::new(fake)
        }

        fn has(&self, ids: &[&str]) {
            let key = |id: &&str| json!({"kty": "OKP", "crv": "Ed25519", "kid": id, "x": "A".repeat(43)});
            let keys: Vec<_> = ids.iter().map(key).collect();
            self.document.store(Arc::new(Ok(json!({ "keys": keys }).to_string())));
        }

        fn is_away(&self) {
            self.document.store(Arc::new(Err("away".into())));
        }

        fn asked(&self) -> usize {
            self.asked.load(Ordering::SeqCst)
        }

        fn cache(self: &Arc<Self>) -> Arc<KeyCache> {
            let config = json!({"issuer": "x", "audience": "y", "algorithms": ["EdDSA"],
                "keys": {"url": "https://x.example/jwks"}, "roles": {"k": "KENNISCENTRUM"}});
            let config: IssuerConfig = serde_json::from_value(config).unwrap();
            KeyCache::new(Source::new(&config, Arc::clone(self) as Arc<dyn Fetch>))
        }
    }

    async fn knows(cache: &Arc<KeyCache>, id: &str, moment: Instant) -> bool {
        cache.check(id, moment, |_| true).await
    }

    /// Waits until nobody reads any more.
    async fn settled(cache: &KeyCache) {
        drop(cache.asked.lock().await);
    }

    fn start() -> Instant {
        Instant::now()
    }

    #[tokio::test]
    async fn a_key_that_is_missed_is_looked_for_once_a_minute() {
        let (issuer, at) = (Fake::new(), start());
        issuer.has(&["a"]);
        let cache = issuer.cache();
        cache.read(at).await;
        assert!(knows(&cache, "a", at).await && issuer.asked() == 1);

        issuer.has(&["b"]);
        assert!(knows(&cache, "b", at).await && issuer.asked() == 2);
        assert!(!knows(&cache, "a", at).await, "what is gone is not taken");
        issuer.has(&["c"]);
        for n in 0..100 {
            assert!(!knows(&cache, &n.to_string(), at + Duration::from_millis(599 * n)).await);
        }
        assert!(!knows(&cache, "c", at + Duration::from_secs(59)).await);
        assert_eq!(issuer.asked(), 2);
        assert!(knows(&cache, "c", at + Duration::from_secs(60)).await && issuer.asked() == 3);
    }

    #[tokio::test]
    async fn all_who_miss_a_key_wait_for_one_reading() {
        let (issuer, at) = (Fake::new(), start());
        let cache = issuer.cache();
        issuer.has(&["a"]);
        let all = join_all((0..50).map(|_| knows(&cache, "a", at)));
        assert!(all.await.into_iter().all(|known| known));
        assert_eq!(issuer.asked(), 1);
    }

    #[tokio::test]
    async fn a_client_that_goes_away_does_not_end_the_reading() {
        let (issuer, at) = (Fake::new(), start());
        let cache = issuer.cache();
        issuer.has(&["a"]);
        issuer.answers.forget_permits(1_000);
        {
            let asking = knows(&cache, "a", at);
            let asked = async {
                while issuer.asked() == 0 {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                _ = asking => unreachable!("nobody answers"),
                () = asked => {}
            }
        }
        issuer.answers.add_permits(1);
        settled(&cache).await;
        assert!(knows(&cache, "a", at).await && issuer.asked() == 1);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_long() {
        let (issuer, at) = (Fake::new(), start());
        let cache = issuer.cache();
        issuer.has(&["a"]);
        issuer.answers.forget_permits(1_000);
        let began = tokio::time::Instant::now();
        assert!(!knows(&cache, "a", at).await && !knows(&cache, "a", at).await);
        assert!(began.elapsed() < Duration::from_secs(2) && issuer.asked() == 1);
        issuer.answers.add_permits(1);
        settled(&cache).await;
        assert!(knows(&cache, "a", at).await);
    }

    #[tokio::test]
    async fn old_keys_are_read_again_beside_the_requests() {
        let (issuer, at) = (Fake::new(), start());
        issuer.has(&["a"]);
        let cache = issuer.cache();
        cache.read(at).await;
        issuer.has(&["b"]);
        assert!(knows(&cache, "a", at + OLD.checked_sub(Duration::from_secs(1)).unwrap()).await && issuer.asked() == 1);
        assert!(knows(&cache, "a", at + OLD).await, "the old one is good until the new ones are there");
        settled(&cache).await;
        assert_eq!(issuer.asked(), 2);
        assert!(knows(&cache, "b", at + OLD).await && !knows(&cache, "a", at + OLD).await);
    }

    #[tokio::test]
    async fn keys_outlive_their_issuer_by_a_day() {
        let (issuer, at) = (Fake::new(), start());
        issuer.has(&["a"]);
        let cache = issuer.cache();
        cache.read(at).await;
        issuer.is_away();
        for hours in [1, 2, 23] {
            assert!(knows(&cache, "a", at + OLD * hours).await, "{hours}");
            settled(&cache).await;
        }
        assert_eq!(issuer.asked(), 4);
        assert!(!knows(&cache, "a", at + TOO_OLD).await);
        issuer.has(&["a"]);
        assert!(!knows(&cache, "a", at + TOO_OLD).await);
        assert!(knows(&cache, "a", at + TOO_OLD + AT_MOST_EVERY).await);
    }

    #[tokio::test]
    async fn an_answer_that_is_no_set_of_keys_changes_nothing() {
        let (issuer, at) = (Fake::new(), start());
        issuer.has(&["a"]);
        let cache = issuer.cache();
        cache.read(at).await;
        for nonsense in ["", "<html>", "{}", "[]", "{\"keys\":1}"] {
            issuer.document.store(Arc::new(Ok(nonsense.into())));
            cache.read(at).await;
            assert!(knows(&cache, "a", at).await, "{nonsense}");
        }
        issuer.has(&[]);
        cache.read(at).await;
        assert!(!knows(&cache, "a", at).await);
    }
}
