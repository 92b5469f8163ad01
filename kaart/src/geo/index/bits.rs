//! The bits of the places of a partition.

use std::sync::Arc;

use super::{
    APART, Column, Row, Width,
    words::{Words, has, width},
};

/// What places in order have. A clone is a version that shares what it does not change.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    columns: Width,
    near: Words,
    apart: Words,
}

/// The words of a block: a bit for each of its places.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    near: &'a [u64],
    bits: &'a Bits,
    number: usize,
}

/// What places of a node have, all together.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    near: &'a [u64],
    bits: &'a Bits,
    level: usize,
    number: usize,
}

impl Bits {
    /// Those of places in order: `rows` says what each has, as [`Row`] lays it.
    pub(super) fn of<'a>(columns: Width, count: usize, rows: impl Fn(usize) -> &'a [u64]) -> Self {
        let near = width(columns.near);
        Self {
            columns,
            near: Words::of(columns.near, count, |place| &rows(place)[..near]),
            apart: Words::of(columns.apart, count, |place| &rows(place)[near..]),
        }
    }

    /// A block of places.
    pub(super) fn block(&self, number: usize) -> Block<'_> {
        Block { near: self.near.of_block(number), bits: self, number }
    }

    /// A node of blocks; `level` is at least 1.
    pub(super) fn node(&self, level: usize, number: usize) -> Node<'_> {
        Node { near: self.near.of_node(level, number), bits: self, level, number }
    }

    /// Says anew what a place has; `fill` begins with nothing.
    pub(super) fn set(self: &mut Arc<Self>, place: usize, fill: impl FnOnce(&mut Row<'_>)) {
        let mut row = vec![0; self.columns.words()];
        fill(&mut Row::new(&mut row, self.columns));
        let (near, apart) = row.split_at(width(self.columns.near));
        if self.near.has(place, near) && self.apart.has(place, apart) {
            return;
        }
        let own = Arc::make_mut(self);
        own.near.set(place, near);
        own.apart.set(place, apart);
    }

    /// The memory that it holds, in bytes: of columns that are near, and of those that lie apart.
    pub(super) fn bytes(&self) -> [usize; 2] {
        [self.near.bytes(), self.apart.bytes()]
    }
}

impl Block<'_> {
    /// Which of its places have a column.
    #[inline]
    pub(super) fn word(self, column: Column) -> u64 {
        let word = match column.checked_sub(APART) {
            None => self.near.get(usize::from(column)),
            Some(column) => self.bits.apart.of_block(self.number).get(usize::from(column)),
        };
        word.copied().unwrap_or(0)
    }
}

impl Node<'_> {
    /// Whether any of its places has a column.
    #[inline]
    pub(super) fn has(self, column: Column) -> bool {
        match column.checked_sub(APART) {
            None => has(self.near, usize::from(column)),
            Some(column) => has(self.bits.apart.of_node(self.level, self.number), usize::from(column)),
        }
    }
}
