//! A server that is killed while it writes: what was acknowledged is kept, nothing is half, and after every restart the
//! map is what the database says.

use std::{collections::BTreeMap, io::Write, time::Duration};

use futures::future::join_all;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tempfile::TempDir;
use tokio::sync::Mutex;
use zorgkaart::graphql::id::GlobalId;

use crate::{
    alone, is_long,
    replica::{Realm, logeerplekken, night, serve},
    support::{
        databases::{TestDatabase, fill},
        program::Server,
    },
};

const WRITERS: usize = 4;
/// How long an answer is waited for: far longer than any takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// One place, whose nights one after another get a number.
struct Writer {
    place: String,
    /// What is known to be written: night to number.
    kept: BTreeMap<String, i64>,
    /// What was under way when the server died.
    open: Option<(String, i64)>,
    sent: u64,
}

impl Writer {
    /// Writes until the server is gone. Counts what was acknowledged in `acknowledged`, and kills at `last`.
    async fn write(&mut self, server: &Mutex<Server>, url: &str, token: &str, acknowledged: &Mutex<u64>, last: u64) {
        let client = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        loop {
            self.sent += 1;
            let (night, free) = (night(self.sent % 200), i64::try_from(self.sent / 200 % 2).unwrap() + 1);
            self.open = Some((night.clone(), free));
            let change = format!(
                "mutation {{ setAvailability(input: {{ place: \"{}\", periods: [{{ slot: NIGHT, from: \"{night}\", \
                 to: \"{night}\", free: {free} }}] }}) {{ version }} }}",
                self.place
            );
            let request = client.post(url).bearer_auth(token).json(&serde_json::json!({ "query": change }));
            let Ok(response) = request.send().await else { return };
            let Ok(body) = response.json::<serde_json::Value>().await else { return };
            assert!(body["data"]["setAvailability"]["version"].is_i64(), "{body}");
            self.kept.insert(night, free);
            self.open = None;
            let mut acknowledged = acknowledged.lock().await;
            *acknowledged += 1;
            if *acknowledged == last {
                server.lock().await.kill();
            }
        }
    }
}

/// The database and where the server finds it.
struct Place {
    url: Option<String>,
    data_dir: TempDir,
    connection: DatabaseConnection,
}

impl Place {
    async fn rows(&self, sql: &str) -> Vec<sea_orm::QueryResult> {
        let statement = Statement::from_string(self.connection.get_database_backend(), sql);
        self.connection.query_all_raw(statement).await.unwrap()
    }

    async fn number(&self, sql: &str) -> i64 {
        self.rows(sql).await[0].try_get_by_index(0).unwrap()
    }

    fn id(&self, place: &str) -> String {
        let Some(GlobalId::Place(id)) = GlobalId::parse(place) else { panic!("{place}") };
        match self.connection.get_database_backend() {
            DbBackend::Postgres => format!("'{}'", id.0),
            _ => format!("x'{}'", id.0.simple()),
        }
    }

    /// What the database says of the nights of a place, from the first of the demo on.
    async fn nights(&self, place: &str) -> BTreeMap<String, i64> {
        let sql = format!(
            "select from_date, to_date, free from availability where place_id = {} and slot = 'NIGHT' order by from_date",
            self.id(place)
        );
        let mut nights = BTreeMap::new();
        for row in self.rows(&sql).await {
            let from: chrono::NaiveDate = row.try_get_by_index(0).unwrap();
            let to: chrono::NaiveDate = row.try_get_by_index(1).unwrap();
            let free: i32 = row.try_get_by_index(2).unwrap();
            for date in from.iter_days().take_while(|date| *date <= to) {
                assert_eq!(nights.insert(date.to_string(), i64::from(free)), None, "{date} is in two rows");
            }
        }
        nights
    }
}

/// What a server says of the nights of a place.
async fn said(server: &Server, token: &str, place: &str) -> BTreeMap<String, i64> {
    let question = format!(
        "{{ place(id: \"{place}\") {{ availability(from: \"{}\", to: \"{}\") {{ date free }} }} }}",
        night(0),
        night(400)
    );
    let answer = server.ask(Some(token), &question).await;
    let days = answer["data"]["place"]["availability"].as_array().unwrap_or_else(|| panic!("{answer}"));
    days.iter().map(|day| (day["date"].as_str().unwrap().to_owned(), day["free"].as_i64().unwrap())).collect()
}

async fn cycles(place: Place, realm: &Realm) {
    let token = realm.kenniscentrum();
    let mut writers: Vec<Writer> = logeerplekken()
        .into_iter()
        .take(WRITERS)
        .map(|place| Writer { place, kept: BTreeMap::new(), open: None, sent: 0 })
        .collect();
    let rounds: u64 = if is_long() { 200 } else { 4 };
    for round in 0..rounds {
        let server = Server::start(&mut serve(place.data_dir.path(), place.url.as_deref()));
        // What the server says is what the database says, and what the database says is what was acknowledged.
        for writer in &mut writers {
            let nights = place.nights(&writer.place).await;
            assert_eq!(said(&server, &token, &writer.place).await, nights, "round {round}");
            if let Some((night, free)) = writer.open.take()
                && nights.get(&night) == Some(&free)
            {
                writer.kept.insert(night, free);
            }
            for (night, free) in &writer.kept {
                assert_eq!(nights.get(night), Some(free), "{night} was acknowledged, round {round}");
            }
            // Nothing half: as many versions as entries in the feed and records in the trail.
            let id = place.id(&writer.place);
            let version = place.number(&format!("select cast(version as bigint) from place where id = {id}")).await;
            let hex = writer.place.trim_start_matches("place_");
            let fed = place.number(&format!("select count(*) from change where entity_id = '{hex}'")).await;
            let like = format!("select count(*) from audit_event where cast(objects as text) like '%{hex}%'");
            assert_eq!((version - 1, version - 1), (fed, place.number(&like).await), "round {round}");
        }
        let url = format!("{}/graphql", server.url);
        let (server, acknowledged) = (Mutex::new(server), Mutex::new(0));
        let last = 5 + round * 7 % 23;
        if round % 20 == 19 {
            // Not `eprintln!`: the test harness would keep it.
            let _ = writeln!(std::io::stderr(), "{} of {rounds} servers killed", round + 1);
        }
        join_all(writers.iter_mut().map(|writer| writer.write(&server, &url, &token, &acknowledged, last))).await;
    }
    let head = place.rows("select seq, hash from audit_head").await;
    let last = place.rows("select seq, hash from audit_event order by seq desc limit 1").await;
    let (head, last): ((i64, String), (i64, String)) = (
        (head[0].try_get_by_index(0).unwrap(), head[0].try_get_by_index(1).unwrap()),
        (last[0].try_get_by_index(0).unwrap(), last[0].try_get_by_index(1).unwrap()),
    );
    assert_eq!(head, last, "the trail ends where its head says");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_is_kept_on_sqlite() {
    let _alone = alone().await;
    let realm = Realm::new();
    let data_dir = realm.data_dir();
    let url = format!("sqlite:{}?mode=rwc", data_dir.path().join("zorgkaart.db").display());
    fill(url.clone()).await;
    let connection = Database::connect(&url).await.unwrap();
    cycles(Place { url: None, data_dir, connection }, &realm).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_is_kept_on_postgres() {
    let _alone = alone().await;
    let Some(db) = TestDatabase::postgres().await else { return };
    let realm = Realm::new();
    let connection = Database::connect(&db.url).await.unwrap();
    cycles(Place { url: Some(db.url.clone()), data_dir: realm.data_dir(), connection }, &realm).await;
}
