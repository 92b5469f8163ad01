//! What one place has, while it is said.

use std::ops::Range;

use super::{APART, Column, Width, words::width};

/// The columns of one place.
#[derive(Debug)]
pub struct Row<'a> {
    near: Part<'a>,
    apart: Part<'a>,
}

#[derive(Debug)]
struct Part<'a> {
    /// A bit per column.
    words: &'a mut [u64],
    columns: usize,
}

impl<'a> Row<'a> {
    /// Of a partition of this width; `words` have [room](Width::words) for it.
    pub(super) fn new(words: &'a mut [u64], columns: Width) -> Self {
        let (near, apart) = words.split_at_mut(width(columns.near).min(words.len()));
        Self { near: Part { words: near, columns: columns.near }, apart: Part { words: apart, columns: columns.apart } }
    }

    /// Says that the fact of `column` holds. A column that the partition does not have is left out: the index may
    /// know less than the caller, never more.
    pub fn set(&mut self, column: Column) {
        match column.checked_sub(APART) {
            Some(column) => self.apart.set(column),
            None => self.near.set(column),
        }
    }

    /// The same for all of `columns`, which lie all apart or all not.
    pub fn set_all(&mut self, columns: Range<Column>) {
        match (columns.start.checked_sub(APART), columns.end.checked_sub(APART)) {
            (Some(start), Some(end)) => self.apart.set_all(start..end),
            _ => self.near.set_all(columns),
        }
    }
}

impl Part<'_> {
    #[inline]
    fn set(&mut self, column: Column) {
        let column = usize::from(column);
        if let Some(word) = self.words.get_mut(column / 64).filter(|_| column < self.columns) {
            *word |= 1 << (column % 64);
        }
    }

    fn set_all(&mut self, columns: Range<Column>) {
        let (from, to) = (usize::from(columns.start), usize::from(columns.end).min(self.columns));
        for number in from / 64..to.div_ceil(64) {
            let Some(word) = self.words.get_mut(number) else { return };
            let (low, high) = (from.saturating_sub(64 * number).min(64), (to - 64 * number).min(64));
            *word |= below(high) & !below(low);
        }
    }
}

/// A word whose lowest `count` bits are set.
const fn below(count: usize) -> u64 {
    if count == 0 { 0 } else { u64::MAX >> (64 - count) }
}
