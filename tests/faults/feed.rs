//! The change feed: whoever reads it misses nothing, in whatever order transactions commit.

use std::collections::BTreeSet;

use futures::future::join_all;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, TransactionTrait};
use uuid::Uuid;
use zorgkaart::{
    auth::Scope,
    care::{demo::demo, freshness::FreshnessRule, id::PlaceId, shipped::reference},
    clock::Clock,
    store::{Database as OurDatabase, DatabaseLimits, DatabaseUrl, Store},
};

use crate::{
    alone,
    support::databases::{DEMO_DATE, TestDatabase},
};

const WRITERS: usize = 200;

/// Changes a place from outside, with what the feed says of it; `place` comes with its provider.
pub(crate) async fn change_phone(connection: &impl ConnectionTrait, (place, provider): (Uuid, Uuid), phone: &str) {
    let sql = format!(
        "update place set phone = '{phone}' where id = '{place}'; \
         insert into change (entity, entity_id, occurred_at, provider_id) \
         values ('PLACE', '{place}', current_timestamp, '{provider}')"
    );
    connection.execute_unprepared(&sql).await.unwrap();
}

/// Two hundred transactions take their numbers in one order and commit in another; some roll back. Another one stays open
/// all the time. After every reading everything that was committed before it began is on the map.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_committed_change_is_missed_whatever_the_order_of_commits() {
    let _alone = alone().await;
    let Some(db) = TestDatabase::postgres().await else { return };
    let mut options = ConnectOptions::new(&db.url);
    options.max_connections(u32::try_from(WRITERS).unwrap() + 2).sqlx_logging(false);
    let writing = Database::connect(options).await.unwrap();

    let demo = demo(&reference().unwrap(), 1, DEMO_DATE).unwrap();
    let places: Vec<(Uuid, Uuid)> = demo
        .bundles
        .iter()
        .flat_map(|bundle| bundle.places.iter().map(|place| (place.id.0, bundle.provider.id.0)))
        .take(WRITERS)
        .collect();
    assert_eq!(places.len(), WRITERS);

    let url = DatabaseUrl::parse(&db.url).unwrap();
    let ours = OurDatabase::connect(&url, 2).await.unwrap();
    let ours = ours.for_service(4, DatabaseLimits::default(), None).await.unwrap();
    let clock = Clock::standing_on(DEMO_DATE);
    let store = Store::open(ours, FreshnessRule::default(), "test".into(), clock);
    let store = store.await.unwrap();

    // One that holds back the oldest snapshot until the end.
    let open = writing.begin().await.unwrap();
    open.execute_unprepared("select pg_current_xact_id()").await.unwrap();

    // All take their numbers, in order.
    let mut begun = Vec::new();
    for (number, (place, provider)) in places.iter().enumerate() {
        let tx = writing.begin().await.unwrap();
        change_phone(&tx, (*place, *provider), &format!("call {number}")).await;
        begun.push((number, tx));
    }
    // And end in another: by a walk that visits each once, eight at a time. Every eleventh rolls back.
    begun.sort_by_key(|(number, _)| (number * 77) % WRITERS);
    let mut begun = begun.into_iter().peekable();
    let mut committed = BTreeSet::new();
    while begun.peek().is_some() {
        let ends = begun.by_ref().take(8).map(async |(number, tx)| {
            if number % 11 == 0 {
                tx.rollback().await.unwrap();
                return None;
            }
            tx.commit().await.unwrap();
            Some(number)
        });
        let reading = async {
            for _ in 0..4 {
                store.catch_up().await.unwrap();
            }
        };
        let (ended, ()) = tokio::join!(join_all(ends), reading);
        committed.extend(ended.into_iter().flatten());
        store.catch_up().await.unwrap();
        let view = store.view(Scope::anonymous(), clock.now());
        for (number, (place, _)) in places.iter().enumerate() {
            let seen = view.seen_place(view.place(PlaceId(*place)).unwrap()).unwrap();
            let is_new = seen.phone() == Some(format!("call {number}").as_str());
            assert_eq!(is_new, committed.contains(&number), "place {number} of {}", committed.len());
        }
    }
    assert_eq!(committed.len(), WRITERS - WRITERS.div_ceil(11));
    assert_eq!(store.state().loads, 1, "changes are read one by one");
    open.rollback().await.unwrap();
}
