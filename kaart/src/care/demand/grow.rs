//! Areas are grown by merging: the smallest piece with its smallest neighbour, again and again. Size is inhabitants, which are
//! public, so the order of merging says nothing of families.

use std::collections::BTreeSet;

use super::connect::components;
use crate::geo::Cell;

/// Cells that stay together.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub cells: BTreeSet<Cell>,
    pub inhabitants: u64,
    pub families: u64,
}

impl Piece {
    pub(super) fn connected(&self) -> bool {
        components(self.cells.clone()).len() == 1
    }

    fn touches(&self, other: &Self) -> bool {
        self.cells.iter().flat_map(|cell| cell.neighbours()).any(|cell| other.cells.contains(&cell))
    }

    /// The order of merging.
    fn size(&self) -> (u64, Option<Cell>) {
        (self.inhabitants, self.cells.first().copied())
    }
}

/// Merges pieces until none is `small`, or one is left. A piece without a neighbour merges with the smallest that there is, so
/// the result need not be connected.
pub(super) fn grow(mut pieces: Vec<Piece>, small: impl Fn(&Piece) -> bool) -> Vec<Piece> {
    loop {
        pieces.sort_by_key(Piece::size);
        let Some(at) = pieces.iter().position(&small).filter(|_| pieces.len() > 1) else { return pieces };
        let mut merged = pieces.remove(at);
        let with = pieces.iter().position(|other| merged.touches(other)).unwrap_or(0);
        let other = pieces.remove(with);
        merged.cells.extend(other.cells);
        merged.inhabitants += other.inhabitants;
        merged.families += other.families;
        pieces.push(merged);
    }
}

/// Divides cells into pieces that are neither `thin` nor `few`, as far as merging finds them: what it merged is divided again,
/// until nothing more comes of it. So a division of what was divided before, by the same inhabitants, changes nothing.
pub(super) fn split(cells: &[Piece], thin: &impl Fn(&Piece) -> bool, few: &impl Fn(&Piece) -> bool) -> Vec<Piece> {
    let pieces = grow(grow(cells.to_vec(), thin), few);
    if pieces.len() < 2 {
        return pieces;
    }
    let inside = |piece: &Piece| -> Vec<Piece> {
        cells.iter().filter(|cell| cell.cells.is_subset(&piece.cells)).cloned().collect()
    };
    pieces.iter().flat_map(|piece| split(&inside(piece), thin, few)).collect()
}
