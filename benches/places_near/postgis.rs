//! The same question in SQL: `PostGIS` with an index on places by where they are, nearest first, on one connection.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use zorgkaart::care::{
    place::Place,
    snapshot::{Records, Snapshot},
    vervoer::Destination,
    vocabulary::Slot,
};

use crate::{
    KINDS,
    data::{START, nights},
    figures::Figures,
};

const TABLE: &str = "CREATE EXTENSION IF NOT EXISTS postgis;
  CREATE SCHEMA IF NOT EXISTS bench;
  DROP TABLE IF EXISTS bench.place CASCADE;
  CREATE UNLOGGED TABLE bench.place (id integer PRIMARY KEY, name text, care_form text, homogeneity text, capacity integer,
    at geography(point), free_nights datemultirange, vervoer_metres double precision)";
const INDEX: &str = "CREATE INDEX ON bench.place USING gist (at)";
const ANALYZE: &str = "VACUUM ANALYZE bench.place";
/// How many rows go in one piece.
const PIECE: usize = 20_000;

/// Says what SQL takes, where there is a `PostGIS` to ask.
pub(crate) fn measure(records: &Records, origins: &[Destination]) {
    let Ok(url) = std::env::var("POSTGIS_URL") else {
        println!("PostGIS was not measured: POSTGIS_URL names no database.\n");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut connection = runtime.block_on(PgConnection::connect(&url)).unwrap();
    runtime.block_on(fill(&mut connection, records));
    let version = runtime.block_on(connection.fetch_one("SELECT version() || ', PostGIS ' || postgis_lib_version()"));
    println!("## The same in SQL, {} places\n\n{}\n", records.places.len(), version.unwrap().get::<String, _>(0));
    println!("| 20 nearest, µs: median (p99) | SQL |\n|---|---|");
    for (kind, name) in KINDS.iter().enumerate() {
        let asked = Figures::of(origins, 1, |home| {
            let found = runtime.block_on(connection.fetch_all(AssertSqlSafe(question(kind, home)))).unwrap();
            assert!(!found.is_empty());
        });
        println!("| {name} | {:.0} ({:.0}) |", asked.median(), asked.p99());
    }
    println!();
}

fn question(kind: usize, home: &Destination) -> String {
    let point = format!("ST_MakePoint({}, {})::geography", home.point.lng(), home.point.lat());
    let mut conditions = vec!["true".to_owned()];
    if kind >= 1 {
        conditions.push("care_form = 'LOGEREN' AND homogeneity = 'HOMOGENEOUS_ZEVMB'".into());
    }
    if kind >= 2 {
        let (first, last) = nights();
        conditions.push(format!("free_nights @> daterange('{first}', '{last}', '[]')"));
    }
    if kind >= 3 {
        conditions.push(format!("ST_Distance(at, {point}) <= vervoer_metres"));
    }
    format!(
        "SELECT id, name, capacity, ST_Distance(at, {point}) FROM bench.place WHERE {} ORDER BY at <-> {point} LIMIT 20",
        conditions.join(" AND ")
    )
}

async fn fill(connection: &mut PgConnection, records: &Records) {
    connection.execute(TABLE).await.unwrap();
    let snapshot = Snapshot::build(records.clone(), START);
    let places: Vec<u32> = (0..u32::try_from(snapshot.place_count()).unwrap()).collect();
    let mut copy = connection.copy_in_raw("COPY bench.place FROM STDIN").await.unwrap();
    for piece in places.chunks(PIECE) {
        let mut rows = String::new();
        for id in piece {
            let facts = snapshot.facts(*id).unwrap();
            let (place, point) = (facts.place, facts.point);
            writeln!(
                rows,
                "{id}\t{}\t{}\t{}\t{}\tSRID=4326;POINT({} {})\t{}\t{}",
                place.name,
                place.care_form.code(),
                facts.group.homogeneity.code(),
                place.capacity,
                point.lng(),
                point.lat(),
                free_nights(place),
                vervoer_metres(place)
            )
            .unwrap();
        }
        copy.send(rows.as_bytes()).await.unwrap();
    }
    copy.finish().await.unwrap();
    for statement in [INDEX, ANALYZE] {
        connection.execute(statement).await.unwrap();
    }
}

/// As the text of a multirange.
fn free_nights(place: &Place) -> String {
    let free = place.availability.iter().filter(|run| run.slot == Slot::Night && run.free > 0);
    let ranges: Vec<String> = free.map(|run| format!("[{},{}]", run.from, run.to)).collect();
    format!("{{{}}}", ranges.join(","))
}

/// The widest radius; null: none is stated.
fn vervoer_metres(place: &Place) -> String {
    let radii = place.vervoer.iter().flatten().filter_map(|vervoer| vervoer.radius_km);
    radii.reduce(f64::max).map_or_else(|| "\\N".into(), |km| (km * 1e3).to_string())
}
