//! Whoever leaves in the middle of what a network has swallowed: nothing waits for what they held.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use uuid::Uuid;
use zorgkaart::{
    auth::Scope,
    care::{demo::demo, freshness::FreshnessRule, id::ProviderId, shipped::reference},
    clock::Clock,
    store::{Database as OurDatabase, DatabaseLimits, DatabaseUrl, Store},
};

use crate::{
    beside,
    feed::change_phone,
    support::{
        cluster::Cluster,
        databases::{DEMO_DATE, fill},
        proxy::Proxy,
    },
};

/// How many connections requests may use.
const CONNECTIONS: u32 = 2;
/// Limits under which what was left in the middle stays for longer than a test waits.
const PATIENT: DatabaseLimits = DatabaseLimits { seconds: 60, statements: 100 };
/// How long a server may take to notice that a connection was closed.
const CLOSING: Duration = Duration::from_secs(20);
/// How often a connection may be waited for in vain, a second each time, until one that was left after two seconds is gone.
const IN_VAIN: u32 = 4;

/// A server, the network before it, and whoever serves behind that.
struct Behind {
    cluster: Cluster,
    proxy: Proxy,
    store: Store,
    clock: Clock,
}

impl Behind {
    async fn start(connections: u32, limits: DatabaseLimits) -> Option<Self> {
        let cluster = Cluster::start().await?;
        cluster.create_database("zorgkaart").await;
        fill(cluster.url("zorgkaart")).await;
        let proxy = Proxy::start(cluster.socket()).await;
        let url = DatabaseUrl::parse(&proxy.url("zorgkaart")).unwrap();
        let ours = OurDatabase::connect(&url, connections).await.unwrap();
        let ours = ours.for_service(connections, limits, None).await.unwrap();
        let clock = Clock::standing_on(DEMO_DATE);
        let store = Store::open(ours, FreshnessRule::default(), "test".into(), clock).await.unwrap();
        Some(Self { cluster, proxy, store, clock })
    }
}

/// Waits until something holds.
async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::task::yield_now().await;
    }
}

/// How many connections are in a transaction and do nothing.
async fn in_transaction(outside: &DatabaseConnection) -> i64 {
    let sql = "select count(*) from pg_stat_activity where state = 'idle in transaction'";
    let row = outside.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Reading the feed is given up at each of its statements, as a request does that has waited long enough for its own
/// change. The connection is the only one that reads the feed: the next reading finds none, and the one after it has another,
/// long before what was left is given up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reading_that_is_given_up_holds_up_no_other() {
    let _beside = beside().await;
    let Some(Behind { cluster, proxy, store, clock }) = Behind::start(1, PATIENT).await else { return };
    let outside = Database::connect(cluster.url("zorgkaart")).await.unwrap();
    let demo = demo(&reference().unwrap(), 1, DEMO_DATE).unwrap();
    let (place, provider) = (demo.bundles[0].places[0].id, demo.bundles[0].provider.id);
    store.catch_up().await.unwrap();

    for statement in 1.. {
        let new = format!("call {statement}");
        change_phone(&outside, (place.0, provider.0), &new).await;
        proxy.swallow_at_statement(statement);
        let all_were_read = tokio::select! {
            read = store.catch_up() => {
                read.unwrap();
                true
            }
            () = until(|| proxy.has_swallowed()) => false,
        };
        if all_were_read {
            assert!(statement > 5, "a reading has more statements than {statement}");
            break;
        }
        let _ = store.catch_up().await;
        let read = store.catch_up().await;
        assert!(read.is_ok(), "after statement {statement} was swallowed: {read:?}");
        let view = store.view(Scope::anonymous(), clock.now());
        let seen = view.seen_place(view.place(place).unwrap()).unwrap();
        assert_eq!(seen.phone(), Some(new.as_str()));
    }
}

/// As many clients leave as there are connections, each while its statement is swallowed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_leave_keep_no_connection() {
    let _beside = beside().await;
    let Some(Behind { cluster: _cluster, proxy, store, .. }) =
        Behind::start(CONNECTIONS, DatabaseLimits::default()).await
    else {
        return;
    };
    let nobody = ProviderId(Uuid::nil());
    for _ in 0..CONNECTIONS {
        proxy.swallow_at_statement(1);
        tokio::select! {
            found = store.has_provider(nobody) => panic!("{found:?}"),
            () = until(|| proxy.has_swallowed()) => {}
        }
    }
    let mut in_vain = 0;
    while store.has_provider(nobody).await.is_err() {
        in_vain += 1;
        assert!(in_vain <= IN_VAIN, "the connections did not come back");
    }
}

/// A client leaves at each statement of a write: nobody gets a connection that is in its transaction, since what they write
/// would be rolled back with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_leave_leave_no_transaction() {
    let _beside = beside().await;
    let Some(Behind { cluster, proxy, store, .. }) = Behind::start(1, PATIENT).await else { return };
    let outside = Database::connect(cluster.url("zorgkaart")).await.unwrap();
    let nobody = ProviderId(Uuid::nil());
    for statement in 1.. {
        proxy.hold_answers_at_statement(statement);
        let all_was_written = tokio::select! {
            written = store.write_looks() => {
                written.unwrap();
                true
            }
            () = until(|| proxy.holds_answers()) => false,
        };
        if all_was_written {
            assert!(statement > 3, "a write has more statements than {statement}");
            break;
        }
        proxy.let_answers_through();
        store.has_provider(nobody).await.unwrap();
        let began = Instant::now();
        while in_transaction(&outside).await > 0 {
            assert!(began.elapsed() < CLOSING, "after leaving at statement {statement}");
        }
    }
}
