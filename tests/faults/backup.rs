//! Backups that are taken under writes, restored elsewhere.

use std::{
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::json;

use crate::{
    beside,
    replica::{Realm, Replica, logeerplekken, night, serve},
    support::{
        cluster::Cluster,
        databases::fill,
        program::{Server, program},
    },
};

/// What the n-th write says, from 1 on.
fn write(places: &[String], number: u64) -> (&str, String, i64) {
    let place = &places[usize::try_from(number).unwrap() % places.len()];
    (place, night(number % 250), i64::try_from(number % 3).unwrap())
}

/// Writes one after another until told to stop, and says how many were acknowledged.
async fn keep_writing(replica: &Replica, token: &str, acknowledged: &AtomicU64, stop: &AtomicBool) {
    let places = logeerplekken();
    while !stop.load(Ordering::SeqCst) {
        let number = acknowledged.load(Ordering::SeqCst) + 1;
        let (place, night, free) = write(&places, number);
        let written = replica.set(token, place, &night, free).await;
        assert!(written.version.is_some(), "{written:?}");
        acknowledged.store(number, Ordering::SeqCst);
    }
}

/// The answers to many questions.
async fn answers(server: &Server, token: &str) -> Vec<String> {
    let mut answers = Vec::new();
    for (number, place) in logeerplekken().iter().enumerate() {
        let postcode = ["3511", "1011", "9711", "6211", "5038"][number % 5];
        let question = format!(
            "{{ place(id: \"{place}\") {{ version availability(from: \"{0}\", to: \"{1}\") {{ date free statedAt }} }}
             placesNear(near: {{ postcode: \"{postcode}\" }}, filter: {{ stay: {{ arrive: \"{2}\", depart: \"{3}\" }} }}) {{
             edges {{ cursor distanceKm node {{ id freshness }} }} }} }}",
            night(0),
            night(300),
            night(u64::try_from(number).unwrap() % 90),
            night(u64::try_from(number).unwrap() % 90 + 2),
        );
        let (status, body) = server.ask_with(Some(token), &question, &json!({})).await.unwrap();
        assert_eq!(status, 200, "{body}");
        answers.push(body);
    }
    answers
}

/// How many writes a database holds.
async fn held(url: &str) -> u64 {
    let connection = Database::connect(url).await.unwrap();
    let statement =
        Statement::from_string(connection.get_database_backend(), "select count(*) from change where entity = 'PLACE'");
    let count: i64 = connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    connection.close().await.unwrap();
    u64::try_from(count).unwrap()
}

/// The database of the demo after so many writes, in a file.
async fn oracle(realm: &Realm, writes: u64) -> Vec<String> {
    let data_dir = realm.data_dir();
    fill(file_url(&data_dir.path().join("zorgkaart.db"))).await;
    let server = Server::start(&mut serve(data_dir.path(), None));
    let replica = Replica::of(server, data_dir);
    let (places, token) = (logeerplekken(), realm.kenniscentrum());
    for number in 1..=writes {
        let (place, night, free) = write(&places, number);
        assert!(replica.set(&token, place, &night, free).await.version.is_some());
    }
    answers(&replica.server, &token).await
}

fn file_url(file: &Path) -> String {
    format!("sqlite:{}?mode=rwc", file.display())
}

/// Takes a backup while somebody writes: how many writes were acknowledged before it began and when it had ended.
async fn under_writes(replica: &Replica, token: &str, take: impl Future<Output = ()>) -> (u64, u64) {
    let (acknowledged, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let taking = async {
        while acknowledged.load(Ordering::SeqCst) < 20 {
            tokio::task::yield_now().await;
        }
        let before = acknowledged.load(Ordering::SeqCst);
        take.await;
        let after = acknowledged.load(Ordering::SeqCst);
        while acknowledged.load(Ordering::SeqCst) < after + 10 {
            tokio::task::yield_now().await;
        }
        stop.store(true, Ordering::SeqCst);
        (before, after + 1)
    };
    tokio::join!(keep_writing(replica, token, &acknowledged, &stop), taking).1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_sqlite_answers_as_at_its_moment() {
    let _beside = beside().await;
    let realm = Realm::new();
    let data_dir = realm.data_dir();
    fill(file_url(&data_dir.path().join("zorgkaart.db"))).await;
    let own = data_dir.path().to_owned();
    let server = Server::start(&mut serve(data_dir.path(), None));
    let (replica, token) = (Replica::of(server, data_dir), realm.kenniscentrum());
    let elsewhere = realm.data_dir();
    let file = elsewhere.path().join("zorgkaart.db");
    let take = async {
        let mut command: Command = program(&own);
        command.arg("backup").arg(&file);
        let done = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let (before, after) = under_writes(&replica, &token, take).await;
    let held = held(&file_url(&file)).await;
    assert!((before..=after).contains(&held), "{held} writes in a backup taken from {before} to {after}");
    {
        use std::os::unix::fs::MetadataExt;
        assert_eq!(file.metadata().unwrap().mode() & 0o077, 0, "others can read the backup");
    }
    let restored = Server::start(&mut serve(elsewhere.path(), None));
    assert_eq!(answers(&restored, &token).await, oracle(&realm, held).await);
    // A second one does not overwrite the first.
    let again = program(&own).arg("backup").arg(&file).output().unwrap();
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("there already"));
}

/// The names in a directory.
fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        directory.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

/// The disk is full in the middle: here, no file may be larger than a part of the database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_fails_leaves_nothing() {
    let _beside = beside().await;
    let realm = Realm::new();
    let (data_dir, elsewhere) = (realm.data_dir(), tempfile::tempdir().unwrap());
    let database = data_dir.path().join("zorgkaart.db");
    fill(file_url(&database)).await;
    assert!(database.metadata().unwrap().len() > 1_000_000);
    let file = elsewhere.path().join("backup.db");
    let backup = || {
        let mut command = program(data_dir.path());
        command.arg("backup").arg(&file);
        command
    };
    let command = backup();
    let mut limited = Command::new("sh");
    // Blocks of 512 or of 1,024 bytes; without the signal the write itself fails.
    limited.args(["-c", "ulimit -f 500; trap '' XFSZ; exec \"$@\"", "sh"]).arg(command.get_program());
    limited.args(command.get_args()).current_dir(data_dir.path());
    limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let failed = limited.output().unwrap();
    let said = String::from_utf8_lossy(&failed.stderr);
    assert!(!failed.status.success() && said.contains("cannot write"), "{said}");
    assert_eq!(names(elsewhere.path()), [""; 0], "{said}");

    // What another one has begun is not touched.
    let partial = elsewhere.path().join("backup.db.partial");
    std::fs::write(&partial, "half").unwrap();
    let refused = backup().output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("backup.db.partial") && said.contains("remove it"), "{said}");
    assert_eq!(
        (names(elsewhere.path()), std::fs::read(&partial).unwrap()),
        (vec!["backup.db.partial".into()], b"half".into())
    );

    std::fs::remove_file(&partial).unwrap();
    let done = backup().output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(names(elsewhere.path()), ["backup.db"]);
    assert_eq!(held(&file_url(&file)).await, held(&file_url(&database)).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_postgres_answers_as_at_its_moment() {
    let _beside = beside().await;
    let (Some(cluster), Some(elsewhere)) = (Cluster::start().await, Cluster::start().await) else { return };
    cluster.create_database("zorgkaart").await;
    fill(cluster.url("zorgkaart")).await;
    let realm = Realm::new();
    let (replica, token) = (Replica::start(&realm, &cluster.url("zorgkaart")), realm.kenniscentrum());
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("zorgkaart.dump");
    let (before, after) = under_writes(&replica, &token, cluster.dump("zorgkaart", &file)).await;
    elsewhere.create_database("restored").await;
    elsewhere.restore("restored", &file).await;
    let held = held(&elsewhere.url("restored")).await;
    assert!((before..=after).contains(&held), "{held} writes in a backup taken from {before} to {after}");
    let restored = Replica::start(&realm, &elsewhere.url("restored"));
    assert_eq!(answers(&restored.server, &token).await, oracle(&realm, held).await);
    // What is written there from now on is followed, though its transactions have other numbers.
    let other = Replica::start(&realm, &elsewhere.url("restored"));
    let place = &logeerplekken()[0];
    assert!(restored.set(&token, place, &night(7), 2).await.version.is_some());
    while other.free(&token, place, &night(7)).await != Some(2) {}
}
