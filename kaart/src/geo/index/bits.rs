//! Bits: the columns of one place, of a block, of a node.

use std::{ops::Range, sync::Arc};

use super::{BLOCK, Column, FAN_OUT};

/// The columns of one place, while they are said.
#[derive(Debug)]
pub struct Row<'a> {
    /// A bit per column.
    words: &'a mut [u64],
    columns: usize,
}

impl<'a> Row<'a> {
    /// Of `columns` columns; `words` have room for them.
    pub(super) const fn new(words: &'a mut [u64], columns: usize) -> Self {
        Self { words, columns }
    }

    /// Says that the fact of `column` holds. A column that the partition does not have is left out: the index may
    /// know less than the caller, never more.
    pub fn set(&mut self, column: Column) {
        let column = usize::from(column);
        if column < self.columns
            && let Some(word) = self.words.get_mut(column / 64)
        {
            *word |= 1 << (column % 64);
        }
    }

    /// The same for all of `columns`.
    pub fn set_all(&mut self, columns: Range<Column>) {
        let (from, to) = (usize::from(columns.start), usize::from(columns.end).min(self.columns));
        for number in from / 64..to.div_ceil(64) {
            let Some(word) = self.words.get_mut(number) else { return };
            let (low, high) = (from.saturating_sub(64 * number).min(64), (to - 64 * number).min(64));
            *word |= below(high) & !below(low);
        }
    }
}

/// The bits of the places of a partition. Versions share what they have in common: a place that changes costs a copy of its
/// node.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    columns: usize,
    /// Per node over blocks: the words of its blocks, one after the other, one word per column.
    nodes: Vec<Arc<[u64]>>,
    /// Per level of the tree above the blocks, words of node n: `n * width..(n + 1) * width`, a bit per column: whether any
    /// of its places has it.
    any: Vec<Vec<u64>>,
}

impl Bits {
    /// Those of places in order: `rows` says what each has, a bit per column.
    pub(super) fn of<'a>(columns: usize, count: usize, rows: impl Fn(usize) -> &'a [u64]) -> Self {
        let blocks: Vec<usize> = (0..count.div_ceil(BLOCK)).collect();
        let words = |nodes: &[usize]| {
            let mut words = vec![0; nodes.len() * columns];
            for (block, words) in nodes.iter().zip(words.chunks_mut(columns.max(1))) {
                let places = block * BLOCK..((block + 1) * BLOCK).min(count);
                fill(words, places.map(&rows));
            }
            Arc::from(words)
        };
        let mut bits = Self { columns, nodes: blocks.chunks(FAN_OUT).map(words).collect(), any: Vec::new() };
        bits.summarize(blocks.len());
        bits
    }

    /// One word per column: a bit for each place of a block.
    pub(super) fn of_block(&self, block: usize) -> &[u64] {
        &self.nodes[block / FAN_OUT][within(block, self.columns)]
    }

    /// Whether any place of a node has a column, a bit per column. `level` is at least 1.
    pub(super) fn of_node(&self, level: usize, node: usize) -> &[u64] {
        let width = width(self.columns);
        &self.any[level - 1][node * width..(node + 1) * width]
    }

    /// Says anew what a place has; `fill` begins with nothing.
    pub(super) fn set(&mut self, place: usize, fill: impl FnOnce(&mut Row<'_>)) {
        let (block, bit) = (place / BLOCK, 1 << (place % BLOCK));
        let width = width(self.columns);
        let mut row = vec![0; width];
        fill(&mut Row::new(&mut row, self.columns));
        let mut node = block / FAN_OUT;
        let words = Arc::make_mut(&mut self.nodes[node]);
        for (column, word) in (0..).zip(&mut words[within(block, self.columns)]) {
            if has(&row, column) {
                *word |= bit;
            } else {
                *word &= !bit;
            }
        }
        let mut sum = sum_of_blocks(words, self.columns);
        for level in 0..self.any.len() {
            self.any[level][node * width..(node + 1) * width].copy_from_slice(&sum);
            node /= FAN_OUT;
            let siblings = self.any[level].chunks(FAN_OUT * width.max(1)).nth(node).unwrap_or_default();
            sum = sum_of_nodes(siblings, width);
        }
    }

    /// The memory that it holds, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let words: usize = self.nodes.iter().map(|words| size_of_val(&**words)).sum();
        let any: usize = self.any.iter().map(|level| size_of_val(level.as_slice())).sum();
        words + any
    }

    fn summarize(&mut self, blocks: usize) {
        let width = width(self.columns);
        let mut below: Vec<u64> = self.nodes.iter().flat_map(|words| sum_of_blocks(words, self.columns)).collect();
        let mut nodes = blocks;
        while nodes > FAN_OUT {
            nodes = nodes.div_ceil(FAN_OUT);
            let groups = below.chunks(FAN_OUT * width.max(1));
            let above = groups.flat_map(|siblings| sum_of_nodes(siblings, width)).collect();
            self.any.push(std::mem::replace(&mut below, above));
        }
    }
}

/// Where the words of a block are among those of its node.
const fn within(block: usize, columns: usize) -> Range<usize> {
    let first = block % FAN_OUT * columns;
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

pub(super) fn has(words: &[u64], column: Column) -> bool {
    let column = usize::from(column);
    words.get(column / 64).is_some_and(|word| word >> (column % 64) & 1 == 1)
}

/// A word whose lowest `count` bits are set.
const fn below(count: usize) -> u64 {
    if count == 0 { 0 } else { u64::MAX >> (64 - count) }
}
