//! The place index: which places are nearest to a point and have the right bits.
//!
//! Places are split into partitions, ordered by their H3 cell, and cut into blocks of 64. A block holds one word per
//! column, one bit per place: one word answers a yes-or-no question for 64 places. Sixteen blocks in a row share a
//! node with a box and, per column, whether any of its places has the bit; sixteen nodes share the next. A search
//! walks boxes nearest first and skips those that are too far or in which no place can match.
//!
//! The index is immutable. It prunes with bits and decides with the caller's `accept`, so that what a filter means is
//! said in one place, outside.

mod bits;
mod bounds;
mod build;
mod search;

pub use bits::Row;
pub use build::Entry;
pub use search::{After, Hit, Query};

use super::distance::Ecef;
use bounds::Bounds;

/// How many places share a block: as many as a word has bits.
const BLOCK: usize = 64;
/// How many children share a node.
const FAN_OUT: usize = 16;

/// A column of bits: one yes-or-no fact of a place, numbered by the caller.
pub type Column = u16;

/// An immutable index of places.
#[derive(Debug, Default)]
pub struct PlaceIndex {
    partitions: Vec<Partition>,
}

#[derive(Debug, Default)]
struct Partition {
    columns: usize,
    members: Vec<Member>,
    /// Words of block b: `b * columns..(b + 1) * columns`.
    words: Vec<u64>,
    blocks: Vec<Bounds>,
    /// From the level above the blocks to the top.
    levels: Vec<Level>,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    at: Ecef,
    id: u128,
    ordinal: u32,
}

#[derive(Debug, Default)]
struct Level {
    bounds: Vec<Bounds>,
    /// Words of node n: `n * width..(n + 1) * width`, a bit per column.
    any: Vec<u64>,
}

impl PlaceIndex {
    /// How many places it holds.
    pub fn len(&self) -> usize {
        self.partitions.iter().map(|p| p.members.len()).sum()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The memory that it holds, in bytes.
    pub fn bytes(&self) -> usize {
        self.partitions
            .iter()
            .map(|p| {
                size_of_val(p.members.as_slice())
                    + size_of_val(p.words.as_slice())
                    + size_of_val(p.blocks.as_slice())
                    + p.levels
                        .iter()
                        .map(|l| size_of_val(l.bounds.as_slice()) + size_of_val(l.any.as_slice()))
                        .sum::<usize>()
            })
            .sum()
    }
}
