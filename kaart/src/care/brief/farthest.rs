//! The greatest of numbers that follow each other.

use std::ops::Range;

use super::super::snapshot::Rows;

/// How many numbers are put together first: as many as a block of the index has places.
const FEWEST: usize = 64;
/// How many of those are put together next, and so on.
const FAN_OUT: usize = 16;

/// The greatest of so many numbers that follow each other, of [`FEWEST`] and of [`FAN_OUT`] times as many each time. A clone
/// is a version that shares what it does not change.
#[derive(Clone, Debug)]
pub(super) struct Farthest(Vec<Rows<f32>>);

impl Farthest {
    pub(super) fn of(numbers: &[f32]) -> Self {
        let greatest = |numbers: &[f32], many: usize| -> Vec<f32> {
            numbers.chunks(many).map(|some| some.iter().copied().fold(f32::MIN, f32::max)).collect()
        };
        let mut levels = vec![greatest(numbers, FEWEST)];
        while let Some(below) = levels.last().filter(|below| below.len() > FAN_OUT) {
            levels.push(greatest(below, FAN_OUT));
        }
        Self(levels.into_iter().map(|level| level.into_iter().collect()).collect())
    }

    /// No number of `among` is greater than this; others around them may make it greater than it must be.
    pub(super) fn within(&self, among: &Range<usize>) -> f32 {
        let (mut many, mut level) = (FEWEST, 0);
        while many < among.len() && level + 1 < self.0.len() {
            (many, level) = (many * FAN_OUT, level + 1);
        }
        let all = among.start / many..among.end.div_ceil(many);
        let level = self.0.get(level);
        all.filter_map(|some| level?.get(some)).copied().fold(f32::MIN, f32::max)
    }

    /// Says that a number is not greater than this; what it was before is not forgotten.
    pub(super) fn raise(&mut self, place: usize, number: f32) {
        let mut many = FEWEST;
        for level in &mut self.0 {
            if level.get(place / many).is_some_and(|greatest| *greatest < number) {
                level.replace(place / many, number);
            }
            many *= FAN_OUT;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_among_them_is_greater(
            mut numbers in prop::collection::vec(0_f32..1e6, 1..40_000),
            ranges in prop::collection::vec((0..40_000_usize, 0..40_000_usize), 20),
            raised in prop::collection::vec((0..40_000_usize, 0_f32..2e6), 20),
        ) {
            let mut farthest = Farthest::of(&numbers);
            for (place, number) in raised {
                let place = place % numbers.len();
                farthest.raise(place, number);
                numbers[place] = numbers[place].max(number);
            }
            for (from, many) in ranges {
                let from = from % numbers.len();
                let to = (from + many).min(numbers.len());
                let greatest = |among: Range<usize>| numbers[among].iter().copied().fold(f32::MIN, f32::max);
                let found = farthest.within(&(from..to));
                prop_assert!(found >= greatest(from..to));
                // Not much more is looked at than is asked for.
                let some = FEWEST * FAN_OUT * many.max(1);
                prop_assert!(found <= greatest(from.saturating_sub(some)..(to + some).min(numbers.len())));
            }
        }
    }
}
