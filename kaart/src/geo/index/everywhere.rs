//! All places in one order, for questions that ask for nothing but what is near.
//!
//! Twelve partitions would each have a box around the origin. Here a place is its number and three bytes that say where in
//! the box of its block it is: enough to leave most of them alone, and exact points are read of what is left.

use super::{BLOCK, bounds::Bounds, tree::Tree};
use crate::geo::distance::Ecef;

/// How many steps a side of a block's box has.
const STEPS: f64 = 255.0;
/// What single precision may lose, of the lengths that it works with: thirty times what a sum of three squares does.
const ROUNDING: f64 = 2e-6;

/// All places, in blocks.
#[derive(Debug, Default)]
pub(super) struct Everywhere {
    pub(super) tree: Tree,
    blocks: Vec<Offsets>,
    /// Numbers of places, in order.
    places: Vec<u32>,
}

/// Per axis and place, the steps from the low side of the block's box.
#[derive(Clone, Copy, Debug)]
struct Offsets([[u8; BLOCK]; 3]);

/// Between which squared chords, km², a place lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rough {
    pub(super) place: u32,
    /// Where it stands in the order.
    pub(super) at: usize,
    pub(super) least: f64,
    pub(super) most: f64,
}

impl Everywhere {
    /// `places` in order, with where they are.
    pub(super) fn of(places: Vec<u32>, at: impl Fn(u32) -> Ecef) -> Self {
        let mut blocks = Vec::with_capacity(places.len().div_ceil(BLOCK));
        let mut boxes = Vec::with_capacity(blocks.capacity());
        for block in places.chunks(BLOCK) {
            let mut bounds = Bounds::EMPTY;
            for place in block {
                bounds.include(at(*place));
            }
            let (low, step) = (bounds.low(), step(&bounds));
            let mut offsets = [[0; BLOCK]; 3];
            for (slot, place) in block.iter().enumerate() {
                let point = at(*place);
                for axis in 0..3 {
                    offsets[axis][slot] = byte((point.0[axis] - low[axis]) / step[axis]);
                }
            }
            boxes.push(bounds);
            blocks.push(Offsets(offsets));
        }
        Self { tree: Tree::over(boxes), blocks, places }
    }

    /// The places of a block that may have a squared chord of `reach` km² at most to `from`; none that has is left out.
    pub(super) fn within(&self, block: usize, from: Ecef, reach: f64, mut found: impl FnMut(Rough)) {
        let (Some(bounds), Some(offsets)) = (self.tree.level(0).get(block), self.blocks.get(block)) else { return };
        let (low, step) = (bounds.low(), step(bounds));
        let length = |sides: [f64; 3]| sides.iter().map(|side| side * side).sum::<f64>().sqrt();
        let at = [0, 1, 2].map(|axis| from.0[axis] - low[axis]);
        let off = length(step) / 2.0 + ROUNDING * (length(at) + STEPS * length(step));
        let squares = offsets.squares(at, step);
        let most = single((reach.sqrt() + off).powi(2) * (1.0 + ROUNDING));
        let first = block * BLOCK;
        for ((at, place), square) in (first..).zip(&self.places[first..]).zip(squares) {
            if square <= most {
                let chord = f64::from(square).sqrt();
                found(Rough { place: *place, at, least: (chord - off).max(0.0).powi(2), most: (chord + off).powi(2) });
            }
        }
    }

    /// The memory that it holds, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.tree.bytes() + size_of_val(self.blocks.as_slice()) + size_of_val(self.places.as_slice())
    }
}

impl Offsets {
    /// The squared chords, km², to a point that is `at` from the low corner, in steps of `step`.
    fn squares(&self, at: [f64; 3], step: [f64; 3]) -> [f32; BLOCK] {
        let mut squares = [0.0; BLOCK];
        for axis in 0..3 {
            let (at, step) = (single(at[axis]), single(step[axis]));
            for (square, steps) in squares.iter_mut().zip(&self.0[axis]) {
                let along = f32::from(*steps) * step - at;
                *square += along * along;
            }
        }
        squares
    }
}

/// The length of a step, km; never 0, since a box is larger than its points.
fn step(bounds: &Bounds) -> [f64; 3] {
    let (low, high) = (bounds.low(), bounds.high());
    [0, 1, 2].map(|axis| (high[axis] - low[axis]) / STEPS)
}

#[expect(clippy::cast_possible_truncation, reason = "what is lost has its room")]
const fn single(value: f64) -> f32 {
    value as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a box holds its points: 0 to 255")]
fn byte(steps: f64) -> u8 {
    steps.round() as u8
}
