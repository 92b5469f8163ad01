//! Far more than a server can do: some are answered, the rest are told at once to come back, and then it is as before.

use std::{
    fs,
    io::Write as _,
    process::{self, Command},
    time::Duration,
};

use futures::future::join_all;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    time::{Instant, sleep_until},
};

use super::{
    alone,
    replica::{Realm, serve},
};
use crate::support::{databases::fill, program::Server};

/// How many times as much as it can do.
const TOO_MUCH: u32 = 10;
/// For how long.
const STORM: Duration = Duration::from_mins(1);
/// How often each of them asks, seconds: longer than anybody waits for an answer.
const PACE: u32 = 2;
/// So many ask again as soon as they are refused.
const STUBBORN: u32 = 3_000;
/// So many ask for what takes no time.
const IDLE: u32 = 1_000;
/// For how long either do.
const SHORTLY: Duration = Duration::from_secs(8);
/// For how long it is calm before and after.
const SOME: Duration = Duration::from_secs(3);
/// How many keep it busy.
const FEW: u32 = 4;
/// A process may take on this much more, bytes: turns, connections and answers under way.
const MOST_MEMORY: u64 = 400 << 20;

/// An answer: its status, and how long it took.
type Answer = (u16, Duration);

/// The largest question that is answered: those who ask run on the same processors, and must have little to do for each.
fn question() -> String {
    let search = |number| {
        format!(
            "a{number}: placesNear(near: {{ postcode: \"3511\" }}, first: 20) {{ edges {{ distanceKm node {{ name \
             availability(from: \"2026-12-12\", to: \"2026-12-14\") {{ free }} }} }} }}"
        )
    };
    format!("{{ {} }}", (0..30).map(search).collect::<Vec<_>>().join(" "))
}

/// Those who ask: bytes and sockets, since a client of a library has as much to do for a refusal as the server.
struct Askers {
    address: String,
    request: String,
}

impl Askers {
    /// Whoever asks whether it lives.
    fn of_life(server: &Server) -> Self {
        let address = server.url.trim_start_matches("http://").to_owned();
        let request = format!("GET /health/live HTTP/1.1\r\nhost: {address}\r\n\r\n");
        Self { address, request }
    }

    fn new(server: &Server, token: &str) -> Self {
        let address = server.url.trim_start_matches("http://").to_owned();
        let body = json!({ "query": question() }).to_string();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        Self { address, request }
    }

    async fn ask(&self, connection: &mut BufReader<TcpStream>) -> Answer {
        let began = Instant::now();
        connection.get_mut().write_all(self.request.as_bytes()).await.unwrap();
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            let from = head.len();
            assert_ne!(connection.read_line(&mut head).await.unwrap(), 0, "cut: {head}");
            if let Some(value) = head[from..].strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        connection.read_exact(&mut body).await.unwrap();
        let is_busy = head.starts_with("HTTP/1.1 503") && head.contains("retry-after: 1\r\n");
        assert!(head.starts_with("HTTP/1.1 200") || is_busy, "{head}");
        (if is_busy { 503 } else { 200 }, began.elapsed())
    }

    /// `many` ask at once and again every `pace`, or as soon as they are answered where that takes longer.
    async fn ask_for(&self, lasts: Duration, many: u32, pace: Duration) -> Vec<Answer> {
        let began = Instant::now();
        let client = async |number| {
            let mut connection = BufReader::new(TcpStream::connect(&self.address).await.unwrap());
            let mut answers = Vec::new();
            let mut turn = began + pace / many * number;
            while turn < began + lasts {
                sleep_until(turn).await;
                answers.push(self.ask(&mut connection).await);
                turn = (turn + pace).max(Instant::now());
            }
            answers
        };
        join_all((0..many).map(client)).await.into_iter().flatten().collect()
    }
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
    // As many connections as the system allows; what it does not is said by the first that cannot be opened.
    let _ = Command::new("prlimit").args([&format!("--pid={}", process::id()), "--nofile=16384:"]).status();
    let realm = Realm::new();
    let data_dir = realm.data_dir();
    fill(format!("sqlite:{}?mode=rwc", data_dir.path().join("zorgkaart.db").display())).await;
    let mut command = serve(data_dir.path(), None);
    let config = data_dir.path().join("load.toml");
    fs::write(&config, "[load]\nper_token = 0\nper_address = 0\n").unwrap();
    command.env("ZORGKAART_CONFIG", &config);
    // One thread, so that whoever asks has a processor too.
    let server = Server::start(command.env("TOKIO_WORKER_THREADS", "1"));
    let askers = Askers::new(&server, &realm.kenniscentrum());
    let before = memory(&server);
    let calm = answered(&askers.ask_for(SOME, FEW, Duration::ZERO).await);
    let per_second = u32::try_from(calm).unwrap() / u32::try_from(SOME.as_secs()).unwrap();
    assert!(per_second > 0, "what it can do it does");

    let storm = askers.ask_for(STORM, per_second * TOO_MUCH * PACE, Duration::from_secs(PACE.into())).await;
    let few = answered(&storm) < storm.len() / 2;
    let enough = answered(&storm) > usize::try_from(STORM.as_secs()).unwrap() * per_second as usize / 2;
    assert!(few && enough, "{} of {}, at {per_second} a second", answered(&storm), storm.len());
    let mut took: Vec<_> = storm.iter().map(|(_, took)| *took).collect();
    took.sort_unstable();
    let (usual, slowest) = (took[took.len() / 2], took[took.len() - 1]);
    // Not `eprintln!`: the test harness would keep it.
    let _ = writeln!(
        std::io::stderr(),
        "{per_second} a second; {} of {} answered; half in {usual:?}, all in {slowest:?}",
        answered(&storm),
        storm.len()
    );
    assert!(usual < Duration::from_secs(3) && slowest < Duration::from_secs(10), "{usual:?}, {slowest:?}");
    let now = memory(&server);
    assert!(now < before + MOST_MEMORY, "{before} bytes before, {now} after");

    // Whoever asks again at once, however often it is refused, does not keep others from being answered.
    let stubborn = askers.ask_for(SHORTLY, STUBBORN, Duration::ZERO).await;
    let enough = answered(&stubborn) > usize::try_from(SHORTLY.as_secs()).unwrap() * per_second as usize / 4;
    assert!(enough, "{} of {}, at {per_second} a second", answered(&stubborn), stubborn.len());
    let slowest = stubborn.iter().map(|(_, took)| *took).max().unwrap();
    let _ =
        writeln!(std::io::stderr(), "{} of {} stubborn ones, all in {slowest:?}", answered(&stubborn), stubborn.len());
    assert!(slowest < Duration::from_secs(12), "{slowest:?}");

    // Nor does what takes no turn keep anybody from being answered: a round of so many takes a good part of the patience, so
    // one that the machine lengthens has some come back.
    let idle = Askers::of_life(&server);
    let (few, many) =
        tokio::join!(askers.ask_for(SHORTLY, FEW, Duration::ZERO), idle.ask_for(SHORTLY, IDLE, Duration::ZERO));
    let _ = writeln!(std::io::stderr(), "{} of {} answered beside {}", answered(&few), few.len(), many.len());
    assert!(answered(&few) > few.len() / 2 && few.len() > 10 * FEW as usize, "few are answered");

    // Full speed within a second.
    let again = askers.ask_for(Duration::from_secs(1), FEW, Duration::ZERO).await;
    let after = answered(&askers.ask_for(SOME, FEW, Duration::ZERO).await);
    assert!(
        after > calm / 2,
        "{after} answers in {SOME:?}, {calm} before; {} of {} at once",
        answered(&again),
        again.len()
    );
}
