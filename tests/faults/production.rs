//! PostgreSQL as in production: what is said at the start, TLS, limits, a read replica, a failover.

use std::time::{Duration, Instant};

use futures::future::join_all;
use sea_orm::{ConnectionTrait, Database, TransactionTrait};
use serde_json::json;
use zorgkaart::graphql::id::GlobalId;

use crate::{
    alone,
    replica::{Realm, Replica, logeerplekken, night, serve},
    support::{
        cluster::{Cluster, Settings},
        databases::{TestDatabase, fill},
        program::{Server, program},
        proxy::Proxy,
    },
};

/// What a request may take whose database does not answer (SECURITY.md, "Faults and promises"): 2 s, and what the machine
/// needs for the rest.
const REFUSED: Duration = Duration::from_millis(2_500);

/// What the program says when it cannot start on a database.
fn said(url: &str) -> String {
    let data_dir = tempfile::tempdir().unwrap();
    let output = program(data_dir.path()).arg("migrate").env("DATABASE_URL", url).output().unwrap();
    assert!(!output.status.success(), "{url}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("geheim") && !said.contains("Error") && said.len() < 600, "{said}");
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_at_the_start_is_said_in_words_that_help() {
    let _alone = alone().await;
    let Some(cluster) = Cluster::start().await else { return };
    cluster.create_database("zorgkaart").await;
    let url = cluster.url("zorgkaart");

    let nobody = said("postgres://postgres:geheim@127.0.0.1:1/zorgkaart");
    assert!(nobody.contains("127.0.0.1:1 cannot be reached") && nobody.contains("host and port"), "{nobody}");
    let unknown = said(&cluster.url("elders"));
    assert!(unknown.contains("no database elders") && unknown.contains("createdb"), "{unknown}");

    cluster.sql("postgres", "create role keyed login password 'sleutel'").await;
    cluster.ask_for_password("keyed").await;
    let refused = said(&url.replace("postgres@", "keyed:geheim@"));
    assert!(refused.contains("refuses user keyed") && refused.contains("password"), "{refused}");

    cluster.sql("postgres", "create role poor login").await;
    let poor = said(&url.replace("postgres@", "poor@"));
    assert!(poor.contains("grant it create on the schema"), "{poor}");

    // Once it is migrated, whoever serves it needs no such right.
    fill(url.clone()).await;
    let rights = "grant select, insert, update, delete on all tables in schema public to poor; \
         grant usage on all sequences in schema public to poor";
    cluster.sql("zorgkaart", rights).await;
    let realm = Realm::new();
    let replica = Replica::start(&realm, &url.replace("postgres@", "poor@"));
    let written = replica.set(&realm.kenniscentrum(), &logeerplekken()[0], &night(3), 1).await;
    assert!(written.version.is_some(), "{written:?}");
    drop(replica);

    cluster.sql("postgres", "alter database zorgkaart set synchronous_commit = off").await;
    let careless = said(&url);
    assert!(careless.contains("synchronous_commit") && careless.contains("set it on"), "{careless}");
    cluster.sql("postgres", "alter database zorgkaart reset synchronous_commit").await;

    let standby = cluster.standby().await;
    let follows = said(&standby.url("zorgkaart"));
    assert!(follows.contains("standby") && follows.contains("database_read_url"), "{follows}");

    // A server that takes connections and never answers.
    let proxy = Proxy::start(cluster.socket()).await;
    proxy.refuse(true);
    let silent = said(&proxy.url("zorgkaart"));
    assert!(silent.contains("does not answer"), "{silent}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_verified_by_its_certificate() {
    let _alone = alone().await;
    let Some(cluster) = Cluster::start_with(Settings { tls: true, ..Settings::default() }).await else { return };
    cluster.create_database("zorgkaart").await;
    let tls = cluster.tls();
    let url = tls.url("localhost", "zorgkaart", &tls.authority);
    fill(url.clone()).await;
    let realm = Realm::new();
    let replica = Replica::start(&realm, &url);
    replica.server.until_ready().await;
    // Connections are made when they are needed: one to write, and one to read what was written.
    let written = replica.set(&realm.kenniscentrum(), &logeerplekken()[0], &night(3), 1).await;
    assert!(written.version.is_some(), "{written:?}");
    let plain = cluster
        .sql(
            "zorgkaart",
            "select count(*) from pg_stat_ssl join pg_stat_activity using (pid) \
         where application_name = 'zorgkaart' and not ssl",
        )
        .await;
    let safe = cluster
        .sql(
            "zorgkaart",
            "select count(*) from pg_stat_ssl join pg_stat_activity using (pid) \
         where application_name = 'zorgkaart' and ssl",
        )
        .await;
    assert_eq!(plain.trim(), "0");
    assert!(safe.trim().parse::<u32>().unwrap() >= 2, "{safe}");
    let stranger = said(&tls.url("localhost", "zorgkaart", &tls.stranger));
    assert!(stranger.contains("cannot be trusted") && stranger.contains("sslrootcert"), "{stranger}");
}

/// Somebody holds a lock: who needs it is told to come back in time, and nobody else is harmed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_for_a_lock_is_told_to_come_back() {
    let _alone = alone().await;
    let Some(db) = TestDatabase::postgres().await else { return };
    let realm = Realm::new();
    let (replica, token) = (Replica::start(&realm, &db.url), realm.kenniscentrum());
    let places = logeerplekken();
    let outside = Database::connect(&db.url).await.unwrap();

    let held = outside.begin().await.unwrap();
    let Some(GlobalId::Place(place)) = GlobalId::parse(&places[0]) else { panic!() };
    held.execute_unprepared(&format!("select 1 from place where id = '{}' for update", place.0)).await.unwrap();
    let began = Instant::now();
    let written = replica.set(&token, &places[0], &night(3), 1).await;
    assert_eq!(written.status, 503, "{written:?}");
    assert!(began.elapsed() <= REFUSED, "{:?}", began.elapsed());
    assert!(replica.set(&token, &places[1], &night(3), 1).await.version.is_some(), "another place");
    held.rollback().await.unwrap();
    assert!(replica.set(&token, &places[0], &night(3), 1).await.version.is_some());

    // The head of the trail, for which all wait who read contacts: more than there are connections.
    let held = outside.begin().await.unwrap();
    held.execute_unprepared("select 1 from audit_head for update").await.unwrap();
    let contacts = "{ contacts(first: 1) { edges { node { id } } } }";
    let none = json!({});
    let asked = (0..30).map(async |_| {
        let began = Instant::now();
        let (status, body) = replica.server.ask_with(Some(&token), contacts, &none).await.unwrap();
        (status, body, began.elapsed())
    });
    let public = async {
        for _ in 0..20 {
            let (status, _) = replica.server.ask_with(None, "{ regions { code } }", &none).await.unwrap();
            assert_eq!(status, 200);
        }
    };
    let (refused, ()) = tokio::join!(join_all(asked), public);
    for (status, body, took) in refused {
        assert!(status == 503 && took <= REFUSED, "{status} after {took:?}: {body}");
    }
    held.rollback().await.unwrap();
    assert_eq!(replica.server.ask_with(Some(&token), contacts, &none).await.unwrap().0, 200);
}

/// A client that goes away takes its change with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_waits_for_is_not_done() {
    let _alone = alone().await;
    let Some(db) = TestDatabase::postgres().await else { return };
    let realm = Realm::new();
    let (replica, token) = (Replica::start(&realm, &db.url), realm.kenniscentrum());
    let places = logeerplekken();
    let outside = Database::connect(&db.url).await.unwrap();
    let Some(GlobalId::Place(place)) = GlobalId::parse(&places[0]) else { panic!() };
    let held = outside.begin().await.unwrap();
    held.execute_unprepared(&format!("select 1 from place where id = '{}' for update", place.0)).await.unwrap();
    let waiting = async || {
        let sql = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
        let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql);
        let row = outside.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap() > 0
    };
    {
        let night = night(3);
        let setting = replica.set(&token, &places[0], &night, 1);
        let until_it_waits = async { while !waiting().await {} };
        tokio::select! {
            written = setting => panic!("{written:?}"),
            () = until_it_waits => {}
        }
    }
    held.rollback().await.unwrap();
    while waiting().await {}
    // The next change of the place is its second version, not its third.
    assert_eq!(replica.set(&token, &places[0], &night(3), 1).await.version, Some(2));
}

/// The whole map is read at the standby, however old; what changed since comes from the primary.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_replica_that_is_behind_harms_nothing() {
    let _alone = alone().await;
    let Some(cluster) = Cluster::start().await else { return };
    cluster.create_database("zorgkaart").await;
    fill(cluster.url("zorgkaart")).await;
    let standby = cluster.standby().await;
    let realm = Realm::new();
    let (first, token) = (Replica::start(&realm, &cluster.url("zorgkaart")), realm.kenniscentrum());
    let places = logeerplekken();
    // Of two providers, whose parts of the map are read apart.
    let (place, other) = (&places[0], places.last().unwrap().clone());
    assert!(first.set(&token, place, &night(5), 1).await.version.is_some());
    standby.caught_up_with(&cluster).await;
    // A transaction that was open at the moment at which the standby stands, and commits only later.
    let outside = Database::connect(cluster.url("zorgkaart")).await.unwrap();
    let Some(GlobalId::Place(id)) = GlobalId::parse(&other) else { panic!() };
    let open = outside.begin().await.unwrap();
    open.execute_unprepared(&format!(
        "insert into change (entity, entity_id, occurred_at, provider_id) select 'PLACE', '', current_timestamp, l.provider_id \
         from place p join care_group g on g.id = p.care_group_id join location l on l.id = g.location_id \
         where p.id = '{0}'; update place set phone = 'late' where id = '{0}'",
        id.0
    ))
    .await
    .unwrap();
    cluster.sql("zorgkaart", "create table later ()").await;
    standby.caught_up_with(&cluster).await;
    standby.sql("zorgkaart", "select pg_wal_replay_pause()").await;
    open.commit().await.unwrap();
    assert!(first.set(&token, place, &night(6), 2).await.version.is_some());

    let data_dir = realm.data_dir();
    let mut command = serve(data_dir.path(), Some(&cluster.url("zorgkaart")));
    command.env("DATABASE_READ_URL", standby.url("zorgkaart")).args(["--metrics-listen", "127.0.0.1:0"]);
    let mut server = Server::start(&mut command);
    let metrics = server.line("Metrics: ").split("Metrics: ").nth(1).unwrap().to_owned();
    let second = Replica::of(server, data_dir);
    let began = Instant::now();
    let both = async || {
        let phone = second.server.ask(None, &format!("{{ place(id: \"{other}\") {{ phone }} }}")).await;
        phone["data"]["place"]["phone"] == "late" && second.free(&token, place, &night(6)).await == Some(2)
    };
    while !both().await {
        assert!(began.elapsed() < Duration::from_secs(5), "a change is missing");
    }
    let (_, metrics) = second.server.get(&metrics).await;
    assert!(metrics.contains("zorgkaart_map_loads 1\n"), "the map was read once, at the standby");
}

/// What the database says of a night of a place.
fn stated(place: &str, number: u64) -> String {
    let Some(GlobalId::Place(id)) = GlobalId::parse(place) else { panic!("{place}") };
    let night = night(number);
    format!(
        "select free from availability where place_id = '{}' and slot = 'NIGHT' and '{night}' between from_date and to_date",
        id.0
    )
}

/// The primary is gone, the standby takes over: the same processes go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failover_needs_no_restart() {
    let _alone = alone().await;
    let Some(cluster) = Cluster::start().await else { return };
    cluster.create_database("zorgkaart").await;
    fill(cluster.url("zorgkaart")).await;
    let standby = cluster.standby().await;
    let realm = Realm::new();
    let token = realm.kenniscentrum();
    let proxies = [Proxy::start(cluster.socket()).await, Proxy::start(cluster.socket()).await];
    let replicas = proxies.each_ref().map(|proxy| Replica::start(&realm, &proxy.url("zorgkaart")));
    let places = logeerplekken();
    // Of two providers, whose parts of the map are read apart.
    let (place, lost) = (&places[0], places.last().unwrap());
    assert!(replicas[0].set(&token, place, &night(5), 1).await.version.is_some());
    standby.caught_up_with(&cluster).await;
    // What the standby never hears of is on the map until then, and no longer.
    standby.sql("postgres", "alter system set primary_conninfo = \'\'").await;
    standby.sql("postgres", "select pg_reload_conf()").await;
    while standby.sql("postgres", "select count(*) from pg_stat_wal_receiver").await.trim() != "0" {}
    assert!(replicas[0].set(&token, lost, &night(9), 1).await.version.is_some());
    assert!(replicas[0].set(&token, lost, &night(9), 2).await.version.is_some());
    while replicas[1].free(&token, lost, &night(9)).await != Some(2) {}
    let known = standby.sql("zorgkaart", &stated(lost, 9)).await;
    assert_ne!(known.trim(), "2");
    cluster.crash().await;
    standby.promote().await;
    // Its transactions are soon beyond those of the old one: their numbers do not tell the two apart.
    for _ in 0..20 {
        standby.sql("zorgkaart", "select pg_current_xact_id()").await;
    }
    for proxy in &proxies {
        proxy.lead_to(standby.socket());
    }
    let began = Instant::now();
    loop {
        let written = replicas[0].set(&token, place, &night(6), 2).await;
        if written.version == Some(3) {
            break;
        }
        assert!(written.status == 503 && began.elapsed() < Duration::from_secs(30), "{written:?}");
    }
    while replicas[1].free(&token, place, &night(6)).await != Some(2) {
        assert!(began.elapsed() < Duration::from_secs(30));
    }
    // The map is what the database says, at either: an answer to a write does not wait for a map that is read whole.
    let seen = async |replica: &Replica| replica.free(&token, lost, &night(9)).await.map(|free| free.to_string());
    for replica in &replicas {
        while seen(replica).await.unwrap_or_default() != known.trim() {
            assert!(began.elapsed() < Duration::from_secs(30), "what nobody knows any more is still on the map");
        }
    }
    assert!(began.elapsed() <= Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(replicas[1].free(&token, place, &night(5)).await, Some(1));
    for replica in &replicas {
        assert_eq!(seen(replica).await.unwrap_or_default(), known.trim());
        replica.server.until_ready().await;
    }
}

/// A pooler may share connections by transaction, and patience may be another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_have_the_limits_that_are_configured() {
    let _alone = alone().await;
    let Some(db) = TestDatabase::postgres().await else { return };
    let realm = Realm::new();
    let data_dir = realm.data_dir();
    std::fs::write(data_dir.path().join("zorgkaart.toml"), "[database]\nseconds = 1\nstatements = 0\n").unwrap();
    let mut command = serve(data_dir.path(), Some(&db.url));
    command.env("ZORGKAART_CONFIG", data_dir.path().join("zorgkaart.toml")).args(["--database-connections", "3"]);
    let replica = Replica::of(Server::start(&mut command), data_dir);
    let contacts = "{ contacts(first: 1) { edges { node { id } } } }";
    let (token, none) = (realm.kenniscentrum(), json!({}));
    let asked = (0..20).map(|_| replica.server.ask_with(Some(&token), contacts, &none));
    assert!(join_all(asked).await.into_iter().all(|answer| answer.unwrap().0 == 200));
    let outside = Database::connect(&db.url).await.unwrap();
    let count = "select count(*) from pg_stat_activity \
         where datname = current_database() and application_name = 'zorgkaart'";
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, count);
    let open: i64 = outside.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    // Up to three for requests, one for the feed, one that listens.
    assert!((2..=5).contains(&open), "{open}");
    let place = &logeerplekken()[0];
    let Some(GlobalId::Place(id)) = GlobalId::parse(place) else { panic!() };
    let held = outside.begin().await.unwrap();
    held.execute_unprepared(&format!("select 1 from place where id = '{}' for update", id.0)).await.unwrap();
    let began = Instant::now();
    assert_eq!(replica.set(&token, place, &night(3), 1).await.status, 503);
    assert!(began.elapsed() <= Duration::from_millis(1_500), "{:?}", began.elapsed());
}
