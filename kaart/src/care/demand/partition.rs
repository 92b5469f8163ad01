//! The division of a year: contiguous areas of at least k families, each inside one region.
//!
//! Areas are grown from inhabitants until each would hold 2k families if those with a passport lived as everybody does. Only
//! where an area then holds fewer than k is it merged further. If true counts decided every merge, each border would say
//! something of families; with room for twice k, an area rarely needs them.
//!
//! Divisions of several years must not give away their differences. What earlier divisions leave whole together is an atom:
//! cells that every one of them put in the same area. A new division cuts an atom only into pieces of at least k families, and
//! an atom of fewer stays in one piece. So whatever set of cells can be told apart by the divisions of all years held at least k
//! families when it was cut off.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    grow::{Piece, grow, split},
    publication::{Division, DivisionArea, Territory},
};
use crate::geo::Cell;

/// The number of families that areas are grown for is rounded down to a multiple of this, so that it does not follow each
/// family.
pub const PLAN_STEP: u64 = 50;

/// By what a year is divided.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The year.
    pub year: i32,
    /// The fewest families of an area.
    pub k: u32,
    /// The number of families that areas are grown for.
    pub planned_for: u32,
}

/// Divides `territory`. `families` are the true counts by cell of resolution 6; `earlier` are the divisions of all years
/// before, of the same cells. A region of fewer than k families gets no area.
pub fn divide(plan: Plan, territory: &Territory, families: &BTreeMap<Cell, u64>, earlier: &[&Division]) -> Division {
    let inhabitants = territory.inhabitants();
    let everybody: u64 = inhabitants.values().sum();
    let k = u64::from(plan.k);
    // Spread as inhabitants are, the piece holds planned_for * piece / everybody families.
    let thin = |piece: &Piece| {
        u128::from(plan.planned_for) * u128::from(piece.inhabitants) < 2 * u128::from(plan.k) * u128::from(everybody)
    };
    let few = |piece: &Piece| piece.families < k;
    let told_apart = by_cell(earlier);
    let mut areas = BTreeMap::new();
    for (region, cells) in territory.regions() {
        let count = |cell: &Cell| families.get(cell).copied().unwrap_or_default();
        if cells.iter().map(count).sum::<u64>() < k {
            continue;
        }
        let mut atoms: BTreeMap<&[Option<&str>], Vec<Piece>> = BTreeMap::new();
        for cell in cells {
            let atom = told_apart.get(&cell).map(Vec::as_slice).unwrap_or_default();
            atoms.entry(atom).or_default().push(Piece {
                cells: BTreeSet::from([cell]),
                inhabitants: inhabitants.get(&cell).copied().unwrap_or_default(),
                families: count(&cell),
            });
        }
        // Inside each atom first: what is left in several pieces has k families in each.
        let pieces = atoms.into_values().flat_map(|atom| split(&atom, &thin, &few)).collect();
        let grown = grow(grow(grow(pieces, thin), few), |piece| !piece.connected());
        areas.extend(named(plan.year, region, grown));
    }
    Division { year: plan.year, planned_for: plan.planned_for, territory: territory.clone(), areas }
}

/// For each cell, the code of its area in each division; none: its region was suppressed.
fn by_cell<'a>(divisions: &[&'a Division]) -> BTreeMap<Cell, Vec<Option<&'a str>>> {
    let mut cells: BTreeMap<Cell, Vec<Option<&str>>> = BTreeMap::new();
    for (position, division) in divisions.iter().enumerate() {
        for (code, area) in &division.areas {
            for cell in &area.cells {
                let codes = cells.entry(*cell).or_insert_with(|| vec![None; divisions.len()]);
                if let Some(place) = codes.get_mut(position) {
                    *place = Some(code);
                }
            }
        }
    }
    cells
}

/// Pieces as areas with their codes, numbered by their lowest cell.
fn named(year: i32, region: &str, mut pieces: Vec<Piece>) -> impl Iterator<Item = (String, DivisionArea)> {
    pieces.sort_by_key(|piece| piece.cells.first().copied());
    (1..).zip(pieces).map(move |(number, piece): (u32, _)| {
        let area = DivisionArea { region: region.to_owned(), cells: piece.cells.into_iter().collect() };
        (format!("{year}-{region}-{number:02}"), area)
    })
}
