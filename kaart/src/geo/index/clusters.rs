//! How many places are where: counts per H3 cell, for a map at any zoom.

use std::collections::HashMap;

use thiserror::Error;

use super::{Accept, BLOCK, Laid, PlaceIndex, Which, build::number, cells::Slices, everywhere::Rough, order::CELLS};
use crate::geo::{
    Cell, Point, Surroundings,
    distance::{Ecef, surface_km},
};

/// How many cells one answer has at most.
pub const MOST_CLUSTERS: usize = 1_500;
/// More than a cell of the index and what lies in it by index alone reach from its centre, degrees of latitude.
const MARGIN: f64 = 0.06;

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub struct Clustering<'a> {
    /// Cells whose centre lies here.
    pub bounds: Surroundings,
    /// The resolution of the cells, 0 to 15.
    pub resolution: u8,
    /// Which places.
    pub which: Which<'a>,
}

/// What a cell holds: at least one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cluster {
    /// The cell. A place is in the cells, of any resolution, that its own cell of the finest descends from.
    pub cell: Cell,
    /// How many places.
    pub count: u32,
    /// The caller's number of the one that is nearest to the centre of the cell; ties by id.
    pub nearest: u32,
    /// How far that is, km.
    pub distance_km: f64,
    /// Its id.
    pub id: u128,
}

/// There would be more than [`MOST_CLUSTERS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("more than {MOST_CLUSTERS} cells")]
pub struct TooManyClusters;

/// The places of a cell that lie in one block.
#[derive(Clone, Copy)]
struct Part {
    partition: usize,
    block: usize,
    /// Which of the block is the first.
    slot: usize,
    count: usize,
    /// The number of the first.
    first: usize,
}

/// A cell of the answer while it is counted.
struct Group {
    cell: Cell,
    centre: Ecef,
    count: u32,
    nearest: Nearest,
    /// Cells of the index that it is made of and that have any; none where it is finer than those.
    parts: Vec<usize>,
}

impl PlaceIndex {
    /// Counts places per cell, in the order of cells. `accept` decides about what clauses let through; it may be asked twice.
    ///
    /// # Errors
    /// When there would be too many cells.
    pub fn clusters(
        &self,
        asked: &Clustering<'_>,
        accept: Option<Accept<'_>>,
    ) -> Result<Vec<Cluster>, TooManyClusters> {
        let all = accept.is_none() && self.is_everywhere(asked.which);
        let mut counting = Counting { index: self, asked, accept, all, groups: Vec::new(), by_cell: HashMap::new() };
        if asked.resolution <= CELLS {
            counting.coarsely()?;
        } else {
            counting.finely()?;
        }
        let mut clusters: Vec<Cluster> = counting.groups.iter().filter_map(|group| self.cluster(group)).collect();
        clusters.sort_unstable_by_key(|cluster| cluster.cell);
        Ok(clusters)
    }

    fn cluster(&self, group: &Group) -> Option<Cluster> {
        let (chord, id, place) = group.nearest?;
        let nearest = self.laid.members[place].ordinal;
        Some(Cluster { cell: group.cell, count: group.count, nearest, distance_km: surface_km(chord), id })
    }

    /// The places of a cell, block by block.
    fn parts<'a>(&'a self, which: Which<'a>, cell: usize) -> impl Iterator<Item = Part> + 'a {
        which.partitions.iter().flat_map(move |number| {
            let slice = self.laid.cells.slice(*number, cell);
            let origin = self.laid.partitions.get(*number).map_or(0, |partition| partition.first);
            let mut first = slice.start;
            std::iter::from_fn(move || {
                let (block, slot) = ((first - origin) / BLOCK, (first - origin) % BLOCK);
                let count = (BLOCK - slot).min(slice.end - first);
                let part = Part { partition: *number, block, slot, count, first };
                first += count;
                (count > 0).then_some(part)
            })
        })
    }
}

struct Counting<'a, 'b> {
    index: &'a PlaceIndex,
    asked: &'a Clustering<'a>,
    accept: Option<Accept<'b>>,
    /// Whether all places are counted.
    all: bool,
    groups: Vec<Group>,
    /// Where a cell is among the groups; none: its centre lies elsewhere.
    by_cell: HashMap<Cell, Option<usize>>,
}

impl Counting<'_, '_> {
    /// Cells of the index make up those that are asked for: bits are counted, and few places are looked at.
    fn coarsely(&mut self) -> Result<(), TooManyClusters> {
        let index = self.index;
        let cells = index.laid.cells.all();
        let mut members = Vec::new();
        for (number, slices) in cells.iter().enumerate() {
            let Some(cell) = slices.cell.parent(self.asked.resolution) else { continue };
            if let Some(group) = self.group(cell)? {
                members.push((number, group));
            }
        }
        for (number, group) in members {
            let count = self.count(number);
            if count > 0 {
                self.groups[group].count += count;
                self.groups[group].parts.push(number);
            }
        }
        for group in 0..self.groups.len() {
            let nearest = self.nearest(&self.groups[group].parts.clone(), self.groups[group].centre);
            self.groups[group].nearest = nearest;
        }
        Ok(())
    }

    /// The nearest to a point of the places of some cells, the cells that may hold it first.
    fn nearest(&mut self, parts: &[usize], to: Ecef) -> Nearest {
        let cells = self.index.laid.cells.all();
        let least = |part: usize| {
            let Slices { centre, reach, .. } = cells[part];
            (to.chord_squared(centre).sqrt() - reach).max(0.0)
        };
        let mut parts: Vec<(f64, usize)> = parts.iter().map(|part| (least(*part), *part)).collect();
        parts.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        let mut nearest: Nearest = None;
        for (least, part) in parts {
            if nearest.is_some_and(|(chord, ..)| least * least > chord * (1.0 + 1e-9)) {
                break;
            }
            let index = self.index;
            if self.all {
                nearer_of_run(index, to, part, &mut nearest);
                continue;
            }
            for part in index.parts(self.asked.which, part) {
                let bounds = index.laid.partitions[part.partition].tree.level(0)[part.block];
                // Rounding makes a box no smaller.
                if nearest.is_none_or(|(chord, ..)| bounds.nearest(to) <= chord) {
                    nearer(index, to, part.first, self.matching(part), &mut nearest);
                }
            }
        }
        nearest
    }

    /// How many places of a cell of the index match.
    fn count(&mut self, cell: usize) -> u32 {
        if self.all {
            return number(self.index.laid.cells.run(cell).len());
        }
        self.index.parts(self.asked.which, cell).map(|part| self.matching(part).count_ones()).sum()
    }

    /// Places are looked at one by one: there are few where such cells are asked for.
    fn finely(&mut self) -> Result<(), TooManyClusters> {
        let index = self.index;
        let around = around(self.asked.bounds);
        let resolution = self.asked.resolution;
        for (number, slices) in index.laid.cells.all().iter().enumerate() {
            if !holds(around, slices.cell.centre()) {
                continue;
            }
            let mut found = Vec::new();
            for part in index.parts(self.asked.which, number) {
                each_bit(self.matching(part), |bit| found.push(part.first + bit));
            }
            for place in found {
                let Some(cell) =
                    Cell::from_i64(index.laid.members[place].cell).and_then(|cell| cell.parent(resolution))
                else {
                    continue;
                };
                let Some(group) = self.group(cell)? else { continue };
                let group = &mut self.groups[group];
                group.count += 1;
                nearer(index, group.centre, place, 1, &mut group.nearest);
            }
        }
        Ok(())
    }

    /// The number of the group of a cell; none: its centre lies elsewhere.
    fn group(&mut self, cell: Cell) -> Result<Option<usize>, TooManyClusters> {
        if let Some(known) = self.by_cell.get(&cell) {
            return Ok(*known);
        }
        let centre = cell.centre();
        let number = holds(self.asked.bounds, centre).then_some(self.groups.len());
        if number.is_some() {
            if self.groups.len() == MOST_CLUSTERS {
                return Err(TooManyClusters);
            }
            self.groups.push(Group { cell, centre: centre.into(), count: 0, nearest: None, parts: Vec::new() });
        }
        self.by_cell.insert(cell, number);
        Ok(number)
    }

    /// A bit for each place of the part that matches.
    fn matching(&mut self, part: Part) -> u64 {
        let index = self.index;
        let Some((partition, bits)) = index.partition(part.partition) else { return 0 };
        let held = u64::MAX >> (BLOCK - part.count);
        let mut matching = partition.candidates(bits, part.block, self.asked.which) >> part.slot & held;
        if let Some(accept) = &mut self.accept {
            each_bit(matching, |bit| {
                if !accept(index.candidate(part.first + bit)) {
                    matching &= !(1 << bit);
                }
            });
        }
        matching
    }
}

/// Calls `each` with the bits that are set.
fn each_bit(mut bits: u64, mut each: impl FnMut(usize)) {
    while bits != 0 {
        each(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

/// Chord, km², id and number.
type Nearest = Option<(f64, u128, usize)>;

/// Keeps the nearest to a point; ties by id.
fn nearer(index: &PlaceIndex, to: Ecef, first: usize, matching: u64, nearest: &mut Nearest) {
    each_bit(matching, |bit| nearer_one(index, to, first + bit, nearest));
}

/// The same of all places in a cell of the index: roughly first, and exactly those that may be nearest.
fn nearer_of_run(index: &PlaceIndex, to: Ecef, cell: usize, nearest: &mut Nearest) {
    let Laid { cells, everywhere, .. } = &*index.laid;
    let run = cells.run(cell);
    let mut reach = nearest.map_or(f64::INFINITY, |(chord, ..)| chord);
    let mut found = Vec::new();
    for block in run.start / BLOCK..run.end.div_ceil(BLOCK) {
        everywhere.within(block, to, reach, |Rough { place, at, least, most }| {
            if run.contains(&at) && least <= reach {
                reach = reach.min(most);
                found.push((least, place));
            }
        });
    }
    for (_, place) in found.into_iter().filter(|(least, _)| *least <= reach) {
        nearer_one(index, to, place as usize, nearest);
    }
}

fn nearer_one(index: &PlaceIndex, to: Ecef, place: usize, nearest: &mut Nearest) {
    let chord = to.chord_squared(index.laid.points[place]);
    if nearest.is_none_or(|(least, ..)| chord <= least) {
        let id = index.laid.members[place].id;
        if nearest.is_none_or(|(least, own, _)| (chord, id) < (least, own)) {
            *nearest = Some((chord, id, place));
        }
    }
}

/// Wider by more than a cell of the index.
fn around(bounds: Surroundings) -> Surroundings {
    let Surroundings { south, north, west, east } = bounds;
    let along = MARGIN / (south.abs().max(north.abs()) + MARGIN).min(90.0).to_radians().cos().max(1e-9);
    let (south, north) = (south - MARGIN, north + MARGIN);
    // Near a pole, or across the antimeridian, it may be anywhere.
    let (west, east) =
        if west - along < -180.0 || east + along > 180.0 { (-180.0, 180.0) } else { (west - along, east + along) };
    Surroundings { south, north, west, east }
}

fn holds(bounds: Surroundings, point: Point) -> bool {
    bounds.hold(point.lat(), point.lng())
}
