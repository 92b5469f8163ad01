//! Words of bits: one per column and block of places, with what nodes over blocks have of them.

use std::{ops::Range, sync::Arc};

use super::{BLOCK, FAN_OUT};

/// How many blocks in a row are copied when a place of one of them changes.
const TOGETHER: usize = 4;

/// The bits of places in order, for some columns. Versions share what they have in common: a place that changes costs a copy
/// of the blocks around it.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    columns: usize,
    /// The words of [`TOGETHER`] blocks each, one block after the other, one word per column.
    parts: Vec<Arc<[u64]>>,
    /// Per level of the tree above the blocks, words of node n: `n * width..(n + 1) * width`, a bit per column: whether any
    /// of its places has it.
    any: Vec<Vec<u64>>,
}

impl Words {
    /// Those of places in order: `rows` says what each has, a bit per column.
    pub(super) fn of<'a>(columns: usize, count: usize, rows: impl Fn(usize) -> &'a [u64]) -> Self {
        let blocks: Vec<usize> = (0..count.div_ceil(BLOCK)).collect();
        let words = |part: &[usize]| {
            let mut words = vec![0; part.len() * columns];
            for (block, words) in part.iter().zip(words.chunks_mut(columns.max(1))) {
                let places = block * BLOCK..((block + 1) * BLOCK).min(count);
                fill(words, places.map(&rows));
            }
            Arc::from(words)
        };
        let parts = blocks.chunks(TOGETHER).map(words).collect();
        let mut words = Self { columns, parts, any: Vec::new() };
        words.summarize(blocks.len());
        words
    }

    /// One word per column: a bit for each place of a block.
    pub(super) fn of_block(&self, block: usize) -> &[u64] {
        &self.parts[block / TOGETHER][within(block, self.columns)]
    }

    /// Whether any place of a node has a column, a bit per column. `level` is at least 1.
    pub(super) fn of_node(&self, level: usize, node: usize) -> &[u64] {
        let width = width(self.columns);
        &self.any[level - 1][node * width..(node + 1) * width]
    }

    /// Whether a place has just this, a bit per column.
    pub(super) fn has(&self, place: usize, row: &[u64]) -> bool {
        let bit = 1 << (place % BLOCK);
        let words = self.of_block(place / BLOCK).iter();
        (0..).zip(words).all(|(column, word)| has(row, column) == (word & bit != 0))
    }

    /// Says anew what a place has, a bit per column.
    pub(super) fn set(&mut self, place: usize, row: &[u64]) {
        if self.has(place, row) {
            return;
        }
        let (block, bit) = (place / BLOCK, 1 << (place % BLOCK));
        let width = width(self.columns);
        let words = Arc::make_mut(&mut self.parts[block / TOGETHER]);
        for (column, word) in (0..).zip(&mut words[within(block, self.columns)]) {
            if has(row, column) {
                *word |= bit;
            } else {
                *word &= !bit;
            }
        }
        let mut node = block / FAN_OUT;
        let mut sum = self.sum_of_parts(node);
        for level in 0..self.any.len() {
            self.any[level][node * width..(node + 1) * width].copy_from_slice(&sum);
            node /= FAN_OUT;
            let siblings = self.any[level].chunks(FAN_OUT * width.max(1)).nth(node).unwrap_or_default();
            sum = sum_of_nodes(siblings, width);
        }
    }

    /// The memory that they hold, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let words: usize = self.parts.iter().map(|words| size_of_val(&**words)).sum();
        let any: usize = self.any.iter().map(|level| size_of_val(level.as_slice())).sum();
        words + any
    }

    /// A bit per column: whether any of the blocks of a node has it.
    fn sum_of_parts(&self, node: usize) -> Vec<u64> {
        let parts = self.parts.chunks(FAN_OUT / TOGETHER).nth(node).unwrap_or_default();
        let sums: Vec<u64> = parts.iter().flat_map(|words| sum_of_blocks(words, self.columns)).collect();
        sum_of_nodes(&sums, width(self.columns))
    }

    fn summarize(&mut self, blocks: usize) {
        let width = width(self.columns);
        let mut below: Vec<u64> = (0..blocks.div_ceil(FAN_OUT)).flat_map(|node| self.sum_of_parts(node)).collect();
        let mut nodes = blocks;
        while nodes > FAN_OUT {
            nodes = nodes.div_ceil(FAN_OUT);
            let groups = below.chunks(FAN_OUT * width.max(1));
            let above = groups.flat_map(|siblings| sum_of_nodes(siblings, width)).collect();
            self.any.push(std::mem::replace(&mut below, above));
        }
    }
}

/// Where the words of a block are among those of its part.
const fn within(block: usize, columns: usize) -> Range<usize> {
    let first = block % TOGETHER * columns;
    first..first + columns
}

/// Sets the words of a block, one per column, to what its places have.
fn fill<'a>(words: &mut [u64], places: impl Iterator<Item = &'a [u64]>) {
    let mut rows = vec![[0; BLOCK]; width(words.len())];
    for (slot, place) in places.enumerate() {
        for (row, word) in rows.iter_mut().zip(place) {
            row[slot] = *word;
        }
    }
    for (words, row) in words.chunks_mut(64).zip(&mut rows) {
        turn(row);
        words.copy_from_slice(&row[..words.len()]);
    }
}

/// Bit c of word r becomes bit r of word c (H. S. Warren, "Hacker's Delight", section 7-3).
fn turn(words: &mut [u64; BLOCK]) {
    let (mut half, mut low) = (32, u64::MAX >> 32);
    while half > 0 {
        let mut at = 0;
        while at < BLOCK {
            let swapped = (words[at] >> half ^ words[at + half]) & low;
            words[at] ^= swapped << half;
            words[at + half] ^= swapped;
            at = (at + half + 1) & !half;
        }
        half /= 2;
        low ^= low << half;
    }
}

/// A bit per column: whether any of the blocks has it.
fn sum_of_blocks(words: &[u64], columns: usize) -> Vec<u64> {
    let mut any = vec![0; columns];
    for block in words.chunks(columns.max(1)) {
        any.iter_mut().zip(block).for_each(|(any, word)| *any |= word);
    }
    let bit = |word: &[u64]| (0..).zip(word).fold(0, |sum, (column, word)| sum | u64::from(*word != 0) << column);
    any.chunks(64).map(bit).collect()
}

/// A bit per column: whether any of the nodes has it.
fn sum_of_nodes(nodes: &[u64], width: usize) -> Vec<u64> {
    let mut any = vec![0; width];
    for node in nodes.chunks(width.max(1)) {
        any.iter_mut().zip(node).for_each(|(any, word)| *any |= word);
    }
    any
}

/// How many words hold a bit for each of `columns`.
pub(super) const fn width(columns: usize) -> usize {
    columns.div_ceil(64)
}

/// Whether a row of bits has one.
pub(super) fn has(row: &[u64], bit: usize) -> bool {
    row.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
}
