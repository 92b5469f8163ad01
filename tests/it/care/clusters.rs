//! Counts per cell against a count of every place, with cells by H3's own library.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng, Resolution};
use proptest::{prelude::*, sample::select};
use zorgkaart::{
    care::{
        filter::{Filter, Moment},
        freshness::FreshnessRule,
        map::Map,
        plan::{Count, Search},
        snapshot::Records,
        vervoer::Destination,
    },
    geo::{Point, Surroundings, distance::distance_km},
};

use super::{
    instant, naive,
    world::{NOW, filter},
};

/// A count of a part of the map: all of it, or what lies around some of the postcodes.
pub(super) fn count() -> impl Strategy<Value = Count> {
    let bounds = prop_oneof![
        Just(Surroundings { south: -90.0, north: 90.0, west: -180.0, east: 180.0 }),
        (51.0..53.0_f64, 4.0..6.0_f64, 0.0..1.5_f64, 0.0..2.0_f64).prop_map(|(south, west, high, wide)| {
            Surroundings { south, north: south + high, west, east: west + wide }
        }),
    ];
    (bounds, select(vec![0, 3, 5, 6, 7, 8, 9, 11, 15]), filter()).prop_map(|(bounds, resolution, filter)| Count {
        bounds,
        resolution,
        filter,
    })
}

/// The cell that the finest one descends from.
fn cell(point: Point, resolution: u8) -> CellIndex {
    let finest = LatLng::new(point.lat(), point.lng()).unwrap().to_cell(Resolution::Fifteen);
    finest.parent(Resolution::try_from(resolution).unwrap()).unwrap()
}

/// Compares what the map counts with a count of every place of `records`.
pub(super) fn assert_counted(map: &Map, records: &Records, count: &Count) {
    let anywhere = Destination { point: Point::new(52.0, 5.0).unwrap(), pc4: None, gemeente_code: None };
    let all = Search {
        near: anywhere,
        radius_km: None,
        filter: Filter::clone(&count.filter),
        wishes: Vec::new(),
        after: None,
        limit: 100_000,
    };
    let points: BTreeMap<_, _> = naive::linked(records).iter().map(|found| (found.place.id, found.point)).collect();
    let mut expected: BTreeMap<String, (u32, f64)> = BTreeMap::new();
    for (id, _) in naive::answer(records, &all, instant(NOW)) {
        let cell = cell(points[&id], count.resolution);
        let centre = LatLng::from(cell);
        if !count.bounds.hold(centre.lat(), centre.lng()) {
            continue;
        }
        let km = distance_km(Point::new(centre.lat(), centre.lng()).unwrap(), points[&id]);
        let (number, nearest) = expected.entry(cell.to_string()).or_insert((0, f64::INFINITY));
        *number += 1;
        *nearest = nearest.min(km);
    }
    let moment = Moment { now: instant(NOW), freshness: FreshnessRule::default() };
    let clusters = map.clusters(count, moment).unwrap();
    let counted: BTreeMap<String, (u32, f64)> =
        clusters.iter().map(|one| (one.cell.to_string(), (one.count, one.distance_km))).collect();
    assert_eq!(counted.len(), clusters.len(), "a cell twice");
    assert_eq!(counted, expected);
    assert!(clusters.is_sorted_by_key(|one| one.cell));
    for one in clusters {
        let facts = map.facts(one.nearest).unwrap();
        assert_eq!(facts.place.id.0.as_u128(), one.id);
        assert_eq!(Some(distance_km(one.cell.centre(), facts.point())), Some(one.distance_km));
        assert_eq!(cell(facts.point(), count.resolution).to_string(), one.cell.to_string());
    }
}
