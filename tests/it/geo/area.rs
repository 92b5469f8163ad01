//! Areas that people draw: what they cover, against `geo`'s own containment and h3o's uncompacted cells, and what is no area.

use ::geo::{Area as _, Contains, Distance, Euclidean, LineString, Polygon, Validation};
use h3o::LatLng;
use proptest::prelude::*;
use serde_json::{Value, json};
use zorgkaart::geo::{
    Area, Point,
    area::{AreaError, MOST_KM2, MOST_POINTS, RESOLUTION, TOLERANCE},
};

use super::{at, karney_km, walk};

/// How far from the outline the answer can be either, km: a cell's radius and the tolerance.
const STRIP_KM: f64 = 0.3;

fn ring(points: &[Point]) -> Vec<[f64; 2]> {
    points.iter().chain(points.first()).map(|point| [point.lng(), point.lat()]).collect()
}

fn polygon(rings: &[&[Point]]) -> Value {
    json!({ "type": "Polygon", "coordinates": rings.iter().map(|points| ring(points)).collect::<Vec<_>>() })
}

fn read(drawn: &Value) -> Result<Area, AreaError> {
    Area::from_geojson(&drawn.to_string())
}

/// Corners around a point, in the order of the compass: a star that does not cross itself.
fn star(centre: Point, km: &[f64]) -> Vec<Point> {
    let step = 360.0 / f64::from(u32::try_from(km.len()).unwrap());
    (0..).zip(km).map(|(at, km)| walk(centre, step * f64::from(at), *km)).collect()
}

fn drawn(rings: &[&[Point]]) -> Polygon {
    let line = |points: &[Point]| LineString::from(ring(points).iter().map(|at| (at[0], at[1])).collect::<Vec<_>>());
    let mut lines = rings.iter().map(|points| line(points));
    Polygon::new(lines.next().unwrap(), lines.collect())
}

/// How far a point lies from an outline, km, near enough: by the straight lines between corners on a map whose degrees are
/// stretched.
fn from_outline_km(outline: &Polygon, point: Point) -> f64 {
    let east = 111.2 * point.lat().to_radians().cos();
    let flat = |lng: f64, lat: f64| ((lng - point.lng()) * east, (lat - point.lat()) * 111.2);
    let lines = std::iter::once(outline.exterior()).chain(outline.interiors());
    let lines = lines.map(|line| LineString::from(line.coords().map(|at| flat(at.x, at.y)).collect::<Vec<_>>()));
    lines.map(|line| Euclidean.distance(&line, &::geo::Point::new(0.0, 0.0))).fold(f64::INFINITY, f64::min)
}

fn corners() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(1.5..12.0_f64, 3..24)
}

fn centre() -> impl Strategy<Value = Point> {
    (51.0..53.4, 3.6..7.0).prop_map(|(lat, lng)| at(lat, lng))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_point_is_covered_when_it_lies_inside_but_for_a_strip_along_the_outline(
        centre in centre(), km in corners(), hole in any::<bool>(),
        points in prop::collection::vec((0.0..360.0, 0.0..15.0_f64), 40),
    ) {
        let outer = star(centre, &km);
        let least = km.iter().copied().fold(f64::INFINITY, f64::min);
        // A hole well inside: a triangle has its sides at half of the distance of its corners.
        let inner = star(centre, &[least / 4.0; 4]);
        let rings: Vec<&[Point]> = if hole && km.len() > 3 { vec![&outer, &inner] } else { vec![&outer] };
        let outline = drawn(&rings);
        prop_assume!(outline.is_valid());
        let area = read(&polygon(&rings)).unwrap();
        for (bearing, far) in points {
            let point = walk(centre, bearing, far);
            if from_outline_km(&outline, point) > STRIP_KM {
                let inside = outline.contains(&::geo::Point::new(point.lng(), point.lat()));
                prop_assert_eq!(area.covers(point), inside, "{:?}", point);
            }
        }
    }

    /// The finest cells, one by one, without compaction and parents: the centre of a cell decides for all of it.
    #[test]
    fn the_centre_of_a_cell_decides_for_every_point_in_it(
        centre in centre(), km in corners(), points in prop::collection::vec((0.0..360.0, 0.0..13.0_f64), 40),
    ) {
        let area = read(&polygon(&[&star(centre, &km)])).unwrap();
        let simpler: Value = serde_json::from_str(area.outline()).unwrap();
        let corners: Vec<(f64, f64)> = serde_json::from_value(simpler["coordinates"][0].clone()).unwrap();
        let outline = Polygon::new(LineString::from(corners), Vec::new());
        for (bearing, far) in points {
            let point = walk(centre, bearing, far);
            let is_among = |number| area.numbers().any(|own| own == number);
            prop_assert_eq!(Area::numbers_of(point).any(is_among), area.covers(point));
            let middle = LatLng::from(LatLng::new(point.lat(), point.lng()).unwrap().to_cell(RESOLUTION));
            let middle = at(middle.lat(), middle.lng());
            // In radians and in degrees a centre on the line itself may fall on either side.
            if from_outline_km(&outline, middle) > 1e-6 {
                let inside = outline.contains(&::geo::Point::new(middle.lng(), middle.lat()));
                prop_assert_eq!(area.covers(point), inside);
            }
        }
    }

    #[test]
    fn what_is_kept_is_what_was_drawn(centre in centre(), km in corners()) {
        let area = read(&polygon(&[&star(centre, &km)])).unwrap();
        let kept = Area::stored(area.outline().to_owned(), &area.cells()).unwrap();
        prop_assert_eq!(&kept, &area);
        // Made simpler once is simple enough.
        let again = Area::from_geojson(area.outline()).unwrap();
        prop_assert_eq!(again.outline(), area.outline());
    }

    /// Any order of corners: it is refused exactly when a segment meets another one elsewhere than at the corner they share.
    #[test]
    fn an_outline_that_crosses_itself_is_refused(
        corners in prop::collection::vec((52.0..52.4, 5.0..5.6), 4..9),
    ) {
        let corners: Vec<Point> = corners.into_iter().map(|(lat, lng)| at(lat, lng)).collect();
        let count = corners.len();
        let side = |a: Point, b: Point, c: Point| {
            (b.lng() - a.lng()) * (c.lat() - a.lat()) - (b.lat() - a.lat()) * (c.lng() - a.lng())
        };
        let edge = |at: usize| (corners[at], corners[(at + 1) % count]);
        let crossing = |(a, b): (Point, Point), (c, d): (Point, Point)| {
            (side(a, b, c) > 0.0) != (side(a, b, d) > 0.0) && (side(c, d, a) > 0.0) != (side(c, d, b) > 0.0)
        };
        let apart = |one: usize, other: usize| one.abs_diff(other) > 1 && one.abs_diff(other) < count - 1;
        let crosses = (0..count).any(|one| (one..count).any(|other| apart(one, other) && crossing(edge(one), edge(other))));
        let refused = read(&polygon(&[&corners])) == Err(AreaError::Crossing);
        prop_assert_eq!(refused, crosses);
    }

    #[test]
    fn no_text_is_a_fault(text in any::<String>(), bytes in r#"\{"type":"(Polygon|MultiPolygon)","coordinates":[\[\]0-9.,-]{0,40}\}"#) {
        let _ = (Area::from_geojson(&text), Area::from_geojson(&bytes));
    }
}

/// A square of so many km around a point.
fn square(centre: Point, km: f64) -> Vec<Point> {
    [45.0, 135.0, 225.0, 315.0].map(|bearing| walk(centre, bearing, km / 2.0_f64.sqrt())).to_vec()
}

#[test]
fn what_is_no_area_is_refused_with_what_would_be_right() {
    let utrecht = at(52.09, 5.12);
    let circle = |corners: usize| {
        let step = 360.0 / f64::from(u32::try_from(corners).unwrap());
        (0..corners).map(|at| walk(utrecht, step * f64::from(u32::try_from(at).unwrap()), 10.0)).collect::<Vec<_>>()
    };
    let ok = polygon(&[&square(utrecht, 5.0)]);
    assert!(read(&ok).is_ok());
    assert!(read(&polygon(&[&circle(MOST_POINTS - 1)])).is_ok());
    let swapped = square(utrecht, 5.0).iter().map(|point| at(point.lng(), point.lat())).collect::<Vec<_>>();
    let open = json!({ "type": "Polygon", "coordinates": [[[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.1]]] });
    let two = |other: &[Point]| json!({ "type": "MultiPolygon", "coordinates": [[ring(&square(utrecht, 5.0))], [ring(other)]] });
    let one_ring = |ring: Value| json!({ "type": "Polygon", "coordinates": [ring] });
    let country = at(52.2, 5.3);
    for (drawn, says) in [
        (json!({}), "GeoJSON geometry of type Polygon"),
        (json!("Utrecht"), "GeoJSON geometry of type Polygon"),
        (json!({ "type": "Point", "coordinates": [5.0, 52.0] }), "GeoJSON geometry of type Polygon"),
        (json!({ "type": "Feature", "geometry": ok, "properties": {} }), "GeoJSON geometry of type Polygon"),
        (json!({ "type": "Polygon", "coordinates": [] }), "GeoJSON geometry of type Polygon"),
        (json!({ "type": "MultiPolygon", "coordinates": [[]] }), "GeoJSON geometry of type Polygon"),
        (one_ring(json!([[5.0], [5.1], [5.2], [5.0]])), "GeoJSON geometry of type Polygon"),
        (one_ring(json!([["5", "52"]])), "GeoJSON geometry of type Polygon"),
        (open, "ring 1 does not"),
        (one_ring(json!([])), "ring 1 does not"),
        (one_ring(json!([[5.0, 52.0], [5.1, 52.0], [5.0, 52.0]])), "ring 1 does not"),
        (polygon(&[&swapped]), "GeoJSON has the longitude first"),
        (polygon(&[&square(at(48.85, 2.35), 5.0)]), "too far from the Netherlands"),
        (one_ring(json!([[1e300, 52.0], [5.1, 52.0], [5.0, 52.1], [1e300, 52.0]])), "too far from the Netherlands"),
        (polygon(&[&circle(MOST_POINTS)]), "at most 2000 points, and this one has 2001"),
        // A bow tie, a hole outside, and polygons over each other.
        (
            one_ring(json!([[5.0, 52.0], [5.2, 52.1], [5.2, 52.0], [5.0, 52.1], [5.0, 52.0]])),
            "crosses or touches itself",
        ),
        (polygon(&[&square(utrecht, 5.0), &square(at(52.5, 5.12), 1.0)]), "crosses or touches itself"),
        (two(&square(at(52.1, 5.13), 5.0)), "crosses or touches itself"),
        (polygon(&[&square(country, 300.0)]), "at most 6000 km²"),
        (polygon(&[&square(country, 78.0)]), "at most 6000 km²"),
        (polygon(&[&square(utrecht, 0.02)]), "too small or too narrow"),
    ] {
        let message = read(&drawn).unwrap_err().to_string();
        assert!(message.contains(says), "{message}\n{drawn}");
    }
    assert!(read(&polygon(&[&square(country, 76.0)])).is_ok());
    assert!(read(&two(&square(at(52.3, 5.12), 5.0))).is_ok());
    // Members that mean nothing here, and a height.
    let with_more = json!({ "bbox": [4.0, 51.0, 6.0, 53.0], "type": "Polygon",
        "coordinates": [[[5.0, 52.0, 3.0], [5.1, 52.0, 3.0], [5.1, 52.1], [5.0, 52.0, 3.0]]] });
    assert!(read(&with_more).is_ok());
    assert!(Area::from_geojson("{\"type\":\"Polygon\",\"coordinates\":[[[5e999,52]]]}").is_err());
}

#[test]
fn the_largest_area_is_a_province_and_not_the_country() {
    // CBS: Gelderland 5,136 km², Friesland with its water 5,749; the Netherlands 41,543.
    assert!((5_749.0..41_543.0 / 4.0).contains(&MOST_KM2));
}

/// Whichever way round a ring is drawn, it is the same area.
#[test]
fn the_direction_of_a_ring_makes_no_difference() {
    let corners = square(at(52.09, 5.12), 20.0);
    let reversed: Vec<Point> = corners.iter().rev().copied().collect();
    let (one, other) = (read(&polygon(&[&corners])).unwrap(), read(&polygon(&[&reversed])).unwrap());
    assert_eq!(one.cells(), other.cells());
}

#[test]
fn an_outline_is_made_simpler_by_no_more_than_it_says() {
    let utrecht = at(52.09, 5.12);
    // A circle of 1,000 corners, each some centimetres off the straight line between its neighbours.
    let circle: Vec<Point> = (0..1000).map(|number| walk(utrecht, 0.36 * f64::from(number), 10.0)).collect();
    let area = read(&polygon(&[&circle])).unwrap();
    let simpler: Value = serde_json::from_str(area.outline()).unwrap();
    let corners: Vec<(f64, f64)> = serde_json::from_value(simpler["coordinates"][0].clone()).unwrap();
    assert!((20..200).contains(&corners.len()), "{}", corners.len());
    let outline = LineString::from(corners);
    for corner in &circle {
        let off = Euclidean.distance(&outline, &::geo::Point::new(corner.lng(), corner.lat()));
        assert!(off <= TOLERANCE, "{off}");
    }
    let lost = (Polygon::new(outline, Vec::new()).unsigned_area() - drawn(&[&circle]).unsigned_area()).abs();
    assert!(lost / drawn(&[&circle]).unsigned_area() < 0.005);
    assert!(karney_km(utrecht, circle[0]) < 10.001);
}

#[test]
fn what_is_stored_wrongly_is_no_area() {
    let area = read(&polygon(&[&square(at(52.09, 5.12), 5.0)])).unwrap();
    let cells = area.cells();
    let stored = |cells: &[u8]| Area::stored(area.outline().to_owned(), cells);
    assert!(stored(&cells[1..]).is_none());
    assert!(stored(&[0; 8]).is_none());
    let (first, second) = (&cells[..8], &cells[8..16]);
    assert!(stored(&[second, first].concat()).is_none());
}
