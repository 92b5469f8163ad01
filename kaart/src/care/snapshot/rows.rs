//! Rows, found by number or by id.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use foldhash::fast::RandomState;

/// How many rows are copied when one changes.
const CHUNK: usize = 1_024;

/// Rows that never change.
#[derive(Debug)]
pub(super) struct Table<I, T> {
    pub(super) rows: Vec<T>,
    by_id: HashMap<I, u32, RandomState>,
}

impl<I: Eq + Hash, T> Table<I, T> {
    pub(super) fn new(rows: Vec<T>, id: impl Fn(&T) -> I) -> Self {
        let by_id = rows.iter().zip(0..).map(|(row, at)| (id(row), at)).collect();
        Self { rows, by_id }
    }

    pub(super) fn position(&self, id: &I) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    pub(super) fn get(&self, id: &I) -> Option<&T> {
        self.rows.get(self.position(id)? as usize)
    }
}

/// Rows that change one at a time. A clone is a version that shares what it does not change.
#[derive(Clone, Debug)]
pub(in crate::care) struct Rows<T>(Arc<[Arc<[T]>]>);

impl<T: Clone> Rows<T> {
    #[inline]
    pub(in crate::care) fn get(&self, number: usize) -> Option<&T> {
        self.0.get(number / CHUNK)?.get(number % CHUNK)
    }

    /// So many of the same.
    pub(super) fn all(row: &T, count: usize) -> Self {
        let chunk = Arc::from(vec![row.clone(); CHUNK]);
        Self(vec![chunk; count.div_ceil(CHUNK)].into())
    }

    /// Puts a row in the place of another.
    pub(in crate::care) fn replace(&mut self, number: usize, row: T)
    where
        T: PartialEq,
    {
        if self.get(number).is_some_and(|old| *old != row) {
            Arc::make_mut(&mut Arc::make_mut(&mut self.0)[number / CHUNK])[number % CHUNK] = row;
        }
    }
}

impl<T> FromIterator<T> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let mut rows = rows.into_iter();
        let chunks = std::iter::from_fn(|| {
            let chunk: Arc<[T]> = rows.by_ref().take(CHUNK).collect();
            (!chunk.is_empty()).then_some(chunk)
        });
        Self(chunks.collect())
    }
}
