//! Chance that is the same on every machine.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use rand::{
    Rng, SeedableRng,
    distr::{Distribution, uniform::SampleUniform},
    seq::{IndexedRandom, SliceRandom, index},
};
use rand_chacha::ChaCha8Rng;
use uuid::{Builder, Uuid};

/// 07:00 to 16:00, UTC.
const OFFICE_MINUTES: RangeInclusive<i64> = 7 * 60..=16 * 60;

/// A random stream, and the instant that its ids carry.
#[derive(Debug)]
pub(super) struct Dice {
    stream: ChaCha8Rng,
    millis: u64,
}

impl Dice {
    pub(super) fn new(seed: u64, stream: u64, start: NaiveDate) -> Self {
        let mut chacha = ChaCha8Rng::seed_from_u64(seed);
        chacha.set_stream(stream);
        Self { stream: chacha, millis: u64::try_from(super::midnight(start).timestamp_millis()).unwrap_or(0) }
    }

    /// A stream of its own for what draws more or fewer numbers on another start date.
    pub(super) fn fork(&mut self) -> Self {
        Self { stream: ChaCha8Rng::seed_from_u64(self.stream.random()), millis: self.millis }
    }

    /// A stream of its own for what is said of the thing with this id: all others draw what they drew without it.
    pub(super) fn about(&self, id: Uuid) -> Self {
        Self { stream: ChaCha8Rng::seed_from_u64(id.as_u64_pair().1), millis: self.millis }
    }

    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.stream.random_range(0..100) < percent
    }

    pub(super) fn between<T: SampleUniform + PartialOrd>(&mut self, range: RangeInclusive<T>) -> T {
        self.stream.random_range(range)
    }

    pub(super) fn sample<T>(&mut self, distribution: &impl Distribution<T>) -> T {
        distribution.sample(&mut self.stream)
    }

    /// One of a list that is never empty.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.stream.random_range(0..from.len())]
    }

    /// One of a list that is never empty, by weight.
    pub(super) fn weighted<T: Copy>(&mut self, from: &[(u32, T)]) -> T {
        from.choose_weighted(&mut self.stream, |(weight, _)| *weight).map_or(from[0].1, |(_, one)| *one)
    }

    /// `count` of a list, or all that it has, in the order of the list.
    pub(super) fn some_of<T: Clone>(&mut self, from: &[T], count: usize) -> Vec<T> {
        let mut chosen = index::sample(&mut self.stream, from.len(), count.min(from.len())).into_vec();
        chosen.sort_unstable();
        chosen.into_iter().map(|at| from[at].clone()).collect()
    }

    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        list.shuffle(&mut self.stream);
    }

    /// A value in `known` of 100 cases, else none: not stated.
    pub(super) fn known<T>(&mut self, known: u32, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chance(known).then(|| value(self))
    }

    /// Present, absent or not stated, of each of a list; what is not stated is left out.
    pub(super) fn stated<T: Copy>(&mut self, of: &[T], known: u32, present: u32) -> Vec<(T, bool)> {
        of.iter().filter_map(|one| self.known(known, |dice| (*one, dice.chance(present)))).collect()
    }

    /// An instant in office hours, so many days, at least one, before the day that begins at `midnight`.
    pub(super) fn before(&mut self, midnight: DateTime<Utc>, days: RangeInclusive<i64>) -> DateTime<Utc> {
        let ago = TimeDelta::days(self.between(days)) - TimeDelta::minutes(self.between(OFFICE_MINUTES));
        midnight.checked_sub_signed(ago).unwrap_or(midnight)
    }

    /// A date from `first` to `last`; `first` when reversed.
    pub(super) fn date(&mut self, first: NaiveDate, last: NaiveDate) -> NaiveDate {
        let days = u64::try_from((last - first).num_days()).unwrap_or(0);
        first.checked_add_days(Days::new(self.between(0..=days))).unwrap_or(first)
    }

    /// A new id.
    pub(super) fn id(&mut self) -> Uuid {
        Builder::from_unix_timestamp_millis(self.millis, &self.stream.random()).into_uuid()
    }
}
