//! Replicas: processes that serve one database, with the same keys, and those who write and read there.

use std::{path::Path, process::Command};

use chrono::TimeDelta;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;
use zorgkaart::{
    auth::{Authority, Keys, Subject},
    clock::Clock,
    graphql::id::GlobalId,
};

use crate::support::{
    databases::DEMO_DATE,
    program::{Server, program},
};

const CHANGE: &str = "mutation($input: SetAvailabilityInput!) { setAvailability(input: $input) { version } }";

/// Keys that all replicas have, and tokens that are good for all.
pub(crate) struct Realm {
    keys: TempDir,
    authority: Authority,
}

impl Realm {
    pub(crate) fn new() -> Self {
        let keys = tempfile::tempdir().unwrap();
        let directory = keys.path().join("keys");
        Keys::ensure(&directory, Uuid::now_v7).unwrap();
        let authority = Authority::new(Keys::load(&directory).unwrap(), "zorgkaart".into(), "zorgkaart".into());
        Self { keys, authority }
    }

    /// A token of `subject` on the clock of the demo, which stands.
    pub(crate) fn token(&self, subject: &Subject) -> String {
        let now = Clock::standing_on(DEMO_DATE).now();
        self.authority.issue(subject, now, TimeDelta::hours(1), Uuid::now_v7()).unwrap()
    }

    pub(crate) fn kenniscentrum(&self) -> String {
        self.token(&Subject::Kenniscentrum)
    }

    /// A data directory with the keys.
    pub(crate) fn data_dir(&self) -> TempDir {
        let data_dir = tempfile::tempdir().unwrap();
        let keys = data_dir.path().join("keys");
        std::fs::create_dir(&keys).unwrap();
        for key in std::fs::read_dir(self.keys.path().join("keys")).unwrap() {
            let key = key.unwrap().path();
            std::fs::copy(&key, keys.join(key.file_name().unwrap())).unwrap();
        }
        data_dir
    }
}

/// A process that serves, with its data directory.
pub(crate) struct Replica {
    pub(crate) server: Server,
    _data_dir: TempDir,
}

/// The command of a replica.
pub(crate) fn serve(data_dir: &Path, database_url: Option<&str>) -> Command {
    let mut command = program(data_dir);
    command.args(["serve", "--listen", "127.0.0.1:0", "--drain-seconds", "0"]);
    // What waits for a change asks all the time.
    let config = data_dir.join("often.toml");
    std::fs::write(&config, "[load]\nper_token = 0\nper_address = 0\npatience_milliseconds = 5000\n").unwrap();
    command.env("ZORGKAART_CONFIG", config);
    if let Some(url) = database_url {
        command.env("DATABASE_URL", url);
    }
    command
}

impl Replica {
    pub(crate) fn start(realm: &Realm, database_url: &str) -> Self {
        let data_dir = realm.data_dir();
        let server = Server::start(&mut serve(data_dir.path(), Some(database_url)));
        Self::of(server, data_dir)
    }

    /// A server that runs in a data directory.
    pub(crate) const fn of(server: Server, data_dir: TempDir) -> Self {
        Self { server, _data_dir: data_dir }
    }

    /// What anybody may write: an answer, and whether it was acknowledged.
    pub(crate) async fn set(&self, token: &str, place: &str, night: &str, free: i64) -> Written {
        let period = json!({ "slot": "NIGHT", "from": night, "to": night, "free": free });
        let variables = json!({ "input": { "place": place, "periods": [period] } });
        match self.server.ask_with(Some(token), CHANGE, &variables).await {
            Ok((status, body)) => {
                let body: Value = serde_json::from_str(&body).unwrap_or_default();
                let version = body["data"]["setAvailability"]["version"].as_i64();
                Written { status, version, body }
            }
            Err(error) => Written { status: 0, version: None, body: json!(error.to_string()) },
        }
    }

    /// How many spots are free in a night; none: not stated.
    pub(crate) async fn free(&self, token: &str, place: &str, night: &str) -> Option<i64> {
        let question =
            format!("{{ place(id: \"{place}\") {{ availability(from: \"{night}\", to: \"{night}\") {{ free }} }} }}");
        let answer = self.server.ask(Some(token), &question).await;
        answer["data"]["place"]["availability"][0]["free"].as_i64()
    }
}

/// What came of writing.
#[derive(Debug)]
pub(crate) struct Written {
    /// 0: no answer.
    pub(crate) status: u16,
    /// The version that it made; none: it was not acknowledged.
    pub(crate) version: Option<i64>,
    pub(crate) body: Value,
}

/// The logeerplekken of the demo that have room for more than one, by id.
pub(crate) fn logeerplekken() -> Vec<String> {
    use zorgkaart::care::{demo::demo, shipped::reference, vocabulary::CareForm};
    let demo = demo(&reference().unwrap(), 1, DEMO_DATE).unwrap();
    let places = demo.bundles.into_iter().flat_map(|bundle| bundle.places);
    let logeren = places.filter(|place| place.care_form == CareForm::Logeren && place.capacity >= 2);
    logeren.map(|place| GlobalId::Place(place.id).to_string()).collect()
}

/// The night with a number.
pub(crate) fn night(number: u64) -> String {
    DEMO_DATE.checked_add_days(chrono::Days::new(number)).unwrap().to_string()
}
