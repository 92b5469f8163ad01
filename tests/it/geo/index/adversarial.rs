//! Points that are hard for boxes, cells and coordinates.

use std::sync::LazyLock;

use h3o::{CellIndex, LatLng, Resolution};
use zorgkaart::geo::Point;

use crate::geo::{at, walk};

/// Dutch places on the vertices and edges of cells, the twelve pentagons and around them, the poles, the antimeridian,
/// the equator; points that coincide but for their coordinates. The first is an ordinary one.
pub(super) static POINTS: LazyLock<Vec<Point>> = LazyLock::new(points);

fn points() -> Vec<Point> {
    let utrecht = at(52.090_74, 5.121_42);
    let mut points = vec![utrecht];
    points.extend([1e-12, 1e-9, 1e-6, 1e-3, 1.0].map(|km| walk(utrecht, 33.0, km)));
    for resolution in [Resolution::Fifteen, Resolution::Nine, Resolution::Seven, Resolution::Five] {
        points.extend(border(LatLng::new(utrecht.lat(), utrecht.lng()).unwrap().to_cell(resolution)));
    }
    for pentagon in Resolution::Fifteen.pentagons() {
        let centre = LatLng::from(pentagon);
        let centre = at(centre.lat(), centre.lng());
        points.push(centre);
        points.extend((0..5).map(|turn| walk(centre, 72.0 * f64::from(turn), 0.01)));
        points.extend(border(pentagon));
    }
    for pole in [90.0, -90.0] {
        points.extend([-180.0, -90.0, 0.0, 5.0, 180.0].map(|lng| at(pole, lng)));
        points.extend([-120.0, 0.0, 120.0].map(|lng| at(pole * 0.999_99, lng)));
    }
    for lat in [-60.0, 0.0, 52.0] {
        points.extend([-180.0, -179.999_999_9, 179.999_999_9, 180.0].map(|lng| at(lat, lng)));
    }
    points.extend([at(0.0, 0.0), at(-0.0, -0.0), at(0.0, 90.0), at(0.0, -90.0)]);
    points
}

/// The vertices of a cell and the middles of its edges.
fn border(cell: CellIndex) -> Vec<Point> {
    let vertices: Vec<LatLng> = cell.boundary().iter().copied().collect();
    let next = vertices.iter().cycle().skip(1);
    let middles =
        vertices.iter().zip(next).map(|(a, b)| at(f64::midpoint(a.lat(), b.lat()), f64::midpoint(a.lng(), b.lng())));
    vertices.iter().map(|at| Point::from(*at)).chain(middles).collect()
}
