//! The index alone, and R-trees with the same filter asked of each place.

use std::time::Instant;

use geo_index::rtree::{NeighborsOptions, RTree as Packed, RTreeBuilder, RTreeIndex, sort::HilbertSort};
use kaart::{
    care::{
        ordinals::Ordinals,
        plan::Search,
        snapshot::{Linked, Records, Snapshot},
        vervoer::Destination,
    },
    geo::{Point, distance::Ecef},
};
use rstar::{RTree, primitives::GeomWithData};

use crate::{
    KINDS, PAGE, changes, clusters,
    data::START,
    figures::Figures,
    filters,
    searches::{moment, search},
};

const ROUNDS: usize = 4;
const BUILDS: usize = 5;

type Tree = RTree<GeomWithData<[f64; 3], u32>>;

pub(crate) fn measure(records: &Records, origins: &[Destination]) {
    let places = records.places.len();
    println!("## The index alone, {places} places\n");
    let (snapshot, linked, indexed) = built(records);
    let [near, apart] = snapshot.index().bytes().map(|bytes| bytes / places);
    let (tree, rstar) = timed(|| tree(&snapshot));
    let (packed, geo_index) = timed(|| packed(&snapshot));
    println!(
        "Linked in {linked:.2} s, indexed in {indexed:.2} s with all that is stated, the median of {BUILDS} (`rstar` and \
         `geo-index`, points alone: {rstar:.2} and {geo_index:.2} s); {near} bytes a place, and {apart} apart.\n"
    );
    println!("| 20 nearest, µs: median (p99) | index | `rstar` | `geo-index` | ratio to the better |");
    println!("|---|---|---|---|---|");
    let replaced = Ordinals::default();
    for (kind, name) in KINDS.iter().enumerate() {
        let searches: Vec<Search> = origins.iter().map(|home| search(kind, home)).collect();
        let takes = |search: &Search, place| search.filter.takes(&snapshot.facts(place).unwrap(), moment());
        let ours = Figures::of(&searches, ROUNDS, |search| search.run(&snapshot, moment(), &replaced));
        let rstar = Figures::of(&searches, 1, |search| {
            let nearest = tree.nearest_neighbor_iter(&Ecef::from(search.near.point).0).map(|place| place.data);
            nearest.filter(|place| takes(search, *place)).take(PAGE).collect::<Vec<u32>>()
        });
        let geo_index = Figures::of(&searches, 1, |search| {
            let [x, y] = flat(search.near.point);
            let nearer = |[min_x, min_y, max_x, max_y]: [f64; 4]| {
                let (dx, dy) = (x - x.clamp(min_x, max_x), y - y.clamp(min_y, max_y));
                dx.mul_add(dx, dy * dy)
            };
            packed.neighbors_with_callbacks(NeighborsOptions::k(PAGE), nearer, |place, at| {
                takes(search, place).then(|| nearer(at))
            })
        });
        let best = rstar.median().min(geo_index.median());
        println!(
            "| {name} | {:.1} ({:.0}) | {:.1} ({:.0}) | {:.1} ({:.0}) | {:.1} |",
            ours.median(),
            ours.p99(),
            rstar.median(),
            rstar.p99(),
            geo_index.median(),
            geo_index.p99(),
            best / ours.median()
        );
    }
    println!();
    filters::measure(&snapshot, origins);
    clusters::measure(&snapshot, &origins[0]);
    changes::measure(snapshot);
}

/// The snapshot of `records`, and what linking and indexing took, in seconds. A process asks for more memory while it builds
/// for the first time; what a map takes that is built beside one that is there is the median.
fn built(records: &Records) -> (Snapshot, f64, f64) {
    let (mut took, mut last) = ([Vec::new(), Vec::new()], None);
    for _ in 0..BUILDS {
        drop(last.take());
        let records = records.clone();
        let (linked, linking) = timed(|| Linked::of(records));
        let (snapshot, indexing) = timed(|| linked.index(START));
        took[0].push(linking);
        took[1].push(indexing);
        last = Some(snapshot);
    }
    let [linked, indexed] = took.map(|mut took| {
        took.sort_unstable_by(f64::total_cmp);
        took[BUILDS / 2]
    });
    (last.unwrap(), linked, indexed)
}

/// What something gives, and how long it takes, in seconds.
fn timed<T>(make: impl FnOnce() -> T) -> (T, f64) {
    let began = Instant::now();
    (make(), began.elapsed().as_secs_f64())
}

fn tree(snapshot: &Snapshot) -> Tree {
    let points = points(snapshot).map(|(place, point)| GeomWithData::new(Ecef::from(point).0, place)).collect();
    RTree::bulk_load(points)
}

fn packed(snapshot: &Snapshot) -> Packed<f64> {
    let mut builder = RTreeBuilder::new(u32::try_from(snapshot.place_count()).unwrap());
    for (_, point) in points(snapshot) {
        let [x, y] = flat(point);
        builder.add(x, y, x, y);
    }
    builder.finish::<HilbertSort>()
}

fn points(snapshot: &Snapshot) -> impl Iterator<Item = (u32, Point)> + '_ {
    let places = u32::try_from(snapshot.place_count()).unwrap();
    (0..places).map(|place| (place, snapshot.facts(place).unwrap().point()))
}

/// On a plane, as near as it goes in so small a country: a tree in two dimensions has no better.
fn flat(point: Point) -> [f64; 2] {
    [point.lng() * 52_f64.to_radians().cos(), point.lat()]
}
