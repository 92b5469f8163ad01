//! Servers on a thread of their own, and what processor time the process takes.

use std::{
    collections::HashMap, ffi::OsString, fs, future::Future, net::SocketAddr, path::Path, sync::mpsc::channel,
    time::Duration,
};

use axum::{Router, routing::post};
use tokio::{net::TcpListener, runtime::Builder};
use uuid::Uuid;
use zorgkaart::{
    app,
    auth::{Authority, Keys, Subject},
    care::{freshness::FreshnessRule, snapshot::Records},
    clock::Clock,
    config::Config,
    http::{self, LoadLimits, Settings},
    store::{Database, DatabaseUrl, SharedStore, Store},
};

use crate::data::START;

/// More than anybody asks: the limits are kept, and never reached.
const MANY: u32 = 100_000_000;

/// Runs what `make` gives on one thread, and where it listens.
fn run<F: Future<Output = ()>, R: Send + 'static>(
    make: impl FnOnce(TcpListener) -> (R, F) + Send + 'static,
) -> (SocketAddr, R) {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let runtime = app::runtime(&mut Builder::new_current_thread()).unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let _inside = runtime.enter();
        let (result, serving) = make(listener);
        tell.send((address, result)).unwrap();
        runtime.block_on(serving);
    });
    told.recv().unwrap()
}

/// Serves `records` to a passport holder with a token, with everything between them that there is.
pub(crate) fn zorgkaart(records: Records) -> (SocketAddr, String) {
    let directory = tempfile::tempdir().unwrap();
    let config = Config { data_dir: directory.path().to_owned(), ..Config::default() };
    Keys::ensure(&directory.path().join("keys"), Uuid::now_v7).unwrap();
    let authority: Authority = app::authority(&config).unwrap();
    let runtime = app::runtime(&mut Builder::new_current_thread()).unwrap();
    let file = DatabaseUrl::sqlite_file(&directory.path().join("bench.db"));
    let token = runtime.block_on(async {
        let database = Database::connect(&file, 1).await.unwrap();
        database.migrate().await.unwrap();
        database.seed_reference().await.unwrap();
        database.seed_demo(START, true).await.unwrap();
        let holder = database.passport_by_number("DEMO-0001").await.unwrap().unwrap();
        let (now, lifetime) = (Clock::standing_on(START).now(), chrono::TimeDelta::hours(1));
        authority.issue(&Subject::PassportHolder(holder), now, lifetime, Uuid::nil()).unwrap()
    });
    let (address, ()) = run(move |listener| {
        let serving = async move {
            // Kept as long as it is served.
            let _directory = directory;
            let clock = Clock::standing_on(START);
            let database = Database::connect(&file, 2).await.unwrap();
            let store = Store::with_records(database, records, FreshnessRule::default(), clock).await.unwrap();
            let store: SharedStore = store.into();
            let load = LoadLimits { per_token: MANY, per_address: MANY, ..LoadLimits::default() };
            let settings = Settings { load, ..Settings::default() };
            let within = settings.body.within;
            let service =
                std::sync::Arc::new(http::Service::new(store.clone(), authority.into(), clock, None, settings));
            tokio::spawn(store.follow());
            let (router, seats) = (http::router(service.clone()), service.connections());
            http::serve(listener, router, within, seats, std::future::pending()).await;
        };
        ((), serving)
    });
    (address, token)
}

/// A handler that has an answer of `length` bytes ready.
pub(crate) fn bare(length: usize) -> SocketAddr {
    let body: &'static str = "x".repeat(length).leak();
    let answer = move || async move { ([("content-type", "application/json")], body) };
    let router = Router::new().route("/graphql", post(answer));
    run(|listener| ((), async { axum::serve(listener, router).await.unwrap() })).0
}

/// Processor time of all threads but this one.
pub(crate) struct Others(HashMap<OsString, u64>);

impl Others {
    /// Until now.
    pub(crate) fn now() -> Self {
        let own = fs::read_link("/proc/thread-self").unwrap();
        let threads = fs::read_dir("/proc/self/task").unwrap().map(|thread| thread.unwrap());
        let others = threads.filter(|thread| Some(thread.file_name().as_os_str()) != own.file_name());
        let took = others.map(|thread| (thread.file_name(), nanoseconds(&thread.path())));
        Self(took.collect())
    }

    /// Since then, of those that are still there.
    pub(crate) fn took(&self) -> Duration {
        let before = |thread| self.0.get(thread).copied().unwrap_or(0);
        let Self(now) = Self::now();
        Duration::from_nanos(now.iter().map(|(thread, took)| took.saturating_sub(before(thread))).sum())
    }
}

/// Processor time that a thread has taken; 0 where it has ended.
pub(crate) fn nanoseconds(thread: &Path) -> u64 {
    let text = fs::read_to_string(thread.join("schedstat")).unwrap_or_default();
    text.split_whitespace().next().and_then(|first| first.parse().ok()).unwrap_or(0)
}
