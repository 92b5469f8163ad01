//! The same question asked of `PostGraphile`, which makes GraphQL of the tables that SQL was measured on: same data, same
//! fields, same filters; once as anybody, who needs no role and no transaction there, and once with a token.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use serde_json::json;
use sqlx::{Connection, Executor, PgConnection};
use zorgkaart::care::vervoer::Destination;

use crate::{
    KINDS, answers,
    client::{self, Rest},
    figures::Figures,
    question,
    searches::nights,
    server,
};

const FUNCTIONS: &str = include_str!("postgraphile.sql");
const SERVER: &str = include_str!("postgraphile.mjs");

/// How often each question is asked of both, in turn.
const ROUNDS: usize = 5;

/// [`question::QUESTION`], as its names have it.
const QUESTION: &str = "query ($lng: Float!, $lat: Float!, $form: String, $alike: String, $first: Date, $last: Date,
    $reach: Boolean) {
  placesNear(lng: $lng, lat: $lat, form: $form, alike: $alike, firstNight: $first, lastNight: $last, reach: $reach,
      first: 20) {
    edges { cursor node { distanceKm(lng: $lng, lat: $lat) vervoerReachesYou(lng: $lng, lat: $lat)
      rowId name careForm capacity freshness nextStay
      careGroupByCareGroupId { homogeneity size
        locationByLocationId { city postcode lat lng providerByProviderId { name } } } } }
    pageInfo { hasNextPage endCursor } } }";

/// A server that ends with this.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Asks `PostGraphile` where the environment says where it is installed, without a token and with one, and zorgkaart at
/// `address` with `token` each time: it tells nobody without one when there is a night free.
pub(crate) fn measure(origins: &[Destination], address: SocketAddr, token: &str) {
    let (Ok(url), Ok(installed)) = (std::env::var("POSTGIS_URL"), std::env::var("POSTGRAPHILE")) else {
        println!("PostGraphile was not measured: POSTGRAPHILE names no directory in which it is installed.\n");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { PgConnection::connect(&url).await.unwrap().execute(FUNCTIONS).await.unwrap() });
    let node = Command::new("node")
        .args(["--input-type=module", "-e", SERVER])
        .current_dir(installed)
        .env("NODE_ENV", "production")
        .env("GRAPHILE_ENV", "production")
        .stdout(Stdio::piped())
        .spawn();
    let mut server = Server(node.unwrap());
    let mut said = BufReader::new(server.0.stdout.take().unwrap()).lines();
    let (port, its_token) = said.by_ref().find_map(|line| port_and_token(&line.unwrap())).unwrap();
    let theirs = SocketAddr::from(([127, 0, 0, 1], port));
    println!("## The same question asked of PostGraphile\n");
    println!(
        "| question | asked of PostGraphile | answers per second of one core | its processor, µs | PostgreSQL's, µs | ms: median (p99) | zorgkaart: answers per second of one core | times as many |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let each = KINDS.iter().enumerate().flat_map(|(kind, name)| [(kind, name, false), (kind, name, true)]);
    for (kind, name, signed_in) in each {
        let requests = |make: &dyn Fn(&Destination) -> Vec<u8>| -> &'static [Vec<u8>] {
            origins.iter().map(make).collect::<Vec<_>>().leak()
        };
        let its_token = signed_in.then_some(its_token.as_str());
        let of_theirs = requests(&|home| answers::request(&body(kind, home), its_token));
        let of_ours = requests(&|home| answers::request(&question::body(question::QUESTION, kind, home), Some(token)));
        let round = |_| {
            let processor = || [processor(server.0.id()), of_postgres()];
            let before = OnceLock::new();
            let warm = || {
                before.get_or_init(processor);
            };
            // It needs both cores; to wake its client is less than a hundredth of what it does.
            let client = (answers::CONNECTIONS, Rest::Sleep);
            let (took, _) = runtime.block_on(client::ask(theirs, of_theirs, client, answers::LASTING, warm));
            let [node, postgres] = processor();
            let [node_before, postgres_before] = before.get().unwrap();
            #[expect(clippy::cast_precision_loss, reason = "a number of answers")]
            let answers = took.len() as f64;
            let [node, postgres] = [node.saturating_sub(*node_before), postgres.saturating_sub(*postgres_before)]
                .map(|time| time.as_secs_f64() * 1e6 / answers);
            let ours = answers::ask(address, of_ours, Rest::Never);
            (ours.per_second() * (node + postgres) / 1e6, [node, postgres], Figures::from(took), ours)
        };
        let mut rounds: Vec<_> = (0..ROUNDS).map(round).collect();
        rounds.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
        let (times, [node, postgres], figures, ours) = rounds.swap_remove(ROUNDS / 2);
        println!(
            "| {name} | {} | {:.0} | {node:.0} | {postgres:.0} | {:.0} ({:.0}) | {:.0} | {times:.0} |",
            if signed_in { "with a token" } else { "by anybody" },
            1e6 / (node + postgres),
            figures.median() / 1e3,
            figures.p99() / 1e3,
            ours.per_second(),
        );
    }
    println!();
}

/// What it says once it listens.
fn port_and_token(line: &str) -> Option<(u16, String)> {
    let (port, token) = line.split_once(' ')?;
    Some((port.parse().ok()?, token.to_owned()))
}

fn body(kind: usize, home: &Destination) -> String {
    let mut variables = json!({ "lng": home.point.lng(), "lat": home.point.lat() });
    if kind >= 1 {
        variables["form"] = "LOGEREN".into();
        variables["alike"] = "HOMOGENEOUS_ZEVMB".into();
    }
    if kind >= 2 {
        let (first, last) = nights();
        variables["first"] = first.to_string().into();
        variables["last"] = last.to_string().into();
    }
    if kind >= 3 {
        variables["reach"] = true.into();
    }
    json!({ "query": QUESTION, "variables": variables }).to_string()
}

/// Processor time that a process has taken, all its threads.
fn processor(process: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
    Duration::from_nanos(threads.flatten().map(|thread| server::nanoseconds(&thread.path())).sum())
}

/// The same of all that serves `PostgreSQL` on this machine.
fn of_postgres() -> Duration {
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let entry = entry.ok()?;
        let is_postgres = fs::read(entry.path().join("comm")).is_ok_and(|name| name == b"postgres\n");
        let process = entry.file_name().to_str().and_then(|name| name.parse().ok());
        is_postgres.then_some(process).flatten()
    });
    processes.map(processor).sum()
}
