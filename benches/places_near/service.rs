//! The service, with everything between a request and an answer that there is.

use std::sync::Arc;

use tempfile::TempDir;
use tokio::spawn;
use uuid::Uuid;
use zorgkaart::{
    app,
    auth::{Authority, Keys, Subject},
    care::{freshness::FreshnessRule, snapshot::Records},
    clock::Clock,
    config::Config,
    http::{LoadLimits, Service, Settings},
    store::{Database, DatabaseUrl, SharedStore, Store},
};

use crate::data::START;

/// More than anybody asks: the limits are kept, and never reached.
const MANY: u32 = 100_000_000;

/// What answers.
pub(crate) struct Answering {
    pub(crate) service: Arc<Service>,
    /// Of a passport holder.
    pub(crate) token: String,
    /// Where its keys and its database are; gone when this is dropped.
    pub(crate) directory: TempDir,
}

impl Answering {
    /// Answers from `records`.
    pub(crate) async fn of(records: Records) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = Config { data_dir: directory.path().to_owned(), ..Config::default() };
        Keys::ensure(&directory.path().join("keys"), Uuid::now_v7).unwrap();
        let authority: Authority = app::authority(&config).unwrap();
        let file = DatabaseUrl::sqlite_file(&directory.path().join("bench.db"));
        let database = Database::connect(&file, 2).await.unwrap();
        database.migrate().await.unwrap();
        database.seed_reference().await.unwrap();
        database.seed_demo(START, true).await.unwrap();
        let holder = database.passport_by_number("DEMO-0001").await.unwrap().unwrap();
        let clock = Clock::standing_on(START);
        let lifetime = chrono::TimeDelta::hours(1);
        let token = authority.issue(&Subject::PassportHolder(holder), clock.now(), lifetime, Uuid::nil()).unwrap();
        let store = Store::with_records(database, records, FreshnessRule::default(), clock).await.unwrap();
        let store: SharedStore = store.into();
        let load = LoadLimits { per_token: MANY, per_address: MANY, ..LoadLimits::default() };
        let settings = Settings { load, ..Settings::default() };
        let service = Arc::new(Service::new(store.clone(), authority.into(), clock, None, settings));
        spawn(store.follow());
        Self { service, token, directory }
    }
}
