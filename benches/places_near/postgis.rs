//! The same question in SQL: `PostGIS` with an index on places by where they are, nearest first, on one connection.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use zorgkaart::{
    care::{
        place::{Location, Place},
        snapshot::{Records, SeenLocation, Snapshot},
        vervoer::Destination,
        vocabulary::Slot,
    },
    geo::Point,
};

use crate::{KINDS, data::START, figures::Figures, searches::nights};

const TABLES: &str = "CREATE EXTENSION IF NOT EXISTS postgis;
  CREATE SCHEMA IF NOT EXISTS bench;
  DROP TABLE IF EXISTS bench.place, bench.care_group, bench.location, bench.provider CASCADE;
  CREATE UNLOGGED TABLE bench.provider (id uuid PRIMARY KEY, name text);
  CREATE UNLOGGED TABLE bench.location (id uuid PRIMARY KEY, provider_id uuid, city text, postcode text, at geography(point));
  CREATE UNLOGGED TABLE bench.care_group (id uuid PRIMARY KEY, location_id uuid, homogeneity text, size integer);
  CREATE UNLOGGED TABLE bench.place (id uuid PRIMARY KEY, care_group_id uuid, name text, care_form text, homogeneity text,
    capacity integer, at geography(point), free_nights datemultirange, vervoer_metres double precision, confirmed_at timestamptz)";
/// What a search asks lies with the place, so that it joins nothing.
const INDEX: &str = "CREATE INDEX ON bench.place USING gist (at)";
const KEYS: &str = "ALTER TABLE bench.location ADD FOREIGN KEY (provider_id) REFERENCES bench.provider NOT VALID;
  ALTER TABLE bench.care_group ADD FOREIGN KEY (location_id) REFERENCES bench.location NOT VALID;
  ALTER TABLE bench.place ADD FOREIGN KEY (care_group_id) REFERENCES bench.care_group NOT VALID";
const ANALYZE: &str = "VACUUM ANALYZE bench.place, bench.care_group, bench.location, bench.provider";
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
    connection.execute(TABLES).await.unwrap();
    let snapshot = Snapshot::build(records.clone(), START);
    let places: Vec<u32> = (0..u32::try_from(snapshot.place_count()).unwrap()).collect();
    copy(connection, "provider", &records.providers, |provider| format!("{}\t{}", provider.id.0, provider.name)).await;
    let public = |location: &Location| SeenLocation::by_everybody(location, &records.reference).unwrap().point();
    copy(connection, "location", &records.locations, |location| {
        let Location { id, provider_id, city, postcode, .. } = location;
        format!("{}\t{}\t{city}\t{}\t{}", id.0, provider_id.0, postcode.text(), text(public(location)))
    })
    .await;
    copy(connection, "care_group", &records.groups, |group| {
        format!("{}\t{}\t{}\t{}", group.id.0, group.location_id.0, group.homogeneity.code(), group.size)
    })
    .await;
    copy(connection, "place", &places, |place| {
        let facts = snapshot.facts(*place).unwrap();
        let place = facts.place;
        format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            place.id.0,
            facts.group.id.0,
            place.name,
            place.care_form.code(),
            facts.group.homogeneity.code(),
            place.capacity,
            text(facts.point()),
            free_nights(place),
            vervoer_metres(place),
            place.confirmed_at.map_or_else(|| "\\N".into(), |at| at.to_rfc3339())
        )
    })
    .await;
    for statement in [INDEX, KEYS, ANALYZE] {
        connection.execute(statement).await.unwrap();
    }
}

async fn copy<T>(connection: &mut PgConnection, table: &str, rows: &[T], row: impl Fn(&T) -> String) {
    let mut copy = connection.copy_in_raw(&format!("COPY bench.{table} FROM STDIN")).await.unwrap();
    for piece in rows.chunks(PIECE) {
        let lines: String = piece.iter().flat_map(|one| [row(one), "\n".into()]).collect();
        copy.send(lines.as_bytes()).await.unwrap();
    }
    copy.finish().await.unwrap();
}

fn text(point: Point) -> String {
    format!("SRID=4326;POINT({} {})", point.lng(), point.lat())
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
