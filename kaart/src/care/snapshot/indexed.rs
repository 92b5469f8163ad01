//! What is laid as the index has it.

use chrono::NaiveDate;

use super::{
    super::{columns::Columns, place::Place},
    laid::Laid,
};
use crate::geo::index::{Entry, PlaceIndex};

/// How what is laid is found in an index. Immutable.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) columns: Columns,
    /// Where a place is in the order of the index.
    numbers: Vec<u32>,
}

impl Indexed {
    /// Indexes what is laid; availability from `base` on.
    pub(super) fn of(laid: &Laid, base: NaiveDate) -> (Self, PlaceIndex) {
        let columns = Columns::new(&laid.ground.reference, base);
        let entry = |(ordinal, place): (u32, &Place)| {
            let facts = laid.facts(ordinal, place)?;
            let partition = Columns::partition(place.care_form, facts.group.homogeneity);
            Some(Entry { ordinal, id: place.id.0.as_u128(), point: facts.point(), partition })
        };
        let entries: Vec<Entry> = (0..).zip(&laid.places.rows).filter_map(entry).collect();
        let index = PlaceIndex::build(&columns.per_partition(), &entries, |entry, row| {
            let place = laid.places.rows.get(entry.ordinal as usize);
            if let Some(facts) = place.and_then(|place| laid.facts(entry.ordinal, place)) {
                columns.fill(&facts, row);
            }
        });
        let mut numbers = vec![0; laid.places.rows.len()];
        for (number, ordinal) in (0..).zip(index.ordinals()) {
            numbers[ordinal as usize] = number;
        }
        (Self { columns, numbers }, index)
    }

    /// Where a place is in the order of the index.
    pub(super) fn number(&self, ordinal: u32) -> Option<usize> {
        self.numbers.get(ordinal as usize).map(|number| *number as usize)
    }
}
