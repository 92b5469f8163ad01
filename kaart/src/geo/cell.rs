//! H3 cells as a type: parsed at the border, stored as an integer whose descendants are one range.

use std::{fmt, ops::RangeInclusive, str::FromStr};

use h3o::{CellIndex, LatLng, Resolution};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Point;

/// The resolution at which a location's cell is stored; every coarser cell is a range of these.
pub const STORED_RESOLUTION: Resolution = Resolution::Fifteen;

/// An H3 cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cell(pub(super) CellIndex);

/// Why a text or a number is no cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CellError {
    /// Not the 15 hexadecimal digits of a cell.
    #[error("a cell is 15 hexadecimal digits, such as 871969231ffffff")]
    Malformed,
    /// A resolution that H3 does not have.
    #[error("the resolution of a cell is a whole number from 0 to 15")]
    Resolution,
}

impl Cell {
    /// The cell of `point` at `resolution` (0 to 15).
    ///
    /// # Errors
    /// When there is no such resolution.
    pub fn at(point: Point, resolution: i32) -> Result<Self, CellError> {
        let resolution =
            u8::try_from(resolution).ok().and_then(|r| Resolution::try_from(r).ok()).ok_or(CellError::Resolution)?;
        Ok(Self(Self::index(point, resolution)?))
    }

    /// H3's own cell of `point`.
    pub(super) fn index(point: Point, resolution: Resolution) -> Result<CellIndex, CellError> {
        // A `Point` is finite, which is all that H3 asks.
        let at = LatLng::new(point.lat(), point.lng()).map_err(|_| CellError::Malformed)?;
        Ok(at.to_cell(resolution))
    }

    /// The cell of `point` at [`STORED_RESOLUTION`], as the database stores it.
    pub fn stored(point: Point) -> i64 {
        Self::at(point, i32::from(u8::from(STORED_RESOLUTION))).map_or(0, Self::to_i64)
    }

    /// The centre of the cell.
    pub fn centre(self) -> Point {
        LatLng::from(self.0).into()
    }

    /// 0 (coarse) to 15 (fine).
    pub fn resolution(self) -> u8 {
        self.0.resolution().into()
    }

    /// The cell of a coarser (or the same) resolution that it belongs to by index; none: `resolution` is finer, or none of H3's.
    pub fn parent(self, resolution: u8) -> Option<Self> {
        self.0.parent(Resolution::try_from(resolution).ok()?).map(Self)
    }

    /// The cells that share an edge with it, in their order: six, five of a pentagon.
    pub fn neighbours(self) -> Vec<Self> {
        let mut around: Vec<Self> = self.0.grid_disk_safe(1).filter(|cell| *cell != self.0).map(Self).collect();
        around.sort_unstable();
        around
    }

    /// The cell as a database integer; bit 63 of a cell is 0, so the number is positive and orders as the cell does.
    pub fn to_i64(self) -> i64 {
        i64::from_ne_bytes(u64::from(self.0).to_ne_bytes())
    }

    /// A cell as [`to_i64`](Self::to_i64) gives it; none: the number is that of no cell.
    pub fn from_i64(number: i64) -> Option<Self> {
        CellIndex::try_from(u64::from_ne_bytes(number.to_ne_bytes())).ok().map(Self)
    }

    /// The stored numbers of all descendants at [`STORED_RESOLUTION`]: one range, pentagons included.
    pub fn descendants(self) -> RangeInclusive<i64> {
        let stored = u64::from(u8::from(STORED_RESOLUTION));
        let own = u64::from(self.resolution());
        // A cell's bits: resolution in 52..56, then 15 digits of 3 bits, digit r in bits 3 * (15 - r)..; digits finer
        // than the cell's own resolution are 7. The descendants have digits 0 to 6 there.
        let free_bits = 3 * (15 - own);
        let with_resolution = (u64::from(self.0) & !(0xf << 52)) | (stored << 52);
        let low = (with_resolution >> free_bits) << free_bits;
        let sixes = 0o666_666_666_666_666_u64 & ((1 << free_bits) - 1);
        let as_i64 = |bits: u64| i64::from_ne_bytes(bits.to_ne_bytes());
        as_i64(low)..=as_i64(low | sixes)
    }
}

impl FromStr for Cell {
    type Err = CellError;

    fn from_str(text: &str) -> Result<Self, CellError> {
        if text.len() != 15 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(CellError::Malformed);
        }
        let bits = u64::from_str_radix(text, 16).map_err(|_| CellError::Malformed)?;
        CellIndex::try_from(bits).map(Self).map_err(|_| CellError::Malformed)
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", u64::from(self.0))
    }
}

/// What a cell looks like.
impl Cell {
    /// The corners, counter-clockwise, each once.
    pub fn boundary(self) -> Vec<Point> {
        self.0.boundary().iter().copied().map(Point::from).collect()
    }

    /// The cells of the next resolution that make it up, itself if it is of the finest.
    pub fn children(self) -> impl Iterator<Item = Self> {
        self.0.children(self.0.resolution().succ().unwrap_or(self.0.resolution())).map(Self)
    }

    /// The cells that make up the same coarser cell, itself included; itself alone if it is of the coarsest.
    pub fn siblings(self) -> impl Iterator<Item = Self> {
        let own = self.0.resolution();
        self.0.parent(own.pred().unwrap_or(own)).unwrap_or(self.0).children(own).map(Self)
    }

    /// H3's own.
    pub(super) const fn h3(self) -> CellIndex {
        self.0
    }
}
