//! The place index: which places are nearest to a point and have the right bits.
//!
//! Places are split into partitions, ordered by their H3 cell along a Hilbert curve, and cut into blocks of 64. A block
//! holds one word per column, one bit per place: one word answers a yes-or-no question for 64 places. Sixteen blocks in
//! a row share a node with a box and, per column, whether any of its places has the bit; sixteen nodes share the next.
//! Columns that few ask for lie apart ([`APART`]), so that others never read them. A search walks boxes nearest first and
//! skips those that are too far or in which no place can match. A search that asks for no bits walks all places in one order
//! instead (`everywhere.rs`).
//!
//! Where places lie never changes; what a place has may ([`PlaceIndex::set`]), and versions share all that they have in
//! common. Bits and boxes decide unless the caller says that its `accept` must be asked too, so that what a filter means is
//! said in one place, outside.

mod bits;
mod bounds;
mod build;
mod cells;
mod clusters;
mod everywhere;
mod order;
mod query;
mod row;
mod search;
mod tree;
mod words;

pub use build::Entry;
pub use clusters::{Cluster, Clustering, MOST_CLUSTERS, TooManyClusters};
pub use query::{Accept, After, Among, Candidate, Hit, Pair, Promising, Query, Which};
pub use row::Row;

use std::sync::Arc;

use super::distance::Ecef;
use bits::Bits;
use cells::Cells;
use everywhere::Everywhere;
use tree::Tree;

/// How many places share a block: as many as a word has bits.
const BLOCK: usize = 64;
/// How many children share a node.
const FAN_OUT: usize = 16;

/// A column of bits: one yes-or-no fact of a place, numbered by the caller.
pub type Column = u16;
/// Columns from this one on lie apart: they are asked for seldom, and others are read as if they were not there.
pub const APART: Column = 1 << 15;

/// How many columns a partition has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Width {
    /// From 0 on.
    pub near: usize,
    /// From [`APART`] on.
    pub apart: usize,
}

impl Width {
    /// How many words hold a bit for each.
    const fn words(self) -> usize {
        words::width(self.near) + words::width(self.apart)
    }
}

/// An index of places. A clone is a version that shares what it does not change.
#[derive(Clone, Debug, Default)]
pub struct PlaceIndex {
    laid: Arc<Laid>,
    /// What places have, per partition.
    bits: Vec<Arc<Bits>>,
}

/// What does not change.
#[derive(Debug, Default)]
struct Laid {
    partitions: Vec<Partition>,
    everywhere: Everywhere,
    cells: Cells,
    /// Where the places are, partition after partition: the number of a place is its position here.
    points: Vec<Ecef>,
    /// Who they are.
    members: Vec<Member>,
}

#[derive(Debug)]
struct Partition {
    /// The number of its first place.
    first: usize,
    /// How many places it has.
    count: usize,
    tree: Tree,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    id: u128,
    /// At [`STORED_RESOLUTION`](super::cell::STORED_RESOLUTION).
    cell: i64,
    ordinal: u32,
}

impl PlaceIndex {
    /// How many places it holds.
    pub fn len(&self) -> usize {
        self.laid.members.len()
    }

    /// The caller's number of the place that has this number in the order of the index.
    pub fn ordinal(&self, number: usize) -> Option<u32> {
        self.laid.members.get(number).map(|member| member.ordinal)
    }

    /// Where the place that has this number in the order of the index is.
    pub fn at(&self, number: usize) -> Option<Ecef> {
        self.laid.points.get(number).copied()
    }

    /// The caller's numbers of the places, in the order of the index.
    pub fn ordinals(&self) -> impl Iterator<Item = u32> + '_ {
        self.laid.members.iter().map(|member| member.ordinal)
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The memory that searching takes, in bytes: bits, boxes and rough positions; and that of the columns that lie apart.
    /// Exact points, ids and the caller's numbers are read of what is found, and are not in it.
    pub fn bytes(&self) -> [usize; 2] {
        let Laid { partitions, everywhere, .. } = &*self.laid;
        let trees: usize = partitions.iter().map(|partition| partition.tree.bytes()).sum();
        self.bits
            .iter()
            .map(|bits| bits.bytes())
            .fold([everywhere.bytes() + trees, 0], |all, one| [all[0] + one[0], all[1] + one[1]])
    }
}
