//! An area that somebody drew: read from GeoJSON, checked, made simpler, and turned into H3 cells.
//!
//! A point is covered when its cell at [`RESOLUTION`] is one of the area's: those whose centre lies in the simpler outline. So
//! the answer is exact but for a strip along the outline: the radius of a cell (0.23 km at most in the Netherlands) and the
//! [`TOLERANCE`] beside it.

use geo::{GeodesicArea, Orient, Simplify, Validation, orient::Direction};
use geo::{LineString, MultiPolygon, Polygon};
use h3o::{
    CellIndex, Resolution,
    geom::{ContainmentMode, TilerBuilder},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Cell, Point, SURROUNDINGS};

/// The resolution of the finest cells: 0.1 km² each.
pub const RESOLUTION: Resolution = Resolution::Nine;
/// The most points that an outline may have, the closing ones included.
pub const MOST_POINTS: usize = 2_000;
/// The most rings that an area may have, holes included: each is held against each other.
pub const MOST_RINGS: usize = 50;
/// The largest area, km²: a province. The Netherlands has 41,500.
pub const MOST_KM2: f64 = 6_000.0;
/// How far the simpler outline may be off, degrees: 22 m at most.
pub const TOLERANCE: f64 = 0.000_2;

/// An area on the map. Equal areas have equal outlines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// The cells in order, of several resolutions: seven that fill a coarser one are that one.
    cells: Vec<CellIndex>,
    /// The simpler outline.
    outline: String,
}

/// Why a text is no area.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum AreaError {
    /// It is something else.
    #[error(
        "state a GeoJSON geometry of type Polygon or MultiPolygon, such as {{\"type\":\"Polygon\",\"coordinates\":\
         [[[5.0,52.0],[5.2,52.0],[5.1,52.1],[5.0,52.0]]]}}"
    )]
    Malformed,
    /// More points than are taken.
    #[error("an outline has at most {MOST_POINTS} points, and this one has {0}; leave out some, or draw fewer bends")]
    Points(usize),
    /// More rings than are taken: each is held against each other.
    #[error("an area has at most {MOST_RINGS} rings, outlines and holes together, and this one has {0}")]
    Rings(usize),
    /// A ring that does not end where it began, or encloses nothing.
    #[error("a ring has four points or more and ends where it began; ring {0} does not")]
    Open(usize),
    /// Somewhere else.
    #[error(
        "the point {lng}, {lat} is too far from the Netherlands; GeoJSON has the longitude first, from {west} to {east}, \
         then the latitude, from {south} to {north}",
        west = SURROUNDINGS.west, east = SURROUNDINGS.east, south = SURROUNDINGS.south, north = SURROUNDINGS.north
    )]
    Far {
        /// The first number of the point.
        lng: f64,
        /// The second.
        lat: f64,
    },
    /// Rings that cross.
    #[error(
        "the outline crosses or touches itself; rings may not cross, holes lie inside, and polygons do not overlap"
    )]
    Crossing,
    /// Larger than a province.
    #[error("an area has at most {MOST_KM2} km², and this one has {0:.0}; draw where the vervoer really comes")]
    Large(f64),
    /// Smaller than a cell.
    #[error("the area is too small or too narrow to be found: it should be some hundreds of metres wide")]
    Small,
}

/// What GeoJSON (RFC 7946) says of an area. Other members, and a third number of a position, mean nothing here.
#[derive(Deserialize, Serialize)]
#[serde(tag = "type")]
enum Drawn {
    Polygon { coordinates: Vec<Ring> },
    MultiPolygon { coordinates: Vec<Vec<Ring>> },
}

/// A ring of positions.
type Ring = Vec<Vec<f64>>;

impl Area {
    /// Reads an area that somebody drew. Takes some tenths of a second for the largest.
    ///
    /// # Errors
    /// When it is no area that can be kept; the error says what would be right.
    pub fn from_geojson(text: &str) -> Result<Self, AreaError> {
        let polygons = match serde_json::from_str(text) {
            Ok(Drawn::Polygon { coordinates }) => vec![coordinates],
            Ok(Drawn::MultiPolygon { coordinates }) => coordinates,
            Err(_) => return Err(AreaError::Malformed),
        };
        if polygons.is_empty() || polygons.iter().any(Vec::is_empty) {
            return Err(AreaError::Malformed);
        }
        let points = polygons.iter().flatten().map(Vec::len).sum();
        if points > MOST_POINTS {
            return Err(AreaError::Points(points));
        }
        let count = polygons.iter().map(Vec::len).sum();
        if count > MOST_RINGS {
            return Err(AreaError::Rings(count));
        }
        let mut rings = 0;
        let mut read = |ring: &Ring| {
            rings += 1;
            line(ring, rings)
        };
        let mut drawn = Vec::new();
        for polygon in &polygons {
            let mut lines = polygon.iter().map(&mut read).collect::<Result<Vec<_>, _>>()?.into_iter();
            let exterior = lines.next().ok_or(AreaError::Malformed)?;
            drawn.push(Polygon::new(exterior, lines.collect()));
        }
        Self::of(&MultiPolygon(drawn))
    }

    fn of(drawn: &MultiPolygon) -> Result<Self, AreaError> {
        if !drawn.is_valid() {
            return Err(AreaError::Crossing);
        }
        let drawn = drawn.orient(Direction::Default);
        let km2 = drawn.geodesic_area_unsigned() / 1e6;
        if km2 > MOST_KM2 {
            return Err(AreaError::Large(km2));
        }
        // What is narrow can cross itself when it is made simpler; it stays as it was drawn.
        let simpler = Some(drawn.simplify(TOLERANCE)).filter(Validation::is_valid).unwrap_or(drawn);
        let mut cells = cells(&simpler)?;
        if cells.is_empty() {
            return Err(AreaError::Small);
        }
        // Cells of one resolution, each once, are all that compaction asks.
        CellIndex::compact(&mut cells).map_err(|_| AreaError::Malformed)?;
        cells.sort_unstable();
        Ok(Self { cells, outline: geojson(&simpler) })
    }

    /// An area as the database keeps it; none: no cells.
    pub fn stored(outline: String, cells: &[u8]) -> Option<Self> {
        let (numbers, rest) = cells.as_chunks();
        let cells = numbers.iter().map(|bytes| CellIndex::try_from(u64::from_be_bytes(*bytes)).ok());
        let cells = cells.collect::<Option<Vec<_>>>().filter(|cells| rest.is_empty() && cells.is_sorted())?;
        Some(Self { cells, outline })
    }

    /// The cells as the database keeps them: eight bytes each, the highest first.
    pub fn cells(&self) -> Vec<u8> {
        self.cells.iter().flat_map(|cell| u64::from(*cell).to_be_bytes()).collect()
    }

    /// The simpler outline, GeoJSON.
    pub fn outline(&self) -> &str {
        &self.outline
    }

    /// Whether `point` lies in it: whether its cell is one of the area's.
    pub fn covers(&self, point: Point) -> bool {
        around(point).any(|cell| self.cells.binary_search(&cell).is_ok())
    }

    /// The H3 numbers of its cells: a point is covered when one of [its own](Self::numbers_of) is among them.
    pub fn numbers(&self) -> impl Iterator<Item = u64> {
        self.cells.iter().map(|cell| u64::from(*cell))
    }

    /// The H3 numbers of the cells that a point lies in.
    pub fn numbers_of(point: Point) -> impl Iterator<Item = u64> {
        around(point).map(u64::from)
    }
}

/// The cells that a point lies in, of all resolutions that an area has.
fn around(point: Point) -> impl Iterator<Item = CellIndex> {
    let finest = Cell::index(point, RESOLUTION).ok();
    let parent = move |resolution| finest?.parent(resolution);
    Resolution::range(Resolution::Zero, RESOLUTION).filter_map(parent)
}

/// Reads a ring, the `number`-th.
fn line(ring: &Ring, number: usize) -> Result<LineString, AreaError> {
    let mut line = Vec::with_capacity(ring.len());
    for position in ring {
        let [lng, lat, ..] = position.as_slice() else { return Err(AreaError::Malformed) };
        let (lng, lat) = (*lng, *lat);
        if !SURROUNDINGS.hold(lat, lng) {
            return Err(AreaError::Far { lng, lat });
        }
        line.push(geo::coord! { x: lng, y: lat });
    }
    let line = LineString(line);
    if line.0.len() < 4 || !line.is_closed() { Err(AreaError::Open(number)) } else { Ok(line) }
}

/// The cells whose centre lies in `outline`, each once.
fn cells(outline: &MultiPolygon) -> Result<Vec<CellIndex>, AreaError> {
    let mut tiler = TilerBuilder::new(RESOLUTION).containment_mode(ContainmentMode::ContainsCentroid).build();
    tiler.add_batch(outline.iter().cloned()).map_err(|_| AreaError::Crossing)?;
    let mut cells: Vec<CellIndex> = tiler.into_coverage().collect();
    cells.sort_unstable();
    cells.dedup();
    Ok(cells)
}

fn geojson(outline: &MultiPolygon) -> String {
    let ring = |line: &LineString| line.coords().map(|at| vec![at.x, at.y]).collect();
    let rings = |polygon: &Polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect();
    let drawn = match outline.0.as_slice() {
        [polygon] => Drawn::Polygon { coordinates: rings(polygon) },
        polygons => Drawn::MultiPolygon { coordinates: polygons.iter().map(rings).collect() },
    };
    // Numbers that are finite and names always have a text.
    serde_json::to_string(&drawn).unwrap_or_default()
}
