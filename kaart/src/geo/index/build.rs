//! Building the index.

use super::{
    BLOCK, FAN_OUT, Member, Partition, PlaceIndex,
    bits::{self, Row},
    bounds::Bounds,
    cells::Cells,
    everywhere::Everywhere,
    order::{Order, Position},
    tree::Tree,
};
use crate::geo::{Point, distance::Ecef};

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

/// An entry with where it lies in the order.
pub(super) type Placed<'a> = (Position, &'a Entry);

impl PlaceIndex {
    /// Builds the index of `entries`. `columns` says how many columns each partition has; `fill` sets the columns of
    /// an entry. Entries of a partition that does not exist are an error of the caller and are left out.
    pub fn build(columns: &[usize], entries: &[Entry], mut fill: impl FnMut(&Entry, &mut Row<'_>)) -> Self {
        let mut order = Order::default();
        let known = entries.iter().filter(|entry| entry.partition < columns.len());
        let mut placed: Vec<Placed<'_>> = known.map(|entry| (order.position(entry.point), entry)).collect();
        placed.sort_unstable_by_key(|(position, entry)| (*position, entry.id));
        // The number of each, which is its place in the order of its partition.
        let mut count = vec![0; columns.len()];
        for (_, entry) in &placed {
            count[entry.partition] += 1;
        }
        let mut first = vec![0; columns.len()];
        for partition in 1..columns.len() {
            first[partition] = first[partition - 1] + count[partition - 1];
        }
        let mut next = first.clone();
        let mut numbers = Vec::with_capacity(placed.len());
        let mut own: Vec<Placed<'_>> = placed.clone();
        for one @ (_, entry) in &placed {
            let number = &mut next[entry.partition];
            own[*number] = *one;
            numbers.push(u32::try_from(*number).unwrap_or(u32::MAX));
            *number += 1;
        }
        let points: Vec<_> = own.iter().map(|(_, entry)| entry.point.into()).collect();
        let member = |(at, entry): &Placed<'_>| Member { id: entry.id, cell: at.stored, ordinal: entry.ordinal };
        let members: Vec<_> = own.iter().map(member).collect();
        let cells = Cells::of(&placed, columns.len(), &points, &first);
        let partitions = columns
            .iter()
            .enumerate()
            .map(|(number, columns)| {
                let partition =
                    Partition { columns: *columns, first: first[number], count: count[number], ..Partition::default() };
                partition.filled(&own, &points, &mut fill)
            })
            .collect();
        let everywhere = Everywhere::of(numbers, |number| points[number as usize]);
        Self { partitions, everywhere, cells, points, members }
    }
}

impl Partition {
    fn filled(mut self, own: &[Placed<'_>], points: &[Ecef], fill: &mut impl FnMut(&Entry, &mut Row<'_>)) -> Self {
        let own = &own[self.first..self.first + self.count];
        let points = &points[self.first..self.first + self.count];
        self.words = vec![0; own.len().div_ceil(BLOCK) * self.columns];
        let mut blocks = Vec::with_capacity(own.len().div_ceil(BLOCK));
        for (number, (block, points)) in own.chunks(BLOCK).zip(points.chunks(BLOCK)).enumerate() {
            let mut bounds = Bounds::EMPTY;
            for point in points {
                bounds.include(*point);
            }
            blocks.push(bounds);
            let words = &mut self.words[number * self.columns..(number + 1) * self.columns];
            for (slot, (_, entry)) in block.iter().enumerate() {
                fill(entry, &mut Row { words, bit: 1 << slot });
            }
        }
        self.tree = Tree::over(blocks);
        self.add_summaries();
        self
    }

    fn add_summaries(&mut self) {
        let width = bits::width(self.columns);
        let blocks = self.tree.level(0).len();
        let mut below: Vec<u64> = vec![0; blocks * width];
        if width > 0 {
            for (words, summary) in self.words.chunks(self.columns).zip(below.chunks_mut(width)) {
                for (column, _) in words.iter().enumerate().filter(|(_, word)| **word != 0) {
                    bits::put(summary, column);
                }
            }
        }
        for level in 1..=self.tree.top() {
            let mut any = vec![0; self.tree.level(level).len() * width];
            if width > 0 {
                for (sum, group) in any.chunks_mut(width).zip(below.chunks(FAN_OUT * width)) {
                    for summary in group.chunks(width) {
                        sum.iter_mut().zip(summary).for_each(|(sum, word)| *sum |= word);
                    }
                }
            }
            below.clone_from(&any);
            self.any.push(any);
        }
    }
}
