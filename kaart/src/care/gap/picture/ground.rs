//! The land under the scores: which cell lies in which region.

use std::collections::{BTreeMap, BTreeSet};

use crate::{care::gap::Gap, geo::Cell};

/// The land as cells of resolution 7, whether people live there or not, so that what is drawn of it meets the scores' cells edge
/// to edge.
#[derive(Debug)]
pub(super) struct Ground {
    /// Of each region, in the order of [`Gap::regions`].
    pub(super) regions: Vec<BTreeSet<Cell>>,
    /// Of each area, in the order of [`Gap::areas`].
    pub(super) areas: Vec<BTreeSet<Cell>>,
}

impl Ground {
    /// The land of what was found. A suppressed region has no areas: its land is what lies around its people.
    pub(super) fn of(gap: &Gap) -> Self {
        let positions: BTreeMap<&str, usize> = gap.regions.iter().map(|region| region.code.as_str()).zip(0..).collect();
        let region = |code: &str| positions.get(code).copied();
        let mut owners: BTreeMap<Cell, (Option<usize>, Option<usize>)> =
            gap.cells.iter().map(|cell| (cell.cell, (region(&cell.region), cell.area))).collect();
        for (position, area) in gap.areas.iter().enumerate() {
            for cell in area.cells.iter().flat_map(|cell| cell.children()) {
                owners.entry(cell).or_insert((region(&area.region), Some(position)));
            }
        }
        for cell in gap.cells.iter().filter(|cell| cell.area.is_none()) {
            for sibling in cell.cell.siblings() {
                owners.entry(sibling).or_insert((region(&cell.region), None));
            }
        }
        let mut ground =
            Self { regions: vec![BTreeSet::new(); gap.regions.len()], areas: vec![BTreeSet::new(); gap.areas.len()] };
        for (cell, (region, area)) in owners {
            let region = region.and_then(|region| ground.regions.get_mut(region));
            let area = area.and_then(|area| ground.areas.get_mut(area));
            for owner in [region, area].into_iter().flatten() {
                owner.insert(cell);
            }
        }
        ground
    }
}
