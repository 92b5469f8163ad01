//! An import that is killed while it writes: all of its file is there or nothing, in the map, its history and the trail.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    process::{Child, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tempfile::TempDir;

use crate::{
    alone, is_long,
    replica::{logeerplekken, night},
    support::{
        databases::{TestDatabase, fill},
        program::program,
    },
};

/// How many rows a file has.
const ROWS: i64 = 120;
/// How many nights of each logeerplek a file is about.
const NIGHTS: u64 = 30;

/// A database, and the program that imports into it.
struct Target {
    url: Option<String>,
    data_dir: TempDir,
    connection: DatabaseConnection,
}

impl Target {
    fn begin(&self, arguments: &[&str]) -> Child {
        let mut command = program(self.data_dir.path());
        if let Some(url) = &self.url {
            command.env("DATABASE_URL", url);
        }
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.data_dir.path().join(file), text).unwrap();
    }

    async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.connection.get_database_backend(), sql);
        self.connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }
}

/// Lets a process run for so long at most, and kills it then; none: it was killed.
fn cut(mut child: Child, after: Duration) -> Option<ExitStatus> {
    let began = Instant::now();
    while began.elapsed() < after {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        thread::park_timeout(Duration::from_millis(1));
    }
    let _ = child.kill();
    let status = child.wait().unwrap();
    status.success().then_some(status)
}

/// Places of which each has a group of its own, in some locations.
fn places(round: u64) -> String {
    let mut file = "provider,location,postcode,city,precision,group,group_name,homogeneity,group_size,place,name,care_form,capacity\n".to_owned();
    for n in 0..ROWS {
        let location = n % 7;
        writeln!(
            file,
            "P-1,L{round}-{location},3511,Utrecht,EXACT,G{round}-{n},Demo Groep,HETEROGENEOUS,8,K{round}-{n},Demo Kill {round},\
             LOGEREN,4"
        )
        .unwrap();
    }
    file
}

/// The same number on many nights of all logeerplekken.
fn spots(free: u64) -> String {
    let mut file = "place,from,to,free\n".to_owned();
    for place in logeerplekken() {
        for n in 0..NIGHTS {
            // Every other night, so that each is a row of its own.
            let night = night(2 * n);
            writeln!(file, "{place},{night},{night},{free}").unwrap();
        }
    }
    file
}

async fn cycles(target: Target) {
    let spots_of_file = i64::try_from(logeerplekken().len()).unwrap() * i64::try_from(NIGHTS).unwrap();
    target.write("providers.csv", "provider,name,kind\nP-1,Demo Kill,INSTELLING\n");
    assert!(target.begin(&["import", "providers", "providers.csv"]).wait().unwrap().success());
    // How long each takes as a whole.
    let mut whole = [Duration::ZERO; 2];
    for (at, (what, text)) in [("places", places(1_000)), ("availability", spots(2))].into_iter().enumerate() {
        target.write("whole.csv", &text);
        let began = Instant::now();
        assert!(target.begin(&["import", what, "whole.csv"]).wait().unwrap().success());
        whole[at] = began.elapsed();
    }
    let rounds: u32 = if is_long() { 100 } else { 3 };
    let (mut all, mut killed) = (0, 0);
    let mut held = 2;
    for round in 0..rounds {
        // Mostly late, when it writes, and some when it is done.
        let share = |whole: Duration| whole.mul_f64(0.5 + f64::from(round) / f64::from(rounds));
        target.write("places.csv", &places(round.into()));
        let ended = cut(target.begin(&["import", "places", "places.csv"]), share(whole[0]));
        let found = target.number(&format!("select count(*) from place where name = 'Demo Kill {round}'")).await;
        let named =
            target.number(&format!("select count(*) from external_id where external_id like 'K{round}-%'")).await;
        assert!(found == ROWS || found == 0 && ended.is_none(), "{found} of {ROWS} places, round {round}");
        assert_eq!(found, named, "round {round}");
        all += found;
        killed += u32::from(ended.is_none());

        let free = u64::from(round % 2);
        target.write("spots.csv", &spots(free));
        let ended = cut(target.begin(&["import", "availability", "spots.csv"]), share(whole[1]));
        let stated = |free: u64| {
            format!(
                "select count(*) from availability where from_date = to_date and free = {free} and stated_by like '%operator'"
            )
        };
        let new = target.number(&stated(free)).await;
        assert!(new == spots_of_file || ended.is_none(), "{new} of {spots_of_file} spots, round {round}");
        if new == spots_of_file {
            held = free;
        } else {
            assert_eq!((new, target.number(&stated(held)).await), (0, spots_of_file), "round {round}");
        }
        killed += u32::from(ended.is_none());
    }
    // Not `eprintln!`: the test harness would keep it.
    let _ = writeln!(
        std::io::stderr(),
        "{killed} of {} imports killed, {} of {rounds} files of places whole",
        2 * rounds,
        all / ROWS
    );
    assert!(killed > 0, "nothing was killed");
    let mut verify = target.begin(&["audit", "verify"]);
    assert!(verify.wait().unwrap().success(), "the trail is whole");
    // What was killed is imported when it is sent again.
    for round in 0..rounds {
        target.write("places.csv", &places(round.into()));
        assert!(target.begin(&["import", "places", "places.csv"]).wait().unwrap().success());
    }
    let found = target.number("select count(*) from external_id where kind = 'PLACE'").await;
    assert_eq!(found, (i64::from(rounds) + 1) * ROWS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_killed_leaves_all_or_nothing_on_sqlite() {
    let _alone = alone().await;
    let data_dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", data_dir.path().join("zorgkaart.db").display());
    fill(url.clone()).await;
    let connection = Database::connect(&url).await.unwrap();
    cycles(Target { url: None, data_dir, connection }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_killed_leaves_all_or_nothing_on_postgres() {
    let _alone = alone().await;
    let Some(db) = TestDatabase::postgres().await else { return };
    let connection = Database::connect(&db.url).await.unwrap();
    cycles(Target { url: Some(db.url.clone()), data_dir: tempfile::tempdir().unwrap(), connection }).await;
}
