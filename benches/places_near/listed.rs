//! Vervoer stated in every way: by radius, postcodes, gemeenten and area in turn.

use std::collections::HashMap;

use kaart::{
    care::{
        ordinals::Ordinals, plan::Search, postcode::Pc4, snapshot::Records, snapshot::Snapshot, vervoer::Destination,
    },
    geo::{Area, Point, distance::distance_km},
};
use serde_json::json;

use crate::{
    data::START,
    figures::Figures,
    searches::{moment, search},
};

/// How many postcodes are listed, the nearest.
const POSTCODES: usize = 25;
/// How many of the nearest lie in the gemeenten that are listed.
const WITHIN_GEMEENTEN: usize = 150;
/// How far the corners of an area are from the postcode, degrees to the north and to the east: some 7 km.
const CORNER: [f64; 2] = [0.06, 0.1];

/// What places at a postcode list.
struct Around {
    postcodes: Vec<Pc4>,
    gemeenten: Vec<String>,
    area: Area,
}

pub(crate) fn measure(records: &Records, origins: &[Destination]) {
    let snapshot = Snapshot::build(stated_in_all_ways(records.clone()), START);
    println!("| vervoer by radius, postcodes, gemeenten and area in turn | µs: median (p99) |\n|---|---|");
    let replaced = Ordinals::default();
    for (kind, name) in [(1, "care form, homogeneity, vervoer"), (2, "+ 2 free nights")] {
        let asked = origins.iter().map(|home| {
            let mut search = search(kind, home);
            search.filter.vervoer_to = Some(home.clone());
            search
        });
        let searches: Vec<Search> = asked.collect();
        let took = Figures::of(&searches, 2, |search| search.run(&snapshot, moment(), &replaced));
        println!("| {name} | {:.1} ({:.0}) |", took.median(), took.p99());
    }
    println!();
}

fn stated_in_all_ways(mut records: Records) -> Records {
    let around: HashMap<Pc4, Around> =
        records.reference.postcodes.values().map(|one| (one.pc4, around(&records, one.point))).collect();
    let pc4_of_location: HashMap<_, _> =
        records.locations.iter().map(|location| (location.id, location.postcode.pc4())).collect();
    let pc4_of_group: HashMap<_, _> =
        records.groups.iter().map(|group| (group.id, pc4_of_location[&group.location_id])).collect();
    for (number, place) in records.places.iter_mut().enumerate() {
        let around = &around[&pc4_of_group[&place.care_group_id]];
        for vervoer in place.vervoer.iter_mut().flatten().filter(|vervoer| vervoer.radius_km.is_some()) {
            match number % 4 {
                0 => continue,
                1 => vervoer.postcodes = Some(around.postcodes.clone()),
                2 => vervoer.gemeenten = Some(around.gemeenten.clone()),
                _ => vervoer.area = Some(around.area.clone()),
            }
            vervoer.radius_km = None;
        }
    }
    records
}

fn around(records: &Records, point: Point) -> Around {
    let mut near: Vec<_> = records.reference.postcodes.values().collect();
    near.sort_by(|one, other| distance_km(one.point, point).total_cmp(&distance_km(other.point, point)));
    let mut postcodes: Vec<Pc4> = near.iter().take(POSTCODES).map(|one| one.pc4).collect();
    postcodes.sort_unstable();
    let mut gemeenten: Vec<String> = near.iter().take(WITHIN_GEMEENTEN).map(|one| one.gemeente_code.clone()).collect();
    gemeenten.sort_unstable();
    gemeenten.dedup();
    let [north, east] = CORNER;
    let corner = |up: f64, right: f64| [point.lng() + right * east, point.lat() + up * north];
    let ring = [corner(-1.0, -1.0), corner(-1.0, 1.0), corner(1.0, 1.1), corner(1.0, -1.0), corner(-1.0, -1.0)];
    let area = Area::from_geojson(&json!({ "type": "Polygon", "coordinates": [ring] }).to_string()).unwrap();
    Around { postcodes, gemeenten, area }
}
