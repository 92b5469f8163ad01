//! `placesNear`: the index alone, against an R-tree with the same filters, and the whole request in process.
//!
//! `cargo bench` prints medians; `README.md` holds the table. The places are synthetic and spread like the people;
//! the questions come from postcodes, as often as people live there.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot set up should stop")]

use std::{hint::black_box, time::Instant};

use axum::{
    body::Body,
    http::{Request, header},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rand::{SeedableRng, distr::weighted::WeightedIndex, prelude::Distribution};
use rand_chacha::ChaCha8Rng;
use rstar::{RTree, primitives::GeomWithData};
use serde_json::json;
use tower::ServiceExt;
use uuid::Uuid;
use zorgkaart::{
    app,
    auth::{Authority, Keys, Subject},
    care::{
        availability::Stay,
        demo,
        filter::{Filter, Moment},
        freshness::FreshnessRule,
        ordinals::Ordinals,
        plan::Search,
        reference::Reference,
        shipped,
        snapshot::{Records, Snapshot},
        vervoer::Destination,
        vocabulary::{CareForm, Homogeneity},
    },
    clock::Clock,
    config::Config,
    geo::distance::Ecef,
    http,
    store::{Database, DatabaseUrl, Store},
};

const START: NaiveDate = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
const SIZES: [u64; 2] = [10_000, 1_000_000];
const PAGE: usize = 20;
const ORIGINS: usize = 512;
const KINDS: [&str; 4] = ["no filter", "care form + homogeneity", "+ 2 free nights", "+ vervoer"];

type Tree = RTree<GeomWithData<[f64; 3], u32>>;

fn now() -> DateTime<Utc> {
    Clock::standing_on(START).now()
}

fn moment() -> Moment {
    Moment { now: now(), freshness: FreshnessRule::default() }
}

fn records(places: u64) -> Records {
    let reference = shipped::reference().unwrap();
    let mut records = Records { agreements: shipped::agreements().unwrap(), ..Records::default() };
    for bundle in demo::synthetic(&reference, 7, START, places).unwrap() {
        records.providers.push(bundle.provider);
        records.locations.extend(bundle.locations);
        records.groups.extend(bundle.groups);
        records.places.extend(bundle.places);
    }
    records.reference = reference;
    records
}

/// Where people ask from: postcodes, as often as people live there.
fn origins(reference: &Reference) -> Vec<Destination> {
    let postcodes: Vec<_> = reference.postcodes.values().collect();
    let by_population = WeightedIndex::new(postcodes.iter().map(|postcode| postcode.population)).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    (0..ORIGINS)
        .map(|_| {
            let postcode = postcodes[by_population.sample(&mut rng)];
            Destination {
                point: postcode.point,
                pc4: Some(postcode.pc4),
                gemeente_code: Some(postcode.gemeente_code.clone()),
            }
        })
        .collect()
}

/// The filters of the four kinds of question, each with all of the one before.
fn filter(kind: usize, home: &Destination) -> Filter {
    let mut filter = Filter::default();
    if kind >= 1 {
        filter.care_forms = vec![CareForm::Logeren];
        filter.homogeneity = vec![Homogeneity::HomogeneousZevmb];
    }
    if kind >= 2 {
        let nights = |days| START + TimeDelta::days(days);
        filter.stay = Some(Stay { arrive: nights(11), depart: nights(13), spots: 1 });
    }
    if kind >= 3 {
        filter.vervoer_to = Some(home.clone());
    }
    filter
}

fn tree(snapshot: &Snapshot) -> Tree {
    let places = u32::try_from(snapshot.place_count()).unwrap();
    let points = (0..places)
        .map(|place| GeomWithData::new(Ecef::from(snapshot.facts(place).unwrap().public.point).0, place))
        .collect();
    RTree::bulk_load(points)
}

fn index_alone(criterion: &mut Criterion, places: u64, snapshot: &Snapshot, origins: &[Destination]) {
    let tree = tree(snapshot);
    for (kind, name) in KINDS.iter().enumerate() {
        let mut group = criterion.benchmark_group(format!("{name}, {places} places"));
        let searches: Vec<Search> = origins
            .iter()
            .map(|near| Search {
                near: near.clone(),
                radius_km: None,
                filter: filter(kind, near),
                wishes: Vec::new(),
                after: None,
                limit: PAGE,
            })
            .collect();
        let replaced = Ordinals::default();
        let mut next = searches.iter().cycle();
        group.bench_function(BenchmarkId::from_parameter("index"), |bencher| {
            bencher.iter(|| black_box(next.next().unwrap().run(snapshot, moment(), &replaced)));
        });
        let mut next = searches.iter().cycle();
        group.bench_function(BenchmarkId::from_parameter("rstar, filter by callback"), |bencher| {
            bencher.iter(|| {
                let search = next.next().unwrap();
                let found: Vec<u32> = tree
                    .nearest_neighbor_iter(&Ecef::from(search.near.point).0)
                    .map(|place| place.data)
                    .filter(|place| search.filter.takes(&snapshot.facts(*place).unwrap(), moment()))
                    .take(PAGE)
                    .collect();
                black_box(found)
            });
        });
        group.finish();
    }
}

const QUESTION: &str = "query ($home: String!, $filter: PlaceFilter) {
  placesNear(near: { postcode: $home }, filter: $filter, first: 20) {
    edges { cursor distanceKm vervoerReachesYou node { id name careForm capacity freshness nextStay
      group { homogeneity size } location { city postcode point { lat lng } } provider { name } } }
    pageInfo { hasNextPage endCursor } } }";

fn body(kind: usize, home: &Destination) -> String {
    let home = home.pc4.unwrap().to_string();
    let mut filter = json!({});
    if kind >= 1 {
        filter["careForms"] = json!(["LOGEREN"]);
        filter["homogeneity"] = json!(["HOMOGENEOUS_ZEVMB"]);
    }
    if kind >= 2 {
        filter["stay"] = json!({ "arrive": "2026-12-12", "depart": "2026-12-14" });
    }
    if kind >= 3 {
        filter["vervoerTo"] = json!({ "postcode": home });
    }
    json!({ "query": QUESTION, "variables": { "home": home, "filter": filter } }).to_string()
}

/// The whole request but for the socket: gate, token, passport check in the database, search, answer.
fn whole_request(criterion: &mut Criterion, places: u64, records: Records, origins: &[Destination]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let config = Config { data_dir: directory.path().to_owned(), ..Config::default() };
    Keys::ensure(&directory.path().join("keys"), Uuid::now_v7).unwrap();
    let authority: Authority = app::authority(&config).unwrap();
    let (router, token) = runtime.block_on(async {
        let file = DatabaseUrl::sqlite_file(&directory.path().join("bench.db"));
        let database = Database::connect(&file, 1).await.unwrap();
        database.migrate().await.unwrap();
        database.seed_reference().await.unwrap();
        database.seed_demo(START, true).await.unwrap();
        let holder = database.passport_by_number("DEMO-0001").await.unwrap().unwrap();
        let subject = Subject::PassportHolder(holder);
        let token = authority.issue(&subject, now(), TimeDelta::hours(1), Uuid::nil()).unwrap();
        let store = Store::with_records(database, records, FreshnessRule::default(), Clock::standing_on(START));
        let store = store.await.unwrap();
        let service = http::Service::new(
            store.into(),
            authority.into(),
            Clock::standing_on(START),
            None,
            http::Settings::default(),
        );
        (http::router(service.into()), token)
    });
    for (kind, name) in KINDS.iter().enumerate() {
        let mut group = criterion.benchmark_group(format!("{name}, {places} places"));
        let bodies: Vec<String> = origins.iter().map(|home| body(kind, home)).collect();
        let mut next = bodies.iter().cycle();
        group.bench_function(BenchmarkId::from_parameter("whole request"), |bencher| {
            bencher.iter(|| {
                let request = Request::post("/graphql")
                    .header(header::CONTENT_TYPE, "application/json")
                    .header(header::AUTHORIZATION, format!("Bearer {token}"))
                    .body(Body::from(next.next().unwrap().clone()))
                    .unwrap();
                let answer = runtime.block_on(async {
                    let response = router.clone().oneshot(request).await.unwrap();
                    assert!(response.status().is_success());
                    axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap()
                });
                assert!(!answer.starts_with(br#"{"errors"#));
                black_box(answer)
            });
        });
        group.finish();
    }
}

fn places_near(criterion: &mut Criterion) {
    for places in SIZES {
        let made = records(places);
        let origins = origins(&made.reference);
        let begun = Instant::now();
        let snapshot = Snapshot::build(made.clone(), START);
        let (took, bytes) = (begun.elapsed(), snapshot.index().bytes());
        #[expect(clippy::print_stderr, reason = "figures for the table")]
        {
            eprintln!(
                "{places} places: linked and indexed in {took:.2?}, index of {} bytes a place",
                bytes / usize::try_from(places).unwrap()
            );
        }
        index_alone(criterion, places, &snapshot, &origins);
        drop(snapshot);
        whole_request(criterion, places, made, &origins);
    }
}

criterion_group!(benches, places_near);
criterion_main!(benches);
