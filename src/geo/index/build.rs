//! Building the index.

use super::{
    BLOCK, FAN_OUT, Level, Member, Partition, PlaceIndex,
    bits::{self, Row},
    bounds::Bounds,
};
use crate::geo::{Cell, Point};

/// A place, as far as the index knows it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What a search answers: the caller's own number of the place.
    pub ordinal: u32,
    /// Decides between places at the same distance.
    pub id: u128,
    /// Where it is, for everybody.
    pub point: Point,
    /// Which partition it belongs to.
    pub partition: usize,
}

impl PlaceIndex {
    /// Builds the index of `entries`. `columns` says how many columns each partition has; `fill` sets the columns of
    /// an entry. Entries of a partition that does not exist are an error of the caller and are left out.
    pub fn build(columns: &[usize], entries: &[Entry], mut fill: impl FnMut(&Entry, &mut Row<'_>)) -> Self {
        let mut sorted: Vec<(usize, i64, &Entry)> =
            entries.iter().map(|entry| (entry.partition, Cell::stored(entry.point), entry)).collect();
        sorted.sort_unstable_by_key(|(partition, cell, entry)| (*partition, *cell, entry.id));
        let mut rest = sorted.as_slice();
        let partitions = columns
            .iter()
            .enumerate()
            .map(|(number, columns)| {
                let (own, others) = rest.split_at(rest.partition_point(|(partition, ..)| *partition == number));
                rest = others;
                Partition::build(*columns, own, &mut fill)
            })
            .collect();
        Self { partitions }
    }
}

impl Partition {
    fn build(columns: usize, entries: &[(usize, i64, &Entry)], fill: &mut impl FnMut(&Entry, &mut Row<'_>)) -> Self {
        let mut partition = Self { columns, ..Self::default() };
        partition.members.reserve_exact(entries.len());
        partition.words.reserve_exact(entries.len().div_ceil(BLOCK) * columns);
        for block in entries.chunks(BLOCK) {
            let mut bounds = Bounds::EMPTY;
            let mut words = vec![0; columns];
            for (slot, (.., entry)) in block.iter().enumerate() {
                let at = entry.point.into();
                bounds.include(at);
                partition.members.push(Member { at, id: entry.id, ordinal: entry.ordinal });
                fill(entry, &mut Row { words: &mut words, bit: 1 << slot });
            }
            partition.blocks.push(bounds);
            partition.words.extend_from_slice(&words);
        }
        partition.add_levels();
        partition
    }

    fn add_levels(&mut self) {
        let width = bits::width(self.columns);
        let mut any: Vec<u64> = vec![0; self.blocks.len() * width];
        if width > 0 {
            for (words, summary) in self.words.chunks(self.columns).zip(any.chunks_mut(width)) {
                for (column, _) in words.iter().enumerate().filter(|(_, word)| **word != 0) {
                    bits::put(summary, column);
                }
            }
        }
        let mut bounds = self.blocks.clone();
        while bounds.len() > FAN_OUT {
            let level = Level::above(&bounds, &any, width);
            bounds.clone_from(&level.bounds);
            any.clone_from(&level.any);
            self.levels.push(level);
        }
    }
}

impl Level {
    fn above(bounds: &[Bounds], any: &[u64], width: usize) -> Self {
        let mut level = Self::default();
        for (number, group) in bounds.chunks(FAN_OUT).enumerate() {
            let mut union = Bounds::EMPTY;
            let mut summary = vec![0; width];
            for (child, bounds) in group.iter().enumerate() {
                union.union(bounds);
                let from = (number * FAN_OUT + child) * width;
                for (sum, word) in summary.iter_mut().zip(&any[from..from + width]) {
                    *sum |= word;
                }
            }
            level.bounds.push(union);
            level.any.extend_from_slice(&summary);
        }
        level
    }
}
