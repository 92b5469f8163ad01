//! Whoever leaves in the middle of what a network has swallowed: nothing waits for what they held.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use uuid::Uuid;
use zorgkaart::{
    auth::Scope,
    care::{
        demo::demo,
        freshness::FreshnessRule,
        id::{PlaceId, ProviderId},
        shipped::reference,
    },
    clock::Clock,
    store::{Database as OurDatabase, DatabaseLimits, DatabaseUrl, Store},
};

use crate::{
    beside,
    support::{
        cluster::Cluster,
        databases::{DEMO_DATE, fill},
        proxy::Proxy,
    },
};

/// How many connections requests may use.
const CONNECTIONS: u32 = 2;
/// How often the database may be asked for nothing, each time for a second, once nobody waits for what was swallowed.
const IN_VAIN: u32 = 4;

/// A server, the network before it, and whoever serves behind that.
struct Behind {
    cluster: Cluster,
    proxy: Proxy,
    store: Store,
    clock: Clock,
}

impl Behind {
    async fn start() -> Option<Self> {
        let cluster = Cluster::start().await?;
        cluster.create_database("zorgkaart").await;
        fill(cluster.url("zorgkaart")).await;
        let proxy = Proxy::start(cluster.socket()).await;
        let url = DatabaseUrl::parse(&proxy.url("zorgkaart")).unwrap();
        let ours = OurDatabase::connect(&url, CONNECTIONS).await.unwrap();
        let ours = ours.for_service(CONNECTIONS, DatabaseLimits::default(), None).await.unwrap();
        let clock = Clock::standing_on(DEMO_DATE);
        let store = Store::open(ours, FreshnessRule::default(), "test".into(), clock).await.unwrap();
        Some(Self { cluster, proxy, store, clock })
    }
}

/// Waits until a statement was swallowed.
async fn until_swallowed(proxy: &Proxy, statement: u64) {
    while proxy.statements() < statement {
        tokio::task::yield_now().await;
    }
}

async fn phone(outside: &DatabaseConnection, place: PlaceId, provider: ProviderId, phone: &str) {
    let (id, provider) = (place.0, provider.0);
    outside
        .execute_unprepared(&format!(
            "update place set phone = '{phone}' where id = '{id}'; \
             insert into change (entity, entity_id, occurred_at, provider_id) \
             values ('PLACE', '{id}', current_timestamp, '{provider}')"
        ))
        .await
        .unwrap();
}

/// Reading the feed is given up at each of its statements, as a request does that has waited long enough for its own
/// change: the connection is the only one that reads the feed, and another takes its place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reading_that_is_given_up_holds_up_no_other() {
    let _beside = beside().await;
    let Some(Behind { cluster, proxy, store, clock }) = Behind::start().await else { return };
    let outside = Database::connect(cluster.url("zorgkaart")).await.unwrap();
    let demo = demo(&reference().unwrap(), 1, DEMO_DATE).unwrap();
    let (place, provider) = (demo.bundles[0].places[0].id, demo.bundles[0].provider.id);
    store.catch_up().await.unwrap();

    for statement in 1.. {
        let new = format!("call {statement}");
        phone(&outside, place, provider, &new).await;
        proxy.swallow_at_statement(statement);
        let all_were_read = tokio::select! {
            read = store.catch_up() => {
                read.unwrap();
                true
            }
            () = until_swallowed(&proxy, statement) => false,
        };
        if all_were_read {
            assert!(statement > 5, "a reading has more statements than {statement}");
            break;
        }
        let mut in_vain = 0;
        while store.catch_up().await.is_err() {
            in_vain += 1;
            assert!(in_vain <= IN_VAIN, "after statement {statement} was swallowed");
        }
        let view = store.view(Scope::anonymous(), clock.now());
        let seen = view.seen_place(view.place(place).unwrap()).unwrap();
        assert_eq!(seen.phone(), Some(new.as_str()));
    }
}

/// As many clients leave as there are connections, each while its statement is swallowed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_leave_keep_no_connection() {
    let _beside = beside().await;
    let Some(Behind { cluster: _cluster, proxy, store, .. }) = Behind::start().await else { return };
    let nobody = ProviderId(Uuid::nil());
    for _ in 0..CONNECTIONS {
        proxy.swallow_at_statement(1);
        tokio::select! {
            found = store.has_provider(nobody) => panic!("{found:?}"),
            () = until_swallowed(&proxy, 1) => {}
        }
    }
    let mut in_vain = 0;
    while store.has_provider(nobody).await.is_err() {
        in_vain += 1;
        assert!(in_vain <= IN_VAIN, "the connections did not come back");
    }
}
