//! The order in which places lie in the index.
//!
//! H3's own order jumps: two cells that follow each other may be far apart, and the boxes of blocks that span them are large. So
//! the cells themselves are laid along a Hilbert curve (D. Hilbert, "Ueber die stetige Abbildung einer Line auf ein
//! Flaechenstueck", 1891) over degrees, and the places of a cell along the same curve: a cell stays one slice.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::geo::{Cell, Point, cell::STORED_RESOLUTION, distance::Ecef};

/// The resolution of the cells that are laid side by side: about 5 km² each.
pub(super) const CELLS: u8 = 7;
/// A curve of 2^16 x 2^16 steps: 600 m by 300 m at the equator, finer than the cells that it orders.
const CELL_STEPS: u8 = 16;
/// 2 cm by 1 cm.
const PLACE_STEPS: u8 = 31;

/// Where a place lies in the order: along the curve of cells, the cell, along the curve of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    along: u64,
    pub(super) cell: i64,
    within: u64,
}

/// Where a place is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) position: Position,
    /// Its cell at [`STORED_RESOLUTION`].
    pub(super) stored: i64,
    pub(super) at: Ecef,
}

/// Remembers where cells lie, and the last place: many share one.
#[derive(Debug, Default)]
pub(super) struct Order {
    cells: HashMap<i64, u64, RandomState>,
    last: Option<(Point, Place)>,
}

impl Order {
    pub(super) fn place(&mut self, point: Point) -> Place {
        if let Some((_, place)) = self.last.filter(|(at, _)| *at == point) {
            return place;
        }
        // Its cell by index, which is that of the resolution but for a strip along the edges (H3, "Index hierarchy"): cells
        // of all resolutions are of the same places then. There is a resolution 7, so this never is the cell 0.
        let stored = Cell::at(point, i32::from(u8::from(STORED_RESOLUTION))).ok();
        let cell = stored.and_then(|cell| cell.parent(CELLS));
        let number = cell.map_or(0, Cell::to_i64);
        let along = *self.cells.entry(number).or_insert_with(|| curve(cell.map_or(point, Cell::centre), CELL_STEPS));
        let position = Position { along, cell: number, within: curve(point, PLACE_STEPS) };
        let place = Place { position, stored: stored.map_or(0, Cell::to_i64), at: point.into() };
        self.last = Some((point, place));
        place
    }
}

/// How far along the curve a point lies.
fn curve(point: Point, order: u8) -> u64 {
    let steps = f64::from(1u32 << order) - 1.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of the steps, from 0 up")]
    let step = |part: f64| (part * steps) as u32;
    fast_hilbert::xy2h(step((point.lng() + 180.0) / 360.0), step((point.lat() + 90.0) / 180.0), order)
}
