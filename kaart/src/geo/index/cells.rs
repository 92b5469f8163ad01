//! The H3 cells of the index: each is one slice of every partition.

use std::ops::Range;

use super::build::{Placed, number};
use crate::geo::{Cell, distance::Ecef};

/// The cells that hold a place, in the order of the index.
#[derive(Debug, Default)]
pub(super) struct Cells {
    all: Vec<Slices>,
    /// Per partition and cell where its places begin, and at the end where those of the last cell end.
    starts: Vec<Vec<u32>>,
    /// The same in the order of all places.
    everywhere: Vec<u32>,
}

/// A cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slices {
    pub(super) cell: Cell,
    pub(super) centre: Ecef,
    /// No place in it has a greater chord to its centre, km.
    pub(super) reach: f64,
}

impl Cells {
    /// Those of entries in order; `points` are those of places by number, and `first` is the number of the first place of
    /// each partition.
    pub(super) fn of(placed: &[Placed], points: &[Ecef], first: &[usize]) -> Self {
        let mut made = Self { starts: vec![Vec::new(); first.len()], ..Self::default() };
        let mut next: Vec<u32> = first.iter().map(|first| number(*first)).collect();
        let mut passed = 0;
        for run in placed.chunk_by(|one, other| one.position.cell == other.position.cell) {
            let Some(cell) = run.first().and_then(|placed| Cell::from_i64(placed.position.cell)) else { continue };
            let centre = Ecef::from(cell.centre());
            let mut farthest = 0.0_f64;
            for (starts, next) in made.starts.iter_mut().zip(&next) {
                starts.push(*next);
            }
            for Placed { partition, .. } in run {
                let place = &mut next[*partition as usize];
                farthest = farthest.max(centre.chord_squared(points[*place as usize]));
                *place += 1;
            }
            made.everywhere.push(number(passed));
            passed += run.len();
            made.all.push(Slices { cell, centre, reach: farthest.sqrt() });
        }
        for (starts, next) in made.starts.iter_mut().zip(next) {
            starts.push(next);
        }
        made.everywhere.push(number(passed));
        made
    }

    /// All of them.
    pub(super) fn all(&self) -> &[Slices] {
        &self.all
    }

    /// The numbers of the places of a partition in a cell.
    pub(super) fn slice(&self, partition: usize, cell: usize) -> Range<usize> {
        self.starts.get(partition).map_or(0..0, |starts| between(starts, cell))
    }

    /// The places in a cell, by where they stand in the order of all places.
    pub(super) fn run(&self, cell: usize) -> Range<usize> {
        between(&self.everywhere, cell)
    }
}

fn between(starts: &[u32], cell: usize) -> Range<usize> {
    match starts.get(cell..cell + 2) {
        Some([from, to]) => *from as usize..*to as usize,
        _ => 0..0,
    }
}
