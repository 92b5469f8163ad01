//! The gap analysis: floating catchment areas of 100,000 demand and 5,000 supply points with and without decay, next to the
//! same sums over all pairs; and of the country in its real size.
//!
//! `cargo bench --bench gap` prints medians; `README.md` holds the table. The points lie around the postcodes, each as likely as
//! any other, so they cover the land and not the water.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot set up should stop")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use zorgkaart::{
    care::{
        gap::catchment::{Access, Catchment, Change, Decay, Demand, Method, Supply},
        shipped::reference,
    },
    geo::{
        Point,
        distance::{Ecef, chord_squared, surface_km},
    },
};

const KM: f64 = 30.0;
const GAUSSIAN: Decay = Decay::Gaussian { bandwidth_km: 10.0 };
const DECAYS: [(&str, Decay); 2] = [("no decay", Decay::None), ("Gaussian decay", GAUSSIAN)];
/// Demand and supply points: what is promised, and the country in cells of resolution 7 with a few hundred places.
const MANY: (usize, usize) = (100_000, 5_000);
const COUNTRY: (usize, usize) = (3_500, 300);

fn points(demand: usize, supply: usize) -> (Vec<Demand>, Vec<Supply>) {
    let reference = reference().unwrap();
    let postcodes: Vec<Point> = reference.postcodes.values().map(|postcode| postcode.point).collect();
    let mut chance = ChaCha8Rng::seed_from_u64(6);
    let mut point = || {
        let near = postcodes.choose(&mut chance).unwrap();
        let (north, east) = (chance.random_range(-0.02..0.02), chance.random_range(-0.03..0.03));
        let at = Ecef::from(Point::new(near.lat() + north, near.lng() + east).unwrap());
        (at, chance.random_range(0.0..10.0))
    };
    let demand = (0..demand).map(|_| point()).map(|(at, amount)| Demand { at, amount }).collect();
    (demand, (0..supply).map(|_| point()).map(|(at, spots)| Supply { at, spots }).collect())
}

fn catchment(decay: Decay, method: Method) -> Catchment {
    Catchment::new(KM, decay, method).unwrap()
}

fn weight(chord: f64, decay: Decay) -> f64 {
    match decay {
        Decay::Gaussian { bandwidth_km } => (-surface_km(chord).powi(2) / (2.0 * bandwidth_km.powi(2))).exp(),
        _ => 1.0,
    }
}

/// Scores alone, over all pairs: a way that is too far costs no more than three multiplications.
fn all_pairs(demand: &[Demand], supply: &[Supply], decay: Decay) -> Vec<f64> {
    let most = chord_squared(KM);
    let within = |a: Ecef, b: Ecef| Some(a.chord_squared(b)).filter(|chord| *chord <= most);
    let mut scores = vec![0.0; demand.len()];
    for place in supply {
        let weighed = || {
            let near = demand.iter().enumerate().filter_map(|(at, one)| Some((at, within(one.at, place.at)?)));
            near.map(|(at, chord)| (at, weight(chord, decay)))
        };
        let around: f64 = weighed().map(|(at, weight)| weight * demand[at].amount).sum();
        let ratio = if around > 0.0 { place.spots / around } else { 0.0 };
        weighed().for_each(|(at, weight)| scores[at] += weight * ratio);
    }
    scores
}

/// The most memory that this process ever had, KiB.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.parse().ok()
}

fn gap(criterion: &mut Criterion) {
    let (demand, supply) = points(MANY.0, MANY.1);
    let before = most_memory();
    for (_, decay) in DECAYS {
        black_box(Access::of(&demand, &supply, catchment(decay, Method::TwoStep)).reach());
    }
    #[expect(clippy::print_stderr, reason = "figures for the table")]
    if let (Some(before), Some(after)) = (before, most_memory()) {
        eprintln!("the process had at most {before} KiB before any analysis, and {after} KiB with it");
    }
    let mut group = criterion.benchmark_group(format!("{} x {}, {KM} km", MANY.0, MANY.1));
    group.sample_size(10);
    for (name, decay) in DECAYS {
        group.bench_function(BenchmarkId::new(name, "catchment"), |bencher| {
            bencher.iter(|| Access::of(&demand, &supply, catchment(decay, Method::TwoStep)));
        });
        group.bench_function(BenchmarkId::new(name, "all pairs"), |bencher| {
            bencher.iter(|| all_pairs(&demand, &supply, decay));
        });
    }
    for (name, method) in [("2 steps", Method::TwoStep), ("3 steps", Method::ThreeStep)] {
        let base = Access::of(&demand, &supply, catchment(GAUSSIAN, method));
        group.bench_function(BenchmarkId::new("scenario: one place more", name), |bencher| {
            bencher.iter(|| base.rescore(&[Change::Add(supply[0])]));
        });
    }
    group.finish();
    let (demand, supply) = points(COUNTRY.0, COUNTRY.1);
    let mut group = criterion.benchmark_group(format!("{} x {}, {KM} km", COUNTRY.0, COUNTRY.1));
    for (name, method) in [("2 steps", Method::TwoStep), ("3 steps", Method::ThreeStep)] {
        group.bench_function(BenchmarkId::new("Gaussian decay", name), |bencher| {
            bencher.iter(|| Access::of(&demand, &supply, catchment(GAUSSIAN, method)).reach());
        });
    }
    group.finish();
}

criterion_group!(benches, gap);
criterion_main!(benches);
