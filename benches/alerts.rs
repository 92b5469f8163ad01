//! 10,000 saved searches against 1,000 changes: in memory, with the boxes that keep most searches from being looked at and
//! without them; and through the database, from the changes as they lie there to the alerts.
//!
//! `cargo bench --bench alerts` prints medians; `README.md` holds the table. The database is an `SQLite` file as the service
//! opens it.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot set up should stop")]

use std::{
    hint::black_box,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{Days, NaiveDate};
use criterion::{Criterion, criterion_group, criterion_main};
use entity::saved_search;
use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use sea_orm::{ActiveValue::NotSet, ActiveValue::Set, EntityTrait};
use uuid::Uuid;
use zorgkaart::{
    auth::Scope,
    care::{
        alert::{Watch, Watches},
        availability::{Run, Stay, stated::Period},
        demo::demo,
        filter::{Filter, Moment},
        freshness::FreshnessRule,
        id::{PassportId, PlaceId, SavedSearchId},
        reference::Reference,
        shipped::reference,
        snapshot::{Records, Snapshot},
        vervoer::Destination,
        vocabulary::{CareForm, Homogeneity, Slot},
    },
    clock::Clock,
    store::{Access, Database, DatabaseLimits, DatabaseUrl, Request, SetAvailability, Store},
};

const START: NaiveDate = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
const SEARCHES: usize = 10_000;
const CHANGES: usize = 1_000;

/// What parents wait for: four in five a weekend within 30 km, the rest any room; a third a homogeneous group.
fn watches(reference: &Reference) -> Vec<Watch> {
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let postcodes: Vec<_> = reference.postcodes.values().collect();
    let one = |_| {
        let home = postcodes.choose(&mut chance).unwrap();
        let arrive = START + Days::new(chance.random_range(0..380));
        let stay = Stay { arrive, depart: arrive + Days::new(2), spots: 1 };
        let filter = Filter {
            care_forms: vec![CareForm::Logeren],
            stay: chance.random_bool(0.8).then_some(stay),
            homogeneity: if chance.random_bool(0.3) { vec![Homogeneity::HomogeneousZevmb] } else { Vec::new() },
            include_unknown: true,
            ..Filter::default()
        };
        let near =
            Destination { point: home.point, pc4: Some(home.pc4), gemeente_code: Some(home.gemeente_code.clone()) };
        Watch { near, radius_km: Some(30.0), filter }
    };
    (0..SEARCHES).map(one).collect()
}

fn in_memory(criterion: &mut Criterion) {
    let reference = reference().unwrap();
    let watches = watches(&reference);
    let laid = Watches::new(watches.iter().cloned().enumerate().collect());
    let mut records = Records { reference: reference.clone(), ..Records::default() };
    for bundle in demo(&reference, 1, START).unwrap().bundles {
        records.providers.push(bundle.provider);
        records.locations.extend(bundle.locations);
        records.groups.extend(bundle.groups);
        records.places.extend(bundle.places);
    }
    let mut after = records.clone();
    for place in after.places.iter_mut().filter(|place| place.care_form == CareForm::Logeren) {
        let whole = Run {
            slot: Slot::Night,
            from: START,
            to: START + Days::new(399),
            free: 1,
            stated_at: Clock::standing_on(START).now(),
        };
        place.availability = vec![whole];
    }
    let (before, after) = (Snapshot::build(records, START), Snapshot::build(after, START));
    let moment = Moment { now: Clock::standing_on(START).now(), freshness: FreshnessRule::default() };
    let numbers: Vec<u32> = (0..u32::try_from(after.place_count()).unwrap())
        .filter(|number| after.facts(*number).unwrap().place.care_form == CareForm::Logeren)
        .collect();
    let count = |opened: &dyn Fn(u32) -> usize| {
        numbers.iter().cycle().take(CHANGES).map(|number| opened(*number)).sum::<usize>()
    };
    let with_boxes = |number| {
        let (was, now) = (before.facts(number).unwrap(), after.facts(number).unwrap());
        laid.opened(Some(&was), &now, moment).count()
    };
    let without = |number| {
        let (was, now) = (before.facts(number).unwrap(), after.facts(number).unwrap());
        watches.iter().filter(|watch| watch.opened(Some(&was), &now, moment).is_some()).count()
    };
    assert_eq!(count(&with_boxes), count(&without));
    let mut group = criterion.benchmark_group("1,000 changes, 10,000 saved searches");
    group.sample_size(10);
    group.bench_function("in memory", |bencher| bencher.iter(|| black_box(count(&with_boxes))));
    group.bench_function("in memory, every search looked at", |bencher| bencher.iter(|| black_box(count(&without))));
    group.finish();
}

/// The store of the demo in a file, with the searches saved.
async fn open(directory: &Path, watches: &[Watch]) -> Arc<Store> {
    let file = DatabaseUrl::sqlite_file(&directory.join("bench.db"));
    let filling = Database::connect(&file, 1).await.unwrap();
    filling.migrate().await.unwrap();
    filling.seed_reference().await.unwrap();
    filling.seed_demo(START, true).await.unwrap();
    let holder: PassportId = filling.passport_by_number("DEMO-0001").await.unwrap().unwrap();
    let rows = sea_orm::Database::connect(format!("sqlite:{}", directory.join("bench.db").display())).await.unwrap();
    for some in watches.chunks(1_000) {
        let row = |watch: &Watch| saved_search::ActiveModel {
            seq: NotSet,
            id: Set(SavedSearchId(Uuid::now_v7())),
            passport_id: Set(holder),
            radius_km: Set(watch.radius_km),
            asked: Set(serde_json::json!({})),
            watch: Set(serde_json::to_value(watch).unwrap()),
            saved_at: Set(Clock::standing_on(START).now()),
        };
        saved_search::Entity::insert_many(some.iter().map(row)).exec_without_returning(&rows).await.unwrap();
    }
    let database = filling.for_service(8, DatabaseLimits::default(), None).await.unwrap();
    Arc::new(Store::open(database, FreshnessRule::default(), "local".into(), Clock::standing_on(START)).await.unwrap())
}

/// Opens nights of logeerplekken, another each time, until so many changes are made.
async fn change(store: &Store, places: &[PlaceId], night: &mut u64) {
    let view = store.view(Scope::operator(), store.now());
    let access = Access::default();
    for place in places.iter().cycle().take(CHANGES) {
        *night += 1;
        let date = START + Days::new(*night % 399);
        let free = i32::from((*night / 399).is_multiple_of(2));
        let period =
            Period { slot: Some(Slot::Night), from: date, to: date, weekdays: Vec::new(), except: Vec::new(), free };
        let asked = SetAvailability { place: *place, periods: vec![period], expected_version: None };
        store.set_availability(Request { view: &view, access: &access, key: None }, &asked).await.unwrap();
    }
}

fn through_the_database(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let reference = reference().unwrap();
    let store = runtime.block_on(open(directory.path(), &watches(&reference)));
    let demo = demo(&reference, 1, START).unwrap();
    let places: Vec<PlaceId> = demo
        .bundles
        .iter()
        .flat_map(|bundle| &bundle.places)
        .filter(|place| place.care_form == CareForm::Logeren)
        .map(|place| place.id)
        .collect();
    let mut night = 0;
    let mut group = criterion.benchmark_group("1,000 changes, 10,000 saved searches");
    group.sample_size(10);
    group.bench_function("through the database", |bencher| {
        bencher.iter_custom(|times| {
            let mut took = Duration::ZERO;
            for _ in 0..times {
                runtime.block_on(change(&store, &places, &mut night));
                let began = Instant::now();
                runtime.block_on(store.match_openings()).unwrap();
                took += began.elapsed();
            }
            took
        });
    });
    group.finish();
}

criterion_group!(benches, in_memory, through_the_database);
criterion_main!(benches);
