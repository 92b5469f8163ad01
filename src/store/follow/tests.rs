//! What is read while a large snapshot is made.

#![expect(clippy::unwrap_used, reason = "a failed test should stop at once")]

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;

use super::super::{Database, DatabaseLimits, DatabaseUrl, Store};
use crate::{
    auth::Scope,
    care::{
        freshness::FreshnessRule,
        id::{PlaceId, ProviderId},
    },
    clock::Clock,
};

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();

/// The demo, served, and two places of it, of two providers.
struct Served {
    store: Store,
    places: [(PlaceId, ProviderId); 2],
    _directory: TempDir,
}

impl Served {
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::sqlite_file(&directory.path().join("test.db"));
        let database = Database::connect(&url, 2).await.unwrap();
        database.migrate().await.unwrap();
        database.seed_reference().await.unwrap();
        database.seed_demo(TODAY, true).await.unwrap();
        let database = database.for_service(2, DatabaseLimits::default(), None).await.unwrap();
        let clock = Clock::standing_on(TODAY);
        let store = Store::open(database, FreshnessRule::default(), "test".into(), clock).await.unwrap();
        let places = {
            let map = store.map.load_full();
            let all: Vec<_> = (0..).map_while(|place| map.facts(place)).collect();
            let ids = [all.first().unwrap(), all.last().unwrap()].map(|facts| (facts.place.id, facts.provider.id));
            assert_ne!(ids[0].1, ids[1].1);
            ids
        };
        Self { store, places, _directory: directory }
    }

    /// Changes the phone of a place, as another replica would; `entity` is what the feed says about it.
    async fn change(&self, which: usize, phone: &str, entity: &str) {
        let (place, provider) = self.places[which];
        let (place, provider) = (place.0.simple(), provider.0.simple());
        let sql = format!(
            "update place set phone = '{phone}' where id = x'{place}'; \
             insert into change (entity, entity_id, occurred_at, provider_id) \
             values ('{entity}', '', current_timestamp, x'{provider}')"
        );
        self.store.database.connection().execute_unprepared(&sql).await.unwrap();
    }

    fn phones(&self) -> [String; 2] {
        let view = self.store.view(Scope::anonymous(), self.store.clock.now());
        self.places.map(|(place, _)| {
            let seen = view.seen_place(view.place(place).unwrap()).unwrap();
            seen.phone().unwrap_or_default().into()
        })
    }
}

/// What is read before a large snapshot is begun is in it, and what is read while it is made lies over it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_in_the_middle_of_a_merge_is_kept() {
    let served = Served::start().await;
    served.change(0, "before", "PLACE").await;
    served.store.catch_up().await.unwrap();
    let map = served.store.begin_merging().await;
    served.change(1, "meanwhile", "PLACE").await;
    served.store.catch_up().await.unwrap();
    assert_eq!(served.phones(), ["before", "meanwhile"], "it is seen at once");
    let later = TODAY.succ_opt().unwrap();
    served.store.end_merging(Ok(map.merged(later).into()), later).await.unwrap();
    assert_eq!(served.store.map.load().base_date(), later, "the large snapshot is the new one");
    assert_eq!(served.phones(), ["before", "meanwhile"]);
    served.change(1, "after", "PLACE").await;
    served.store.catch_up().await.unwrap();
    assert_eq!(served.phones(), ["before", "after"]);
}

/// A large snapshot of before is not laid under a map that was read anew while it was made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_map_that_is_read_in_the_middle_of_a_merge_stays() {
    let served = Served::start().await;
    let map = served.store.begin_merging().await;
    served.change(0, "meanwhile", "MAP").await;
    served.store.catch_up().await.unwrap();
    let later = TODAY.succ_opt().unwrap();
    served.store.end_merging(Ok(map.merged(later).into()), later).await.unwrap();
    assert_eq!(served.store.map.load().base_date(), TODAY, "what was merged is of before");
    assert_eq!(served.phones()[0], "meanwhile");
}

/// A large snapshot that could not be made leaves the map as it was, and the next one is made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_that_fails_harms_nothing() {
    let served = Served::start().await;
    served.store.begin_merging().await;
    served.change(0, "meanwhile", "PLACE").await;
    served.store.catch_up().await.unwrap();
    assert!(served.store.end_merging(Err(super::StoreError::too_slow()), TODAY).await.is_err());
    assert_eq!(served.phones()[0], "meanwhile");
    let map = served.store.begin_merging().await;
    let later = TODAY.succ_opt().unwrap();
    served.store.end_merging(Ok(map.merged(later).into()), later).await.unwrap();
    assert_eq!(served.store.map.load().base_date(), later);
    assert_eq!(served.phones()[0], "meanwhile");
}
