//! Servers on a thread of their own, and what processor time the process takes.

use std::{
    collections::HashMap, ffi::OsString, fs, future::Future, net::SocketAddr, path::Path, sync::mpsc::channel,
    time::Duration,
};

use axum::{Router, routing::post};
use tokio::{net::TcpListener, runtime::Builder};
use zorgkaart::{
    app,
    care::snapshot::Records,
    http::{self, Settings},
};

use crate::service::Answering;

/// Runs what `make` gives on one thread; where it listens.
fn run<F: Future<Output = ()>, R: Send + 'static>(
    make: impl AsyncFnOnce(TcpListener) -> (R, F) + Send + 'static,
) -> (SocketAddr, R) {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let runtime = app::runtime(&mut Builder::new_current_thread()).unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let (result, serving) = make(listener).await;
            tell.send((address, result)).unwrap();
            serving.await;
        });
    });
    told.recv().unwrap()
}

/// Serves `records`, to whoever has this token too.
pub(crate) fn zorgkaart(records: Records) -> (SocketAddr, String) {
    run(async |listener| {
        let Answering { service, token, directory } = Answering::of(records).await;
        let serving = async move {
            let (router, seats) = (http::router(service.clone()), service.connections());
            let within = Settings::default().body.within;
            http::serve(listener, router, within, seats, std::future::pending()).await;
            drop(directory);
        };
        (token, serving)
    })
}

/// A handler that has an answer of `length` bytes ready.
pub(crate) fn bare(length: usize) -> SocketAddr {
    let body: &'static str = "x".repeat(length).leak();
    let answer = move || async move { ([("content-type", "application/json")], body) };
    let router = Router::new().route("/graphql", post(answer));
    run(async |listener| ((), async { axum::serve(listener, router).await.unwrap() })).0
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
