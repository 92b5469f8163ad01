//! The publish gate: before anything is shown, it takes the side of whoever asks everything. It shares no code with what makes
//! divisions and sums, so that a mistake there is found here.
//!
//! All that any role may ask is computed from published areas, over all quarters and divisions. The gate grants the asker
//! more than linear algebra can give: the count of every set of cells that the divisions of all years tell apart. No such set
//! may have held fewer than k families when it was first told apart. A union of such sets holds more, so nothing
//! that can be solved for is smaller.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::publication::{Division, Publication, Said, current};
use crate::geo::Cell;

/// What the gate refuses.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}{reason}", .region.as_ref().map(|region| format!("region {region}: ")).unwrap_or_default())]
pub struct Refusal {
    /// The region which, if it is suppressed, takes the reason away; none: that would not help.
    pub region: Option<String>,
    /// Why.
    pub reason: Reason,
}

/// Why the gate refuses. None of them says a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
pub enum Reason {
    /// An area of fewer than k families.
    #[error("an area holds too few families")]
    TooFew,
    /// An area in several pieces, or of no cell.
    #[error("an area is not one piece")]
    Apart,
    /// An area with a cell of another region, or of none.
    #[error("an area leaves its region")]
    Outside,
    /// A cell in two areas.
    #[error("two areas share a cell")]
    Shared,
    /// A region with areas and with a cell in none of them.
    #[error("a cell is in no area")]
    Uncovered,
    /// Divisions of several years tell fewer than k families apart.
    #[error("the difference of two divisions holds too few families")]
    Difference,
    /// A cell is in another region than in an earlier division, is new, or is gone.
    #[error("a region is not what it was in an earlier division")]
    Moved,
    /// Areas are shown that the division does not have, or not all of them.
    #[error("what is shown is not what is divided")]
    Areas,
    /// Less than k is shown of an area, or no multiple of the rounding.
    #[error("a count is not rounded as it must be")]
    Rounding,
    /// A sum that is not that of its areas.
    #[error("a sum is not that of its areas")]
    Sum,
    /// A share of a care form where families are suppressed, that is no multiple of 5, or that changed within its year.
    #[error("a share of a care form is not as it must be")]
    Share,
    /// A key of noise that was used before.
    #[error("a key of noise is used twice")]
    Key,
}

/// What is wrong with the division of a year. `families` are the true counts by cell, `earlier` the divisions of all years
/// before.
pub fn division(division: &Division, k: u32, families: &BTreeMap<Cell, u64>, earlier: &[&Division]) -> Vec<Refusal> {
    let mut found = BTreeSet::new();
    let mut area_of: BTreeMap<Cell, &str> = BTreeMap::new();
    for (code, area) in &division.areas {
        let mut refuse = |wrong: bool, reason| wrong.then(|| found.insert((Some(area.region.clone()), reason)));
        let held: u64 = area.cells.iter().filter_map(|cell| families.get(cell)).sum();
        refuse(held < u64::from(k), Reason::TooFew);
        refuse(!one_piece(&area.cells), Reason::Apart);
        let inside = |cell: &Cell| division.territory.cells.get(cell) == Some(&area.region);
        refuse(!area.cells.iter().all(inside), Reason::Outside);
        for cell in &area.cells {
            refuse(area_of.insert(*cell, code).is_some(), Reason::Shared);
        }
    }
    let published: BTreeSet<&String> = division.areas.values().map(|area| &area.region).collect();
    for (cell, region) in &division.territory.cells {
        if published.contains(region) && !area_of.contains_key(cell) {
            found.insert((Some(region.clone()), Reason::Uncovered));
        }
        if earlier.iter().any(|before| before.territory.cells.get(cell) != Some(region)) {
            found.insert((None, Reason::Moved));
        }
    }
    if earlier.iter().any(|before| before.territory.cells.len() != division.territory.cells.len()) {
        found.insert((None, Reason::Moved));
    }
    for region in told_apart(division, &area_of, k, families, earlier) {
        found.insert((Some(region), Reason::Difference));
    }
    found.into_iter().map(|(region, reason)| Refusal { region, reason }).collect()
}

/// The regions in which the division cuts what all earlier ones left together into a piece of fewer than k families.
fn told_apart(
    division: &Division,
    area_of: &BTreeMap<Cell, &str>,
    k: u32,
    families: &BTreeMap<Cell, u64>,
    earlier: &[&Division],
) -> BTreeSet<String> {
    // Cells are together as long as no division tells them apart: each splits the groups that are left. Pairs of the
    // number of a group and an area are numbered anew.
    let mut group: BTreeMap<Cell, usize> = division.territory.cells.keys().map(|cell| (*cell, 0)).collect();
    for before in earlier {
        let placed: BTreeMap<Cell, &str> = before
            .areas
            .iter()
            .flat_map(|(code, area)| area.cells.iter().map(move |cell| (*cell, code.as_str())))
            .collect();
        let mut numbers = BTreeMap::new();
        for (cell, number) in &mut group {
            let region = division.territory.cells.get(cell);
            let next = numbers.len();
            *number = *numbers.entry((*number, region, placed.get(cell))).or_insert(next);
        }
    }
    let mut pieces: BTreeMap<(&String, usize), BTreeMap<Option<&&str>, u64>> = BTreeMap::new();
    for (cell, region) in &division.territory.cells {
        let number = group.get(cell).copied().unwrap_or_default();
        let held = families.get(cell).copied().unwrap_or_default();
        *pieces.entry((region, number)).or_default().entry(area_of.get(cell)).or_default() += held;
    }
    pieces
        .into_iter()
        .filter(|(_, cut)| cut.len() > 1 && cut.values().any(|held| *held < u64::from(k)))
        .map(|((region, _), _)| region.clone())
        .collect()
}

fn one_piece(cells: &[Cell]) -> bool {
    let Some(first) = cells.first() else { return false };
    let mut seen = BTreeSet::from([*first]);
    let mut grown = true;
    while grown {
        let edge: Vec<Cell> = seen.iter().flat_map(|cell| cell.neighbours()).filter(|c| cells.contains(c)).collect();
        let before = seen.len();
        seen.extend(edge);
        grown = seen.len() > before;
    }
    cells.iter().all(|cell| seen.contains(cell))
}

/// What is wrong with what a publication shows. `earlier` are all publications before it.
pub fn sums(candidate: &Publication, earlier: &[Publication]) -> Vec<Refusal> {
    let mut found = BTreeSet::new();
    let first = current(earlier).and_then(|(_, of_the_year)| of_the_year.first());
    let Some(division) = candidate.division.as_ref().or_else(|| first?.division.as_ref()) else {
        return vec![Refusal { region: None, reason: Reason::Areas }];
    };
    let mut refuse = |wrong: bool, reason| wrong.then(|| found.insert(reason));
    let same_year = division.year == candidate.quarter.year;
    refuse(!same_year || !candidate.areas.keys().eq(division.areas.keys()), Reason::Areas);
    let (k, step) = (candidate.parameters.k, candidate.parameters.rounding.max(1));
    refuse(candidate.areas.values().any(|area| area.families < k || area.families % step != 0), Reason::Rounding);

    let mut sums: BTreeMap<&String, u32> = BTreeMap::new();
    for (code, area) in &division.areas {
        *sums.entry(&area.region).or_default() += candidate.areas.get(code).map_or(0, |area| area.families);
    }
    let regions: BTreeSet<&String> = division.territory.cells.values().collect();
    refuse(!candidate.regions.keys().eq(regions), Reason::Sum);
    for (code, said) in &candidate.regions {
        refuse(said.families != sums.get(code).copied(), Reason::Sum);
        let before = first.and_then(|first| first.regions.get(code)).filter(|_| candidate.division.is_none());
        refuse(!shares_hold(said, before), Reason::Share);
    }
    let country = (!sums.is_empty()).then(|| sums.values().sum());
    refuse(candidate.country.families != country, Reason::Sum);
    let before = first.map(|first| &first.country).filter(|_| candidate.division.is_none());
    refuse(!shares_hold(&candidate.country, before), Reason::Share);

    let used = |publication: &Publication| {
        let forms = publication.division.as_ref().map(|_| publication.forms_key);
        publication.areas.values().map(|area| area.key).chain(forms).collect::<Vec<_>>()
    };
    let keys: Vec<u64> = earlier.iter().chain([candidate]).flat_map(used).collect();
    refuse(keys.iter().collect::<BTreeSet<_>>().len() < keys.len(), Reason::Key);
    found.into_iter().map(|reason| Refusal { region: None, reason }).collect()
}

/// Whether the shares are multiples of 5 up to 100, absent where families are, and those of the year's first publication.
fn shares_hold(said: &Said, before: Option<&Said>) -> bool {
    let right = |share: &u8| said.families.is_some() && share.is_multiple_of(5) && *share <= 100;
    said.forms.values().flatten().all(right) && before.is_none_or(|before| before.forms == said.forms)
}
