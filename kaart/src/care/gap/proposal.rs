//! Where new groups would help most: candidates, and what is unmet around them.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::{
    Gap,
    sites::{Objective, Proof, SitesError, SitesProblem, Suggestion, Unmet, suggest},
};
use crate::geo::{
    Cell,
    distance::{Ecef, chord_squared},
};

/// What new groups should do for families.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Goal {
    /// Serve as many unmet families as their spots allow.
    MostFamilies,
    /// Make the way of unmet families to the nearest place as short as possible.
    ShortestWay,
}

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The region in which the groups would be, by code.
    pub region: &'a str,
    /// How many.
    pub n: usize,
    /// How many spots each has.
    pub size: u32,
    /// What they should do for families.
    pub goal: Goal,
}

/// Where groups would help most. Values are families served, or km by which the way of an unmet family becomes shorter, on the
/// mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Unmet families within reach of any candidate.
    pub unmet_families: f64,
    /// The cells, the one that helps most first, each with what it adds.
    pub sites: Vec<(Cell, f64)>,
    /// What they do together.
    pub value: f64,
    /// How good that is proven to be; its bound is in the unit of the value.
    pub proof: Proof,
}

/// Looks for spots for new groups. The candidates are the cells of the region in which people live; families that are unmet count
/// in every cell within the catchment of one, also across the border. A family is unmet as far as its score falls short of the
/// spots that it needs. `watch` is told how much is done, 0 to 1, and says whether to go on.
///
/// # Errors
/// When `watch` breaks.
pub fn propose(
    gap: &Gap,
    wanted: &Wanted<'_>,
    watch: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<Proposal, SitesError> {
    let cells: Vec<Cell> = gap.cells.iter().filter(|cell| cell.region == wanted.region).map(|cell| cell.cell).collect();
    let candidates: Vec<Ecef> = cells.iter().map(|cell| cell.centre().into()).collect();
    let most = chord_squared(gap.catchment_km);
    let reached = |at: Ecef| candidates.iter().any(|candidate| candidate.chord_squared(at) <= most);
    let unmet: Vec<Unmet> = gap
        .cells
        .iter()
        .filter_map(|cell| {
            let families = cell.unmet? / gap.spots_per_family;
            let at = Ecef::from(cell.cell.centre());
            (families > 0.0 && reached(at)).then_some(Unmet { at, families, nearest_km: cell.nearest_km })
        })
        .collect();
    let unmet_families: f64 = unmet.iter().map(|one| one.families).sum();
    let capacity = f64::from(wanted.size) / gap.spots_per_family;
    let (objective, unit) = match wanted.goal {
        Goal::MostFamilies => (Objective::Covering { km: gap.catchment_km, capacity }, 1.0),
        // Sites are told apart by families times km.
        Goal::ShortestWay => (Objective::Median, if unmet_families > 0.0 { unmet_families } else { 1.0 }),
    };
    let problem = SitesProblem { unmet: &unmet, candidates: &candidates, objective, sites: wanted.n };
    let Suggestion { sites, value, proof } = suggest(&problem, watch)?;
    Ok(Proposal {
        unmet_families,
        sites: sites.into_iter().map(|site| (cells[site.candidate], site.gain / unit)).collect(),
        value: value / unit,
        proof: match proof {
            Proof::Within { bound, gap } => Proof::Within { bound: bound / unit, gap },
            Proof::Optimal => Proof::Optimal,
        },
    })
}
