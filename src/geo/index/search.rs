//! Searching the index: best first over boxes.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    ops::Range,
};

use super::{BLOCK, Column, FAN_OUT, Member, Partition, PlaceIndex, bits};
use crate::geo::{
    Point,
    distance::{Ecef, chord_squared, surface_km},
};

/// Room for rounding when squared chords are compared with bounds: pruning may keep too much, never too little.
const SLACK: f64 = 1.0 + 1e-12;

/// What to look for.
pub struct Query<'a> {
    /// Where from.
    pub origin: Point,
    /// Which partitions to look in.
    pub partitions: &'a [usize],
    /// Every clause must hold; a clause holds for a place that has one of its columns.
    pub clauses: &'a [Vec<Column>],
    /// The greatest distance, km, inclusive.
    pub radius_km: Option<f64>,
    /// Only what comes after this one.
    pub after: Option<After>,
    /// How many to answer at most.
    pub limit: usize,
}

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

/// A box that may still hold something, ordered by how near that could be.
#[derive(Clone, Copy, Debug)]
struct Open {
    nearest: f64,
    partition: usize,
    /// 0: a block; n: a node of level n.
    level: usize,
    number: usize,
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Open {}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nearest.total_cmp(&other.nearest)
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PlaceIndex {
    /// The nearest places that satisfy the clauses and that `accept` takes, nearest first, ties by id. `accept` is
    /// asked by ordinal, at most once per place.
    pub fn search(&self, query: &Query<'_>, mut accept: impl FnMut(u32) -> bool) -> Vec<Hit> {
        let mut search = Search {
            index: self,
            origin: query.origin.into(),
            query,
            open: BinaryHeap::new(),
            best: BinaryHeap::with_capacity(query.limit.min(self.len()) + 1),
            reach: query.radius_km.map_or(f64::INFINITY, |radius| chord_squared(radius) * SLACK),
        };
        search.run(&mut accept);
        search.best.into_sorted_vec()
    }
}

struct Search<'a> {
    index: &'a PlaceIndex,
    origin: Ecef,
    query: &'a Query<'a>,
    open: BinaryHeap<Reverse<Open>>,
    /// The best so far, the worst of them on top.
    best: BinaryHeap<Hit>,
    /// Boxes whose nearest squared chord is greater cannot hold an answer.
    reach: f64,
}

impl Search<'_> {
    fn run(&mut self, accept: &mut impl FnMut(u32) -> bool) {
        if self.query.limit == 0 {
            return;
        }
        for &number in self.query.partitions {
            if let Some(partition) = self.index.partitions.get(number) {
                let top = partition.levels.len();
                self.open_children(number, partition, top, 0..partition.count(top));
            }
        }
        while let Some(Reverse(next)) = self.open.pop() {
            if next.nearest > self.reach {
                break;
            }
            let Some(partition) = self.index.partitions.get(next.partition) else { continue };
            if next.level == 0 {
                self.visit_block(partition, next.number, accept);
            } else {
                let below = next.level - 1;
                let from = next.number * FAN_OUT;
                let to = (from + FAN_OUT).min(partition.count(below));
                self.open_children(next.partition, partition, below, from..to);
            }
        }
    }

    fn open_children(&mut self, number: usize, partition: &Partition, level: usize, children: Range<usize>) {
        for child in children {
            if !partition.may_match(level, child, self.query.clauses) {
                continue;
            }
            let bounds = partition.bounds(level, child);
            let nearest = bounds.nearest(self.origin);
            if nearest > self.reach || self.is_before_cursor(bounds.farthest(self.origin)) {
                continue;
            }
            self.open.push(Reverse(Open { nearest, partition: number, level, number: child }));
        }
    }

    fn is_before_cursor(&self, farthest: f64) -> bool {
        self.query.after.is_some_and(|after| surface_km(farthest * SLACK) < after.distance_km)
    }

    fn visit_block(&mut self, partition: &Partition, block: usize, accept: &mut impl FnMut(u32) -> bool) {
        let mut candidates = partition.candidates(block, self.query.clauses);
        while candidates != 0 {
            let slot = candidates.trailing_zeros() as usize;
            candidates &= candidates - 1;
            if let Some(member) = partition.members.get(block * BLOCK + slot) {
                self.consider(member, accept);
            }
        }
    }

    fn consider(&mut self, member: &Member, accept: &mut impl FnMut(u32) -> bool) {
        let chord = self.origin.chord_squared(member.at);
        if chord > self.reach {
            return;
        }
        let hit = Hit { ordinal: member.ordinal, distance_km: surface_km(chord), id: member.id };
        let full = self.best.len() == self.query.limit;
        if self.query.radius_km.is_some_and(|radius| hit.distance_km > radius)
            || self.query.after.is_some_and(|after| (hit.distance_km, hit.id) <= (after.distance_km, after.id))
            || (full && self.best.peek().is_some_and(|worst| *worst <= hit))
            || !accept(member.ordinal)
        {
            return;
        }
        if full {
            self.best.pop();
        }
        self.best.push(hit);
        if self.best.len() == self.query.limit
            && let Some(worst) = self.best.peek()
        {
            self.reach = self.reach.min(chord_squared(worst.distance_km) * SLACK);
        }
    }
}

impl Partition {
    fn count(&self, level: usize) -> usize {
        match level {
            0 => self.blocks.len(),
            above => self.levels[above - 1].bounds.len(),
        }
    }

    fn bounds(&self, level: usize, number: usize) -> &super::Bounds {
        match level {
            0 => &self.blocks[number],
            above => &self.levels[above - 1].bounds[number],
        }
    }

    fn may_match(&self, level: usize, number: usize, clauses: &[Vec<Column>]) -> bool {
        if level == 0 {
            return self.candidates(number, clauses) != 0;
        }
        let width = bits::width(self.columns);
        let any = &self.levels[level - 1].any[number * width..(number + 1) * width];
        clauses.iter().all(|clause| clause.iter().any(|column| bits::has(any, *column)))
    }

    /// A bit per place of the block that satisfies every clause.
    fn candidates(&self, block: usize, clauses: &[Vec<Column>]) -> u64 {
        let words = &self.words[block * self.columns..(block + 1) * self.columns];
        let held = (self.members.len() - block * BLOCK).min(BLOCK);
        let mut candidates = u64::MAX >> (BLOCK - held);
        for clause in clauses {
            candidates &= clause.iter().fold(0, |or, column| or | words.get(usize::from(*column)).unwrap_or(&0));
            if candidates == 0 {
                break;
            }
        }
        candidates
    }
}
