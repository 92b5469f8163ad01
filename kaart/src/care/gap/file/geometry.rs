//! Cells as geometries of `GeoJSON`.

use serde::Serialize;

use crate::geo::{Cell, Point, outline::outline};

/// East before north.
type Position = [f64; 2];

/// A geometry of `GeoJSON`.
#[derive(Debug, Serialize)]
#[serde(tag = "type")]
pub(super) enum Geometry {
    /// One outline.
    Polygon {
        /// Its rings.
        coordinates: Vec<Vec<Position>>,
    },
    /// Several.
    MultiPolygon {
        /// The rings of each.
        coordinates: Vec<Vec<Vec<Position>>>,
    },
}

/// A cell.
pub(super) fn polygon(cell: Cell) -> Geometry {
    let mut corners: Vec<Position> = cell.boundary().into_iter().map(position).collect();
    corners.extend(corners.first().copied());
    Geometry::Polygon { coordinates: vec![corners] }
}

/// What lies around cells; none: there are no cells.
pub(super) fn around(cells: impl Iterator<Item = Cell>) -> Option<Geometry> {
    let polygons = outline(&cells.collect());
    let ring = |ring: Vec<Point>| ring.into_iter().map(position).collect();
    let coordinates: Vec<Vec<Vec<Position>>> =
        polygons.into_iter().map(|rings| rings.into_iter().map(ring).collect()).collect();
    (!coordinates.is_empty()).then_some(Geometry::MultiPolygon { coordinates })
}

/// Six decimals are a decimetre.
fn position(point: Point) -> Position {
    [point.lng(), point.lat()].map(super::row::rounded)
}
