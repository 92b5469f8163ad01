//! Boxes of boxes.

use super::{FAN_OUT, bounds::Bounds};

/// Blocks in a row that share a node by sixteen, nodes that share the next.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// From the blocks to the top, which has [`FAN_OUT`] boxes at most.
    levels: Vec<Vec<Bounds>>,
}

impl Tree {
    /// The tree over the boxes of blocks.
    pub(super) fn over(blocks: Vec<Bounds>) -> Self {
        let mut levels = vec![blocks];
        while let Some(below) = levels.last().filter(|below| below.len() > FAN_OUT) {
            let union = |group: &[Bounds]| {
                group.iter().fold(Bounds::EMPTY, |mut union, bounds| {
                    union.union(bounds);
                    union
                })
            };
            let above = below.chunks(FAN_OUT).map(union).collect();
            levels.push(above);
        }
        Self { levels }
    }

    /// The highest level; 0: that of the blocks.
    pub(super) fn top(&self) -> usize {
        self.levels.len().saturating_sub(1)
    }

    /// The boxes of a level.
    pub(super) fn level(&self, level: usize) -> &[Bounds] {
        self.levels.get(level).map_or(&[], Vec::as_slice)
    }

    /// The memory that it holds, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.levels.iter().map(|level| size_of_val(level.as_slice())).sum()
    }
}
