//! What is asked of the index, and what it answers.

use std::{cmp::Ordering, ops::Range};

use super::{Column, bounds::Bounds};
use crate::geo::{Point, distance::Ecef};

/// What to look for.
pub struct Query<'a> {
    /// Where from.
    pub origin: Point,
    /// Which places.
    pub which: Which<'a>,
    /// The greatest distance, km, inclusive.
    pub radius_km: Option<f64>,
    /// Only what comes after this one.
    pub after: Option<After>,
    /// How many to answer at most.
    pub limit: usize,
    /// Asked before places of many blocks are looked at; none: all are worth a look.
    pub promising: Option<Promising<'a>>,
}

/// Whether one of these places may be taken by the caller.
pub type Promising<'a> = &'a dyn Fn(&Among<'_>) -> bool;

/// Places that follow each other in the order of the index.
#[derive(Debug)]
pub struct Among<'a> {
    /// Their numbers in it.
    pub places: Range<usize>,
    pub(super) bounds: &'a Bounds,
}

impl Among<'_> {
    /// No place of them has a smaller squared chord, km², to a point than this.
    pub fn nearest(&self, to: Ecef) -> f64 {
        self.bounds.nearest(to)
    }
}

/// Which places are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Which<'a> {
    /// Those of these partitions.
    pub partitions: &'a [usize],
    /// Every clause must hold; a clause holds for a place that has one of its columns.
    pub clauses: &'a [Vec<Column>],
    /// One of these ways must hold too; a way holds for a place that has one of each of its pairs. None: nothing more is
    /// asked.
    pub ways: Option<&'a [Vec<Pair>]>,
}

/// Two columns of which one is enough; twice the same is that one.
pub type Pair = [Column; 2];

/// A place that columns let through.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Its number in the order of the index, in which neighbours follow each other; see [`ordinal`](super::PlaceIndex::ordinal).
    pub number: usize,
    /// Where it is.
    pub at: Ecef,
}

/// Asked of a candidate.
pub type Accept<'a> = &'a mut dyn FnMut(Candidate) -> bool;

/// The place after which a search goes on: nearest first, ties by id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct After {
    /// Its distance, km.
    pub distance_km: f64,
    /// Its id.
    pub id: u128,
}

/// A place found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The caller's number of the place.
    pub ordinal: u32,
    /// Its distance from the origin along the ellipsoid, km.
    pub distance_km: f64,
    /// Its id.
    pub id: u128,
}

impl Eq for Hit {}

impl Ord for Hit {
    fn cmp(&self, other: &Self) -> Ordering {
        self.distance_km.total_cmp(&other.distance_km).then(self.id.cmp(&other.id))
    }
}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
