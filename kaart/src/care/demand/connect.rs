//! Makes the cells of each region one piece.

use std::collections::{BTreeMap, BTreeSet};

use crate::geo::Cell;

/// The most cells of nobody that join an island to its region: some 70 km.
const MOST_STEPS: usize = 12;

/// Makes the cells of each region one connected piece: what lies apart is joined by the shortest way through cells that belong
/// to no region, which then belong to it; what cannot be joined so goes to the region with which it shares most edges.
/// `inhabitants` decide which piece is the main one.
pub(super) fn connect(cells: &mut BTreeMap<Cell, String>, inhabitants: &BTreeMap<Cell, u64>) {
    let codes: BTreeSet<String> = cells.values().cloned().collect();
    // Every round leaves fewer pieces, so there is an end.
    while codes.iter().any(|code| join(cells, code, inhabitants) || hand_over(cells, code, inhabitants)) {}
}

/// Joins what it can of a region; whether anything was joined.
fn join(cells: &mut BTreeMap<Cell, String>, code: &str, inhabitants: &BTreeMap<Cell, u64>) -> bool {
    let mut joined = false;
    loop {
        let pieces = pieces(cells, code, inhabitants);
        let Some((main, apart)) = pieces.split_first() else { return joined };
        let way = way(cells, main, MOST_STEPS, |cell| apart.iter().any(|piece| piece.contains(&cell)));
        let Some(way) = way else { return joined };
        cells.extend(way.into_iter().map(|cell| (cell, code.to_owned())));
        joined = true;
    }
}

/// Gives the first piece that lies apart to a neighbouring region, or where no region touches it, joins it to the nearest one,
/// however far; whether there was such a piece.
fn hand_over(cells: &mut BTreeMap<Cell, String>, code: &str, inhabitants: &BTreeMap<Cell, u64>) -> bool {
    let pieces = pieces(cells, code, inhabitants);
    let Some(apart) = pieces.get(1) else { return false };
    let mut edges: BTreeMap<&str, usize> = BTreeMap::new();
    for neighbour in apart.iter().flat_map(|cell| cell.neighbours()) {
        if let Some(other) = cells.get(&neighbour).filter(|other| *other != code) {
            *edges.entry(other).or_default() += 1;
        }
    }
    if let Some((region, _)) = edges.into_iter().rev().max_by_key(|(_, shared)| *shared) {
        let region = region.to_owned();
        cells.extend(apart.iter().map(|cell| (*cell, region.clone())));
        return true;
    }
    let Some(way) = way(cells, apart, usize::MAX, |cell| cells.contains_key(&cell) && !apart.contains(&cell)) else {
        return false;
    };
    let reached = way.last().into_iter().flat_map(|cell| cell.neighbours()).find_map(|cell| {
        let region = cells.get(&cell)?;
        (!apart.contains(&cell)).then(|| region.clone())
    });
    let Some(region) = reached else { return false };
    cells.extend(way.into_iter().chain(apart.iter().copied()).map(|cell| (cell, region.clone())));
    true
}

/// The pieces of a region: the one with most inhabitants first, of as many the one with the lowest cell.
fn pieces(cells: &BTreeMap<Cell, String>, code: &str, inhabitants: &BTreeMap<Cell, u64>) -> Vec<BTreeSet<Cell>> {
    let own: BTreeSet<Cell> = cells.iter().filter(|(_, region)| *region == code).map(|(cell, _)| *cell).collect();
    let mut pieces = components(own);
    let living = |piece: &BTreeSet<Cell>| piece.iter().filter_map(|cell| inhabitants.get(cell)).sum::<u64>();
    pieces.sort_by_key(|piece| (std::cmp::Reverse(living(piece)), piece.first().copied()));
    pieces
}

/// The connected parts of a set of cells, each where its lowest cell comes.
pub(super) fn components(mut cells: BTreeSet<Cell>) -> Vec<BTreeSet<Cell>> {
    let mut parts = Vec::new();
    while let Some(first) = cells.pop_first() {
        let mut part = BTreeSet::from([first]);
        let mut open = vec![first];
        while let Some(cell) = open.pop() {
            for neighbour in cell.neighbours() {
                if cells.remove(&neighbour) {
                    part.insert(neighbour);
                    open.push(neighbour);
                }
            }
        }
        parts.push(part);
    }
    parts
}

/// The cells of nobody on the shortest way, breadth first, from `from` to a cell that is a `goal`, without its ends; of ways as
/// short, the one through the lowest cells. None: there is no way of at most `most` cells.
fn way(
    cells: &BTreeMap<Cell, String>,
    from: &BTreeSet<Cell>,
    most: usize,
    goal: impl Fn(Cell) -> bool,
) -> Option<Vec<Cell>> {
    let mut came: BTreeMap<Cell, Cell> = BTreeMap::new();
    let mut layer: Vec<Cell> = from.iter().copied().collect();
    for _ in 0..=most {
        let mut next = BTreeMap::new();
        for cell in &layer {
            for neighbour in cell.neighbours() {
                if goal(neighbour) {
                    let mut way: Vec<Cell> =
                        std::iter::successors(Some(*cell), |cell| came.get(cell).copied()).collect();
                    // The last of it is where it began, which is no cell of nobody.
                    way.pop();
                    way.reverse();
                    return Some(way);
                }
                if !cells.contains_key(&neighbour) && !came.contains_key(&neighbour) {
                    next.entry(neighbour).or_insert(*cell);
                }
            }
        }
        if next.is_empty() {
            return None;
        }
        layer = next.keys().copied().collect();
        came.extend(next);
    }
    None
}
