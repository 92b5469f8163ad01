//! Whole requests over HTTP, from clients on the other core: token, gate, search, an answer of 20 places; limits,
//! authorization and audit are on.

use std::{net::SocketAddr, sync::OnceLock, time::Duration};

use zorgkaart::care::{snapshot::Records, vervoer::Destination};

use crate::{
    KINDS,
    client::{self, Rest},
    figures::Figures,
    question::{LIST, QUESTION, body},
    server::{self, Others},
};

pub(crate) const CONNECTIONS: usize = 32;
pub(crate) const LASTING: Duration = Duration::from_secs(2);
/// How often each question is asked, in turn with the bare handler.
const ROUNDS: usize = 9;

/// What came of asking for a while.
#[derive(Default)]
pub(crate) struct Asked {
    /// How long each answer took.
    took: Vec<Duration>,
    /// Processor time of the server.
    processor: Duration,
    /// Of the body of the last answer.
    length: usize,
}

impl Asked {
    /// Both.
    pub(crate) fn and(mut self, more: Self) -> Self {
        self.took.extend(more.took);
        Self { took: self.took, processor: self.processor + more.processor, length: more.length }
    }

    /// Processor time of the server per answer, microseconds.
    pub(crate) fn micros(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a number of answers")]
        let answers = self.took.len() as f64;
        self.processor.as_secs_f64() * 1e6 / answers
    }

    /// Answers per second of the server's processor time.
    pub(crate) fn per_second(&self) -> f64 {
        1e6 / self.micros()
    }
}

/// Says what whole requests take; answers where zorgkaart listens, and a token for it.
pub(crate) fn measure(records: Records, origins: &[Destination]) -> (SocketAddr, String) {
    let places = records.places.len();
    println!("## Requests over HTTP, {places} places, {CONNECTIONS} connections\n");
    let (address, token) = server::zorgkaart(records);
    println!(
        "| question | answers per second of one core | processor, µs | of a bare handler | ratio | ms: median (p99) | of a bare handler | bytes |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let all = KINDS.iter().enumerate().map(|(kind, name)| (QUESTION, kind, *name));
    let last = KINDS.len() - 1;
    for (document, kind, name) in all.chain([(LIST, last, "the last, as a list on a phone shows it")]) {
        let requests = origins.iter().map(|home| request(&body(document, kind, home), Some(&token))).collect();
        let (asked, bare) = in_turn(address, requests, vec![request("{}", Some(&token))]);
        let (took, of_bare) = (Figures::from(asked.took.clone()), Figures::from(bare.took.clone()));
        println!(
            "| {name} | {:.0} | {:.0} | {:.1} | x {:.1} | {:.1} ({:.1}) | {:.1} ({:.1}) | {} |",
            asked.per_second(),
            asked.micros(),
            bare.micros(),
            asked.micros() / bare.micros(),
            took.median() / 1e3,
            took.p99() / 1e3,
            of_bare.median() / 1e3,
            of_bare.p99() / 1e3,
            asked.length
        );
    }
    println!();
    (address, token)
}

/// What came of asking `address`, and of a bare handler with answers as long, in turn. All rounds count: the bare handler takes one
/// time or another, by how often it falls asleep between answers, and a median would be either.
fn in_turn(address: SocketAddr, requests: Vec<Vec<u8>>, of_bare: Vec<Vec<u8>>) -> (Asked, Asked) {
    let (requests, of_bare): (&[_], &[_]) = (requests.leak(), of_bare.leak());
    (0..ROUNDS).fold(Default::default(), |(asked, bare): (Asked, Asked), _| {
        let one = ask(address, requests, Rest::Never);
        // It answers faster than its client asks: it has nobody to wake, and would have to wait for a client that looks about.
        let other = ask(server::bare(one.length), of_bare, Rest::Sleep);
        (asked.and(one), bare.and(other))
    })
}

pub(crate) fn ask(address: SocketAddr, requests: &'static [Vec<u8>], rest: Rest) -> Asked {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let before = OnceLock::new();
    let warm = || drop(before.set(Others::now()));
    let (took, length) = runtime.block_on(client::ask(address, requests, (CONNECTIONS, rest), LASTING, warm));
    Asked { took, processor: before.get().unwrap().took(), length }
}

pub(crate) fn request(body: &str, token: Option<&str>) -> Vec<u8> {
    let authorization = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!(
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{authorization}\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
