//! Far more than a server can do: some are answered, the rest are told at once to come back, and then it is as before.

use std::{
    fs,
    time::{Duration, Instant},
};

use futures::future::join_all;
use serde_json::json;

use super::{
    alone, is_long,
    replica::{Realm, serve},
};
use crate::support::{databases::fill, program::Server};

const QUESTION: &str = "{ placesNear(near: { postcode: \"3511\" }, first: 20) { edges { distanceKm node { name \
                        availability(from: \"2026-12-12\", to: \"2026-12-14\") { free } } } } }";
/// How many ask at a time: each asks again as soon as it is answered, so there are always as many questions under way, while
/// a handful keeps the server busy.
const MANY: usize = 600;
/// How many keep it busy.
const FEW: usize = 4;
/// A process may take on this much more, bytes: turns, connections and answers under way.
const MOST_MEMORY: u64 = 400 << 20;

/// An answer: its status, and how long it took.
type Answer = (u16, Duration);

/// `clients` ask for as long as `lasts`.
async fn ask(server: &Server, token: &str, clients: usize, lasts: Duration) -> Vec<Answer> {
    let until = Instant::now() + lasts;
    let client = async || {
        let mut answers = Vec::new();
        while Instant::now() < until {
            let began = Instant::now();
            let (status, body) = server.ask_with(Some(token), QUESTION, &json!({})).await.unwrap();
            assert!(status == 200 || status == 503 && body.contains("UNAVAILABLE"), "{status}: {body}");
            answers.push((status, began.elapsed()));
        }
        answers
    };
    join_all((0..clients).map(|_| client())).await.into_iter().flatten().collect()
}

fn memory(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

fn answered(answers: &[Answer]) -> usize {
    answers.iter().filter(|(status, _)| *status == 200).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_much_is_refused_at_once_and_leaves_no_trace() {
    let _alone = alone().await;
    let realm = Realm::new();
    let data_dir = realm.data_dir();
    fill(format!("sqlite:{}?mode=rwc", data_dir.path().join("zorgkaart.db").display())).await;
    let mut command = serve(data_dir.path(), None);
    let config = data_dir.path().join("load.toml");
    // Less than the default, since those who ask run on the same processors.
    fs::write(&config, "[load]\nat_once = 8\nwaiting = 16\nper_token = 0\nper_address = 0\n").unwrap();
    command.env("ZORGKAART_CONFIG", &config);
    let server = Server::start(&mut command);
    let token = realm.kenniscentrum();
    let (before, calm) = (memory(&server), ask(&server, &token, FEW, Duration::from_secs(2)).await);
    assert_eq!(answered(&calm), calm.len(), "what it can do it does");

    let storm = ask(&server, &token, MANY, Duration::from_secs(if is_long() { 60 } else { 6 })).await;
    assert!(answered(&storm) > 0 && answered(&storm) < storm.len(), "{} of {}", answered(&storm), storm.len());
    let slowest = storm.iter().filter(|(status, _)| *status == 200).map(|(_, took)| *took).max().unwrap();
    assert!(slowest < Duration::from_secs(10), "an answer took {slowest:?}");
    let now = memory(&server);
    assert!(now < before + MOST_MEMORY, "{before} bytes before, {now} after");

    // Full speed within a second.
    let again = ask(&server, &token, FEW, Duration::from_secs(1)).await;
    let after = ask(&server, &token, FEW, Duration::from_secs(1)).await;
    assert_eq!(answered(&after), after.len(), "{} of {} a second later", answered(&again), again.len());
}
