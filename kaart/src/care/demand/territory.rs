//! The territory: in which cell a postcode counts, and to which region a cell belongs.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    connect::connect,
    publication::{Home, Territory},
};
use crate::{
    care::{postcode::Pc4, reference::Reference},
    geo::{Cell, distance::distance_km},
};

/// The H3 resolution of the cells that areas are made of (36 km²).
pub const AREA_RESOLUTION: u8 = 6;
/// The H3 resolution of the cells that demand is spread over (5 km²).
pub const HOME_RESOLUTION: u8 = 7;

impl Territory {
    /// The territory of the reference data. A cell belongs to the region in which most of its inhabitants live, of as many to
    /// the one with the lower code; what lies apart from its region is joined to it over cells of nobody, or goes to its
    /// neighbour.
    pub fn of(reference: &Reference) -> Self {
        let mut homes = BTreeMap::new();
        let mut votes: BTreeMap<Cell, BTreeMap<&str, u64>> = BTreeMap::new();
        for (pc4, home, region) in postcodes(reference) {
            *votes.entry(home.within).or_default().entry(region).or_default() += u64::from(home.inhabitants);
            homes.insert(pc4, home);
        }
        let mut cells: BTreeMap<Cell, String> = votes
            .into_iter()
            .filter_map(|(cell, regions)| {
                // The first of the largest: regions are in the order of their codes.
                let (region, _) = regions.into_iter().rev().max_by_key(|(_, inhabitants)| *inhabitants)?;
                Some((cell, region.to_owned()))
            })
            .collect();
        connect(&mut cells, &inhabitants(&homes));
        Self { homes, cells }
    }

    /// The territory of today's reference data on the ground of an `earlier` division. Cells, their regions, and where a
    /// postcode counts stay as they were, lest the difference of two divisions be one village; inhabitants are today's, and a
    /// new postcode counts in the nearest cell that there is.
    #[must_use]
    pub fn on_the_ground_of(reference: &Reference, earlier: &Self) -> Self {
        let mut homes: BTreeMap<Pc4, Home> =
            earlier.homes.iter().map(|(pc4, home)| (*pc4, Home { inhabitants: 0, ..*home })).collect();
        for (pc4, today, _) in postcodes(reference) {
            let home = match earlier.homes.get(&pc4) {
                Some(known) => Home { inhabitants: today.inhabitants, ..*known },
                None => Home { within: earlier.nearest(today.within).unwrap_or(today.within), ..today },
            };
            homes.insert(pc4, home);
        }
        Self { homes, cells: earlier.cells.clone() }
    }

    /// The cell of the territory that is nearest to `cell`: of those as near, the first.
    fn nearest(&self, cell: Cell) -> Option<Cell> {
        if self.cells.contains_key(&cell) {
            return Some(cell);
        }
        let far = |other: &Cell| distance_km(cell.centre(), other.centre());
        self.cells.keys().copied().min_by(|a, b| far(a).total_cmp(&far(b)))
    }

    /// The inhabitants of each cell of resolution 6.
    pub fn inhabitants(&self) -> BTreeMap<Cell, u64> {
        let mut all = inhabitants(&self.homes);
        for cell in self.cells.keys() {
            all.entry(*cell).or_default();
        }
        all
    }

    /// The cell in which a family with this home counts: that of its postcode, of an unknown one that of the known one with
    /// the nearest number, the lower of two. None: no postcode is known.
    pub fn cell_of(&self, home: Pc4) -> Option<Cell> {
        let below = self.homes.range(..=home).next_back();
        let above = self.homes.range(home..).next();
        below
            .into_iter()
            .chain(above)
            .min_by_key(|(known, _)| known.number().abs_diff(home.number()))
            .map(|(_, home)| home.within)
    }

    /// The cells of each region, by its code.
    pub fn regions(&self) -> BTreeMap<&str, BTreeSet<Cell>> {
        let mut regions: BTreeMap<&str, BTreeSet<Cell>> = BTreeMap::new();
        for (cell, region) in &self.cells {
            regions.entry(region).or_default().insert(*cell);
        }
        regions
    }
}

/// The postcodes whose region is known, with the code of that region.
fn postcodes(reference: &Reference) -> impl Iterator<Item = (Pc4, Home, &str)> {
    reference.postcodes.iter().filter_map(|(pc4, postcode)| {
        let region = &reference.gemeenten.get(&postcode.gemeente_code)?.region_code;
        let cell = Cell::at(postcode.point, i32::from(HOME_RESOLUTION)).ok()?;
        let home = Home { cell, within: cell.parent(AREA_RESOLUTION)?, inhabitants: postcode.population };
        Some((*pc4, home, region.as_str()))
    })
}

fn inhabitants(homes: &BTreeMap<Pc4, Home>) -> BTreeMap<Cell, u64> {
    let mut all: BTreeMap<Cell, u64> = BTreeMap::new();
    for home in homes.values() {
        *all.entry(home.within).or_default() += u64::from(home.inhabitants);
    }
    all
}
