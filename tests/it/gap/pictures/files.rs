//! The files, read back by what is not ours.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Contains, GeodesicArea, LineString, MultiPolygon, Polygon, Validation, Winding};
use serde_json::Value;
use zorgkaart::{
    care::gap::{
        Detail, Gap,
        file::{NAMES, csv, geojson},
    },
    geo::Cell,
};

use super::fictional;

fn map(gap: &Gap, detail: Detail<'_>) -> Vec<Value> {
    let mut file = Vec::new();
    geojson(gap, detail, &mut file).unwrap();
    let file: Value = serde_json::from_slice(&file).unwrap();
    assert_eq!(file["type"], "FeatureCollection");
    file["features"].as_array().unwrap().clone()
}

fn table(gap: &Gap, detail: Detail<'_>) -> Vec<BTreeMap<String, String>> {
    let mut file = Vec::new();
    csv(gap, detail, &mut file).unwrap();
    ::csv::Reader::from_reader(file.as_slice()).deserialize().map(Result::unwrap).collect()
}

fn polygons(geometry: &Value) -> MultiPolygon {
    let ring = |ring: &Value| -> LineString {
        ring.as_array().unwrap().iter().map(|at| (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())).collect()
    };
    let polygon = |rings: &Value| {
        let mut rings = rings.as_array().unwrap().iter().map(ring);
        Polygon::new(rings.next().unwrap(), rings.collect())
    };
    match geometry["type"].as_str().unwrap() {
        "Polygon" => MultiPolygon(vec![polygon(&geometry["coordinates"])]),
        "MultiPolygon" => geometry["coordinates"].as_array().unwrap().iter().map(polygon).collect(),
        other => panic!("{other}"),
    }
}

fn of_kind<'a>(features: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    features.iter().filter(move |feature| feature["properties"]["kind"] == kind)
}

#[test]
fn rings_are_closed_turn_the_right_way_and_lie_in_the_netherlands() {
    let gap = fictional::gap();
    let own = ["ZK23".to_owned(), "ZK08".to_owned()];
    for detail in [Detail::All, Detail::Regions(&own)] {
        for feature in map(&gap, detail).iter().filter(|feature| !feature["geometry"].is_null()) {
            // `Polygon::new` would close a ring that is open, so this looks at the numbers.
            let pointer = if feature["geometry"]["type"] == "Polygon" { "/coordinates/0" } else { "/coordinates/0/0" };
            let ring = feature["geometry"].pointer(pointer).unwrap().as_array().unwrap();
            assert!(ring.len() >= 4 && ring.first() == ring.last(), "{}", feature["id"]);
            let drawn = polygons(&feature["geometry"]);
            assert!(drawn.is_valid(), "{}", feature["id"]);
            for polygon in &drawn {
                assert!(polygon.exterior().is_ccw() && polygon.interiors().iter().all(Winding::is_cw));
                for at in polygon.exterior().coords() {
                    assert!((3.0..7.5).contains(&at.x) && (50.5..53.8).contains(&at.y), "{at:?}");
                    assert!([at.x, at.y].iter().all(|x| (x * 1e6 - (x * 1e6).round()).abs() < 1e-6));
                }
            }
        }
    }
}

/// An outline holds its own cells, and no others: their surfaces add up, but for the decimetres that six decimals leave out.
#[test]
fn an_area_is_its_cells() {
    let gap = fictional::gap();
    let features = map(&gap, Detail::All);
    let outlines: BTreeMap<&str, MultiPolygon> = of_kind(&features, "AREA")
        .map(|feature| (feature["id"].as_str().unwrap(), polygons(&feature["geometry"])))
        .collect();
    assert_eq!(outlines.len(), gap.areas.len());
    for area in &gap.areas {
        let drawn = &outlines[area.code.as_str()];
        let surface = |cell: &Cell| {
            let ring: LineString = cell.boundary().iter().map(|at| (at.lng(), at.lat())).collect();
            Polygon::new(ring, vec![]).geodesic_area_unsigned()
        };
        let (sum, whole) = (area.cells.iter().map(surface).sum::<f64>(), drawn.geodesic_area_unsigned());
        assert!((whole / sum - 1.0).abs() < 1e-4, "{}: {whole} {sum}", area.code);
        for other in &gap.areas {
            for cell in &other.cells {
                let centre = geo::Point::new(cell.centre().lng(), cell.centre().lat());
                assert_eq!(drawn.contains(&centre), other.code == area.code);
            }
        }
    }
}

#[test]
fn a_map_says_what_was_found() {
    let gap = fictional::gap();
    let features = map(&gap, Detail::All);
    assert_eq!(features.len(), gap.areas.len() + gap.cells.len());
    assert_eq!(
        features.iter().map(|feature| feature["id"].as_str().unwrap()).collect::<BTreeSet<_>>().len(),
        features.len()
    );
    for (feature, cell) in of_kind(&features, "CELL").zip(&gap.cells) {
        let says = &feature["properties"];
        assert_eq!(says["code"], cell.cell.to_string());
        assert_eq!(
            (&says["careForm"], &says["source"], &says["quarter"]),
            (&"LOGEREN".into(), &"PASSPORTS".into(), &"2026-K4".into())
        );
        assert_eq!(says["suppressed"], cell.area.is_none());
        for (name, value) in [
            ("demand", cell.demand),
            ("score", cell.score.filter(|_| cell.area.is_some())),
            ("nearestKm", cell.nearest_km),
        ] {
            assert_eq!(says[name].is_null(), value.is_none(), "{name}");
            assert!(value.is_none_or(|value| (says[name].as_f64().unwrap() - value).abs() < 1e-6));
        }
    }
    for (feature, area) in of_kind(&features, "AREA").zip(&gap.areas) {
        assert_eq!(
            (&feature["id"], &feature["properties"]["families"]),
            (&area.code.as_str().into(), &area.families.into())
        );
    }
}

#[test]
fn others_are_their_totals_in_both_files() {
    let gap = fictional::gap();
    let own = ["ZK23".to_owned()];
    let features = map(&gap, Detail::Regions(&own));
    for feature in &features {
        let says = &feature["properties"];
        assert_eq!(says["region"] == "ZK23", says["kind"] != "REGION");
    }
    assert_eq!(of_kind(&features, "REGION").count(), gap.regions.len() - 1);
    let mut other = gap.clone();
    for cell in other.cells.iter_mut().filter(|cell| cell.region != "ZK23") {
        (cell.demand, cell.score, cell.reachable, cell.nearest_km) = (Some(9.0), Some(9.0), 9.0, None);
    }
    for area in other.areas.iter_mut().filter(|area| area.region != "ZK23") {
        (area.families, area.totals.score, area.code) = (9.0, 9.0, "secret".to_owned());
    }
    assert_eq!(features, map(&other, Detail::Regions(&own)));
    assert_eq!(table(&gap, Detail::Regions(&own)), table(&other, Detail::Regions(&own)));
    assert_ne!(table(&gap, Detail::All), table(&other, Detail::All));
}

#[test]
fn the_table_has_the_country_all_regions_and_areas_in_detail() {
    let gap = fictional::gap();
    let rows = table(&gap, Detail::Regions(&["ZK23".to_owned()]));
    let kinds = |kind: &str| rows.iter().filter(|row| row["kind"] == kind).count();
    let areas = gap.areas.iter().filter(|area| area.region == "ZK23").count();
    assert_eq!([kinds("COUNTRY"), kinds("REGION"), kinds("AREA")], [1, gap.regions.len(), areas]);
    assert_eq!(rows[0].len(), NAMES.len());
    for region in &gap.regions {
        let row = rows.iter().find(|row| row["kind"] == "REGION" && row["code"] == region.code).unwrap();
        assert_eq!(row["families"], region.families.map(|families| families.to_string()).unwrap_or_default());
        assert_eq!(row["suppressed"], region.totals.is_none().to_string());
        let score = region.totals.as_ref().map(|totals| totals.score);
        assert_eq!(row["score"].is_empty(), score.is_none());
        assert!(score.is_none_or(|score| (row["score"].parse::<f64>().unwrap() - score).abs() < 1e-6));
    }
    assert!(rows.iter().any(|row| row["name"] == "'t Gooi"));
}

#[test]
fn no_name_is_a_formula() {
    let mut gap = fictional::gap();
    for name in ["=1+1", "+1", "-1", "@x", "\tx", "\rx"] {
        gap.regions[0].name = name.to_owned();
        assert_eq!(table(&gap, Detail::All)[1]["name"], format!("'{name}"));
    }
}

#[test]
fn what_is_suppressed_says_nothing_of_families() {
    let mut gap = fictional::gap();
    let small = gap.regions.iter().find(|region| region.totals.is_none()).expect("a small region").code.clone();
    // Also when whoever computes leaves something in.
    for cell in gap.cells.iter_mut().filter(|cell| cell.region == small) {
        (cell.demand, cell.score, cell.unmet) = (Some(9.0), Some(9.0), Some(9.0));
    }
    let of_families = ["families", "demand", "score", "position", "unmet", "without", "gini"];
    for detail in [Detail::All, Detail::Regions(&[])] {
        let features = map(&gap, detail);
        let says: Vec<&Value> = features
            .iter()
            .map(|feature| &feature["properties"])
            .filter(|says| says["region"] == small.as_str())
            .collect();
        assert!(!says.is_empty());
        for says in says {
            assert_eq!(says["suppressed"], true);
            assert!(of_families.iter().all(|name| says[*name].is_null()), "{says}");
        }
        let rows = table(&gap, detail);
        let row = rows.iter().find(|row| row["code"] == small).unwrap();
        assert!(row["suppressed"] == "true" && of_families.iter().all(|name| row[*name].is_empty()), "{row:?}");
    }
}
