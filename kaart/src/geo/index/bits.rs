//! Bits, seen as the columns of one place or of one node.

use std::ops::Range;

use super::Column;

/// The columns of one place while the index is built.
#[derive(Debug)]
pub struct Row<'a> {
    /// The words of the place's block, one per column.
    pub(super) words: &'a mut [u64],
    pub(super) bit: u64,
}

impl Row<'_> {
    /// Says that the fact of `column` holds. A column that the partition does not have is left out: the index may
    /// know less than the caller, never more.
    pub fn set(&mut self, column: Column) {
        if let Some(word) = self.words.get_mut(usize::from(column)) {
            *word |= self.bit;
        }
    }

    /// The same for all of `columns`.
    pub fn set_all(&mut self, columns: Range<Column>) {
        let to = usize::from(columns.end).min(self.words.len());
        for word in self.words.get_mut(usize::from(columns.start)..to).unwrap_or_default() {
            *word |= self.bit;
        }
    }
}

/// How many words hold a bit for each of `columns`.
pub(super) const fn width(columns: usize) -> usize {
    columns.div_ceil(64)
}

pub(super) fn has(words: &[u64], column: Column) -> bool {
    let column = usize::from(column);
    words.get(column / 64).is_some_and(|word| word >> (column % 64) & 1 == 1)
}

pub(super) fn put(words: &mut [u64], column: usize) {
    if let Some(word) = words.get_mut(column / 64) {
        *word |= 1 << (column % 64);
    }
}
