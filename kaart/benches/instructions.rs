//! What is counted by `instructions.py`: questions of one kind, asked of the same ten thousand places of every run.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot set up should stop")]

use std::hint::black_box;

use kaart::{
    care::{
        filter::Filter,
        ordinals::Ordinals,
        plan::{Count, Search},
        snapshot::Snapshot,
        vervoer::Destination,
    },
    geo::SURROUNDINGS,
};

#[path = "../../benches/places_near/data.rs"]
mod data;

const PAGE: usize = 20;
const PLACES: u64 = 10_000;

fn main() {
    let records = data::records(PLACES);
    let origins = data::origins(&records.reference);
    let snapshot = Snapshot::build(records, data::START);
    let asked = std::env::args().nth(1).unwrap();
    match asked.as_str() {
        "clusters" => counted(|| count(&snapshot)),
        kind => {
            let kind = kind.parse().unwrap();
            let searches: Vec<Search> = origins.iter().map(|home: &Destination| data::search(kind, home)).collect();
            counted(|| search(&snapshot, &searches));
        }
    }
}

/// Only what happens in here is counted: `instructions.py` names this function.
#[inline(never)]
fn counted(run: impl FnOnce()) {
    run();
}

fn search(snapshot: &Snapshot, searches: &[Search]) {
    let none = Ordinals::default();
    for search in searches {
        black_box(search.run(snapshot, data::moment(), &none));
    }
}

fn count(snapshot: &Snapshot) {
    let count = Count { bounds: SURROUNDINGS, resolution: 6, filter: Filter::default() };
    black_box(count.run(snapshot, data::moment(), &Ordinals::default())).unwrap();
}
