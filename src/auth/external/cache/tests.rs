//! When keys are read, and which are taken in the meantime.

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
    assert!(knows(&cache, "c", at + Duration::from_mins(1)).await && issuer.asked() == 3);
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

#[tokio::test]
async fn nobody_waits_longer_than_they_have_patience() {
    let (issuer, at) = (Fake::new(), start());
    let mut cache = issuer.cache();
    Arc::get_mut(&mut cache).unwrap().patience = Duration::from_millis(1);
    issuer.has(&["a"]);
    issuer.answers.forget_permits(1_000);
    assert!(!knows(&cache, "a", at).await && !knows(&cache, "a", at).await);
    assert_eq!(issuer.asked(), 1);
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
