//! Searching the index: best first over boxes.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    ops::Range,
};

use super::{
    BLOCK, Column, FAN_OUT, Partition, PlaceIndex,
    bits::Bits,
    bounds::Bounds,
    build::number,
    everywhere::{Everywhere, Rough},
    query::{Accept, After, Among, Candidate, Hit, Pair, Query, Which},
    tree::Tree,
};
use crate::geo::distance::{Ecef, MEAN_RADIUS_KM, chord_squared, surface_km};

/// Room for rounding when squared chords are compared with bounds: pruning may keep too much, never too little.
const SLACK: f64 = 1.0 + 1e-12;

/// A node that may still hold something, ordered by how near that could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    nearest: Chord,
    walked: usize,
    level: usize,
    number: usize,
}

/// A squared chord, km².
#[derive(Clone, Copy, Debug)]
struct Chord(f64);

impl PartialEq for Chord {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Chord {}

impl Ord for Chord {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Chord {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PlaceIndex {
    /// The nearest places that satisfy the clauses and that `accept` takes, nearest first, ties by id. `accept` is
    /// asked at most once per place; none: clauses decide.
    pub fn search(&self, query: &Query<'_>, accept: Option<Accept<'_>>) -> Vec<Hit> {
        let limit = query.limit.min(self.len());
        let mut search = Search {
            index: self,
            origin: query.origin.into(),
            query,
            accept,
            open: BinaryHeap::new(),
            nearest: BinaryHeap::with_capacity(limit + 1),
            found: Vec::with_capacity(2 * limit),
            reach: query.radius_km.map_or(f64::INFINITY, |radius| chord_squared(radius) * SLACK),
        };
        if query.limit > 0 {
            search.run();
        }
        search.hits()
    }

    pub(super) fn candidate(&self, number: usize) -> Candidate {
        Candidate { number, at: self.laid.points[number] }
    }

    /// A partition with its bits.
    pub(super) fn partition(&self, number: usize) -> Option<(&Partition, &Bits)> {
        Some((self.laid.partitions.get(number)?, self.bits.get(number)?))
    }

    /// Whether a query asks for nothing but what is near.
    pub(super) fn is_everywhere(&self, which: Which<'_>) -> bool {
        let asked = |number| which.partitions.contains(&number) || self.laid.partitions[number].count == 0;
        which.clauses.is_empty() && which.ways.is_none() && (0..self.laid.partitions.len()).all(asked)
    }
}

struct Search<'a, 'b> {
    index: &'a PlaceIndex,
    origin: Ecef,
    query: &'a Query<'a>,
    accept: Option<Accept<'b>>,
    open: BinaryHeap<Reverse<Open>>,
    /// The squared chords of the best so far, as many as are asked for, the longest on top. Where they are known roughly:
    /// not less than they are.
    nearest: BinaryHeap<Chord>,
    /// What was taken while it was within reach, the best among them, with a squared chord that is not more than it is.
    found: Vec<(f64, u32)>,
    /// What has a greater squared chord cannot be an answer.
    reach: f64,
}

/// What is walked.
#[derive(Clone, Copy)]
enum Walked<'a> {
    Partition(&'a Partition, &'a Bits),
    Everywhere(&'a Everywhere),
}

impl<'a> Search<'a, '_> {
    fn run(&mut self) {
        let index = self.index;
        let walked: Vec<Walked<'a>> = if index.is_everywhere(self.query.which) {
            vec![Walked::Everywhere(&index.laid.everywhere)]
        } else {
            let partitions = self.query.which.partitions.iter().filter_map(|number| index.partition(*number));
            partitions.map(|(partition, bits)| Walked::Partition(partition, bits)).collect()
        };
        for (number, tree) in walked.iter().enumerate() {
            let top = tree.tree().top();
            self.enter(number, *tree, top, 0..tree.tree().level(top).len());
        }
        while let Some(Reverse(next)) = self.open.pop() {
            if next.nearest.0 > self.reach {
                break;
            }
            let tree = walked[next.walked];
            let below = next.level - 1;
            let from = next.number * FAN_OUT;
            let to = (from + FAN_OUT).min(tree.tree().level(below).len());
            self.enter(next.walked, tree, below, from..to);
        }
    }

    /// Looks at siblings, `FAN_OUT` at most: nodes wait for their turn, blocks are visited at once, the nearest first.
    fn enter(&mut self, number: usize, walked: Walked<'a>, level: usize, siblings: Range<usize>) {
        let boxes = &walked.tree().level(level)[siblings.clone()];
        if level > 0 {
            for (node, bounds) in siblings.zip(boxes) {
                let Some(nearest) = self.within_reach(bounds) else { continue };
                if walked.may_match(level, node, self.query.which) && self.is_promising(walked, level, node, bounds) {
                    self.open.push(Reverse(Open { nearest: Chord(nearest), walked: number, level, number: node }));
                }
            }
            return;
        }
        let mut blocks = [(Chord(f64::INFINITY), 0); FAN_OUT];
        let mut count = 0;
        for (block, bounds) in siblings.zip(boxes) {
            if let Some(nearest) = self.within_reach(bounds) {
                blocks[count] = (Chord(nearest), block);
                count += 1;
            }
        }
        let blocks = &mut blocks[..count];
        blocks.sort_unstable();
        for (nearest, block) in blocks {
            if nearest.0 > self.reach {
                break;
            }
            match walked {
                Walked::Partition(partition, bits) => self.visit(partition, bits, *block),
                Walked::Everywhere(everywhere) => self.visit_roughly(everywhere, *block),
            }
        }
    }

    /// The smallest squared chord that something in a box may have; none: nothing in it can be an answer.
    fn within_reach(&self, bounds: &Bounds) -> Option<f64> {
        let nearest = bounds.nearest(self.origin);
        let before_cursor = |after: After| surface_km(bounds.farthest(self.origin) * SLACK) < after.distance_km;
        (nearest <= self.reach && !self.query.after.is_some_and(before_cursor)).then_some(nearest)
    }

    /// Whether something in a node may be taken.
    fn is_promising(&self, walked: Walked<'_>, level: usize, node: usize, bounds: &Bounds) -> bool {
        let (Some(promising), Walked::Partition(partition, _)) = (self.query.promising, walked) else { return true };
        promising(&Among { places: partition.places(level, node), bounds })
    }

    fn visit(&mut self, partition: &Partition, bits: &Bits, block: usize) {
        let mut candidates = partition.candidates(bits, block, self.query.which);
        let first = partition.first + block * BLOCK;
        while candidates != 0 {
            let place = first + candidates.trailing_zeros() as usize;
            candidates &= candidates - 1;
            let chord = self.origin.chord_squared(self.index.laid.points[place]);
            if chord <= self.reach && self.is_asked_for(place, chord) {
                self.take(number(place), chord, chord);
            }
        }
    }

    fn visit_roughly(&mut self, everywhere: &Everywhere, block: usize) {
        let exactly = self.query.radius_km.is_some() || self.query.after.is_some();
        everywhere.within(block, self.origin, self.reach, |Rough { place, mut least, mut most, .. }| {
            if exactly {
                least = self.origin.chord_squared(self.index.laid.points[place as usize]);
                most = least;
            }
            if least <= self.reach && self.is_asked_for(place as usize, least) {
                self.take(place, least, most);
            }
        });
    }

    /// Takes a place whose squared chord is `least` to `most`.
    fn take(&mut self, place: u32, least: f64, most: f64) {
        self.found.push((least, place));
        if self.nearest.len() < self.query.limit {
            self.nearest.push(Chord(most));
        } else if let Some(mut longest) = self.nearest.peek_mut()
            && most < longest.0
        {
            *longest = Chord(most);
        }
        if self.nearest.len() == self.query.limit
            && let Some(Chord(longest)) = self.nearest.peek()
        {
            self.reach = self.reach.min(reach_of(*longest));
        }
    }

    /// Whether a place is within the radius and after the cursor, exactly, and taken by the caller.
    fn is_asked_for(&mut self, place: usize, chord: f64) -> bool {
        let Query { radius_km, after, .. } = self.query;
        if radius_km.is_some() || after.is_some() {
            let (distance_km, id) = (surface_km(chord), self.index.laid.members[place].id);
            let is_after = after.is_none_or(|after| (distance_km, id) > (after.distance_km, after.id));
            if !is_after || radius_km.is_some_and(|radius| distance_km > radius) {
                return false;
            }
        }
        let Some(accept) = &mut self.accept else { return true };
        accept(self.index.candidate(place))
    }

    /// The best of what was found. Chords that differ by rounding alone may be one distance, where the id decides.
    fn hits(self) -> Vec<Hit> {
        let mut hits = Vec::with_capacity(self.found.len());
        let within = self.found.into_iter().filter(|(least, _)| *least <= self.reach);
        hits.extend(within.map(|(_, place)| {
            let member = self.index.laid.members[place as usize];
            let chord = self.origin.chord_squared(self.index.laid.points[place as usize]);
            Hit { ordinal: member.ordinal, distance_km: surface_km(chord), id: member.id }
        }));
        hits.sort_unstable();
        hits.truncate(self.query.limit);
        hits
    }
}

impl<'a> Walked<'a> {
    const fn tree(self) -> &'a Tree {
        match self {
            Self::Partition(partition, _) => &partition.tree,
            Self::Everywhere(everywhere) => &everywhere.tree,
        }
    }

    /// Whether a node may hold a place that has what is asked.
    fn may_match(self, level: usize, node: usize, which: Which<'_>) -> bool {
        let Self::Partition(_, bits) = self else { return true };
        let node = bits.node(level, node);
        let has = |column: &Column| node.has(*column);
        which.clauses.iter().all(|clause| clause.iter().any(has))
            && which.ways.is_none_or(|ways| ways.iter().any(|way| way.iter().all(|pair| pair.iter().any(has))))
    }
}

impl Partition {
    /// The places of a node.
    fn places(&self, level: usize, node: usize) -> Range<usize> {
        let many = (0..level).fold(BLOCK, |many, _| many * FAN_OUT);
        self.first + node * many..self.first + self.count.min((node + 1) * many)
    }

    /// A bit per place of the block that has what is asked.
    pub(super) fn candidates(&self, bits: &Bits, block: usize, which: Which<'_>) -> u64 {
        let words = bits.block(block);
        let held = (self.count - block * BLOCK).min(BLOCK);
        let mut candidates = u64::MAX >> (BLOCK - held);
        let word = |column: &Column| words.word(*column);
        for clause in which.clauses {
            candidates &= clause.iter().fold(0, |or, column| or | word(column));
            if candidates == 0 {
                return 0;
            }
        }
        let Some(ways) = which.ways else { return candidates };
        let all = |way: &Vec<Pair>| {
            let mut left = candidates;
            for [one, other] in way {
                left &= word(one) | if one == other { 0 } else { word(other) };
                if left == 0 {
                    break;
                }
            }
            left
        };
        ways.iter().fold(0, |or, way| or | all(way))
    }
}

/// How long a squared chord may be for a surface that is as long as that under `longest`, both in km². Half the way round
/// every longer chord is as far, and ids decide.
fn reach_of(longest: f64) -> f64 {
    let diameter = 2.0 * MEAN_RADIUS_KM;
    if longest * SLACK >= diameter * diameter { f64::INFINITY } else { longest * SLACK }
}
