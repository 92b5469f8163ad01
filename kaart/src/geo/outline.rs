//! The outline of many cells together.

use std::collections::BTreeSet;

use geo::{Orient, Polygon, orient::Direction};
use h3o::{LatLng, geom::SolventBuilder};

use super::{Cell, Point};

/// A polygon: its outer ring, counter-clockwise, and then its holes, clockwise. The last point of a ring is its first.
pub type Rings = Vec<Vec<Point>>;

/// The outlines of `cells`: a polygon for those that hang together, however the cells came. Those of different resolutions are
/// outlined each for itself.
pub fn outline(cells: &BTreeSet<Cell>) -> Vec<Rings> {
    // The order of cells is that of their resolutions first.
    let cells: Vec<Cell> = cells.iter().copied().collect();
    let mut polygons: Vec<Rings> =
        cells.chunk_by(|a, b| a.resolution() == b.resolution()).flat_map(dissolved).collect();
    polygons.sort_by(|a, b| order(first(a), first(b)));
    polygons
}

fn dissolved(cells: &[Cell]) -> Vec<Rings> {
    // Cells of one resolution, each once, are all that it asks.
    let polygons = SolventBuilder::new().build().dissolve(cells.iter().map(|cell| cell.h3()));
    polygons.map(|found| found.orient(Direction::Default).iter().map(rings).collect()).unwrap_or_default()
}

fn rings(polygon: &Polygon) -> Rings {
    let ring = |line: &geo::LineString| -> Vec<Point> {
        let mut points: Vec<Point> =
            line.coords().filter_map(|at| LatLng::new(at.y, at.x).ok()).map(Point::from).collect();
        // Where a ring begins is not said by H3; it must not depend on anything but the ring.
        points.pop();
        let start = (0..points.len()).min_by(|a, b| order(points.get(*a).copied(), points.get(*b).copied()));
        points.rotate_left(start.unwrap_or(0));
        points.extend(points.first().copied());
        points
    };
    let mut holes: Rings = polygon.interiors().iter().map(ring).collect();
    holes.sort_by(|a, b| order(a.first().copied(), b.first().copied()));
    std::iter::once(ring(polygon.exterior())).chain(holes).collect()
}

fn first(polygon: &Rings) -> Option<Point> {
    polygon.first().and_then(|ring| ring.first()).copied()
}

fn order(a: Option<Point>, b: Option<Point>) -> std::cmp::Ordering {
    let key = |point: Option<Point>| point.map_or((f64::NAN, f64::NAN), |point| (point.lng(), point.lat()));
    let ((a_lng, a_lat), (b_lng, b_lat)) = (key(a), key(b));
    a_lng.total_cmp(&b_lng).then(a_lat.total_cmp(&b_lat))
}
