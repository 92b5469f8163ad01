//! What is counted by `benches/instructions.py`: questions of a few kinds, one kind after the other, of the same places in every run.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot set up should stop")]

use std::hint::black_box;

use kaart::{
    care::{
        filter::Filter,
        ordinals::Ordinals,
        plan::{Count, Search},
        snapshot::Snapshot,
    },
    geo::SURROUNDINGS,
};

#[path = "../../benches/places_near/data.rs"]
mod data;
#[path = "../../benches/places_near/searches.rs"]
mod searches;

const PAGE: usize = 20;
const PLACES: u64 = 4_000;
/// Of `searches::search`.
const KINDS: usize = 4;

fn main() {
    let records = data::records(PLACES);
    let origins = data::origins(&records.reference);
    let snapshot = Snapshot::build(records, data::START);
    for kind in 0..KINDS {
        let searches: Vec<Search> = origins.iter().map(|home| searches::search(kind, home)).collect();
        counted(&mut || search(&snapshot, &searches));
    }
    let siblings = |home| {
        let mut search = searches::search(KINDS - 1, home);
        search.filter.stay.as_mut().unwrap().spots = 2;
        search.filter.include_unknown = true;
        search
    };
    let searches: Vec<Search> = origins.iter().map(siblings).collect();
    counted(&mut || search(&snapshot, &searches));
    counted(&mut || count(&snapshot));
}

/// Only what happens in here is counted: `benches/instructions.py` names this function.
#[inline(never)]
fn counted(run: &mut dyn FnMut()) {
    run();
}

fn search(snapshot: &Snapshot, searches: &[Search]) {
    let none = Ordinals::default();
    for search in searches {
        black_box(search.run(snapshot, searches::moment(), &none));
    }
}

fn count(snapshot: &Snapshot) {
    let count = Count { bounds: SURROUNDINGS, resolution: 6, filter: Filter::default() };
    black_box(count.run(snapshot, searches::moment(), &Ordinals::default())).unwrap();
}
