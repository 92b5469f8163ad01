//! Building the index.

use std::sync::Arc;

use super::{
    BLOCK, Laid, Member, Partition, PlaceIndex, Row, Width,
    bits::Bits,
    bounds::Bounds,
    cells::Cells,
    everywhere::Everywhere,
    order::{Order, Place, Position},
    tree::Tree,
};
use crate::geo::{Point, distance::Ecef};

/// A place, as far as the index knows it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What a search answers: the caller's own number of the place.
    pub ordinal: u32,
    /// Decides between places at the same distance.
    pub id: u128,
    /// Where it is, for everybody.
    pub point: Point,
    /// Which partition it belongs to.
    pub partition: usize,
}

/// Where an entry lies in the order. Ties by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Placed {
    pub(super) position: Position,
    id: u128,
    /// Which of the entries it is.
    entry: u32,
    pub(super) partition: u32,
}

/// What is said of entries, a row of bits for each.
struct Rows {
    words: Vec<u64>,
    /// Where the row of each begins.
    starts: Vec<usize>,
}

/// The numbers of places: partition after partition, in order.
struct Numbers {
    /// The number of the first place of each partition.
    first: Vec<usize>,
    /// How many places each partition has.
    count: Vec<usize>,
    /// Which entry has a number.
    entries: Vec<usize>,
    /// In the order of all places.
    in_order: Vec<u32>,
}

impl PlaceIndex {
    /// Builds the index of `entries`. `columns` says how many columns each partition has; `fill` sets the columns of
    /// an entry, and is called in the order of `entries`. Entries of a partition that does not exist are an error of the
    /// caller and are left out.
    pub fn build(columns: &[Width], entries: &[Entry], fill: impl FnMut(&Entry, &mut Row<'_>)) -> Self {
        let entries: Vec<&Entry> = entries.iter().filter(|entry| entry.partition < columns.len()).collect();
        let rows = Rows::of(columns, &entries, fill);
        let mut order = Order::default();
        let spots: Vec<Place> = entries.iter().map(|entry| order.place(entry.point)).collect();
        let mut placed: Vec<Placed> = (0..).zip(&entries).zip(&spots).map(Placed::of).collect();
        placed.sort_unstable();
        let Numbers { first, count, entries: own, in_order } = Numbers::of(&placed, columns.len());
        let points: Vec<Ecef> = own.iter().map(|entry| spots[*entry].at).collect();
        let member = |entry: &usize| {
            let Entry { id, ordinal, .. } = *entries[*entry];
            Member { id, cell: spots[*entry].stored, ordinal }
        };
        let members = own.iter().map(member).collect();
        let cells = Cells::of(&placed, &points, &first);
        let of_partition = |number: usize| first[number]..first[number] + count[number];
        let partitions = (0..columns.len()).map(|number| Partition::of(first[number], &points[of_partition(number)]));
        let partitions = partitions.collect();
        let bits = (0..columns.len()).map(|number| {
            let own = &own[of_partition(number)];
            Arc::new(Bits::of(columns[number], own.len(), |place| rows.row(own[place], columns[number])))
        });
        let bits = bits.collect();
        let everywhere = Everywhere::of(in_order, |number| points[number as usize]);
        Self { laid: Arc::new(Laid { partitions, everywhere, cells, points, members }), bits }
    }

    /// Says anew what a place has, by its number in the order of the index; `fill` begins with nothing. It stays where it is.
    pub fn set(&mut self, number: usize, fill: impl FnOnce(&mut Row<'_>)) {
        let after = self.laid.partitions.partition_point(|partition| partition.first <= number);
        let partitions = self.laid.partitions[..after].iter().zip(&mut self.bits);
        // One that is empty begins where the next does.
        if let Some((partition, bits)) = partitions.rev().find(|(partition, _)| partition.count > 0) {
            Bits::set(bits, number - partition.first, fill);
        }
    }
}

impl Rows {
    /// Neighbours in memory are asked one after the other here, and those on the map only for the bits that this made.
    fn of(columns: &[Width], entries: &[&Entry], mut fill: impl FnMut(&Entry, &mut Row<'_>)) -> Self {
        let mut starts = Vec::with_capacity(entries.len());
        let mut room = 0;
        for entry in entries {
            starts.push(room);
            room += columns[entry.partition].words();
        }
        let mut words = vec![0; room];
        for (entry, start) in entries.iter().zip(&starts) {
            fill(entry, &mut Row::new(&mut words[*start..], columns[entry.partition]));
        }
        Self { words, starts }
    }

    fn row(&self, entry: usize, columns: Width) -> &[u64] {
        &self.words[self.starts[entry]..][..columns.words()]
    }
}

impl Placed {
    fn of(((entry, Entry { id, partition, .. }), place): ((usize, &&Entry), &Place)) -> Self {
        Self { position: place.position, id: *id, entry: number(entry), partition: number(*partition) }
    }
}

impl Numbers {
    /// Of entries in order.
    fn of(placed: &[Placed], partitions: usize) -> Self {
        let mut count = vec![0; partitions];
        for Placed { partition, .. } in placed {
            count[*partition as usize] += 1;
        }
        let mut first = vec![0; partitions];
        for partition in 1..partitions {
            first[partition] = first[partition - 1] + count[partition - 1];
        }
        let mut next = first.clone();
        let mut entries = vec![0; placed.len()];
        let mut in_order = Vec::with_capacity(placed.len());
        for Placed { entry, partition, .. } in placed {
            let next = &mut next[*partition as usize];
            entries[*next] = *entry as usize;
            in_order.push(number(*next));
            *next += 1;
        }
        Self { first, count, entries, in_order }
    }
}

/// There are fewer places than 2^32.
pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl Partition {
    /// Of places in order.
    fn of(first: usize, points: &[Ecef]) -> Self {
        let bounds = |block: &[Ecef]| {
            let mut bounds = Bounds::EMPTY;
            for point in block {
                bounds.include(*point);
            }
            bounds
        };
        Self { first, count: points.len(), tree: Tree::over(points.chunks(BLOCK).map(bounds).collect()) }
    }
}
