//! Where new places serve most: location-allocation over candidate sites.
//!
//! Both objectives grow with every site, and by less the more sites there are (monotone, submodular). Sites are taken greedily,
//! each the one that adds most, which gives at least 1 - 1/e of the optimum (G. L. Nemhauser, L. A. Wolsey & M. L. Fisher, "An
//! analysis of approximations for maximizing submodular set functions", 1978), and then exchanged one for one as long as that
//! helps (M. B. Teitz & P. Bart, "Heuristic methods for estimating the generalized vertex median of a weighted graph", 1968).
//! What the optimum can be at most is told by the gains that are left and by Lagrangian relaxation; where that does not prove
//! the answer, a branch and bound of limited length tries to.
//!
//! Everything is in a fixed order, and of equal candidates the first is taken.

mod cover;
mod median;
mod relax;
mod search;

use std::ops::ControlFlow;

use thiserror::Error;

use crate::geo::distance::{Ecef, surface_km};
use cover::Cover;
use median::Median;
use search::{Best, Work};

/// The most sites that may be asked for.
pub const MOST_SITES: usize = 20;

/// What is equal but for rounding, relative.
const ROUNDING: f64 = 1e-9;

/// Families that lack something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unmet {
    /// Where they live, km.
    pub at: Ecef,
    /// How many: finite, not negative.
    pub families: f64,
    /// The way to the nearest place that there is, km; none: there is no place.
    pub nearest_km: Option<f64>,
}

/// What new sites are for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Objective {
    /// To serve as many families as possible: maximal covering (R. Church & C. `ReVelle`, "The maximal covering location
    /// problem", 1974) in which a site can be full, and families within reach of several sites are divided as well as can be.
    Covering {
        /// How far families go, km, edge included.
        km: f64,
        /// Families that one site serves: finite, not negative.
        capacity: f64,
    },
    /// To shorten the mean way to the nearest place, new or not: p-median (S. L. Hakimi, "Optimum locations of switching centers
    /// and the absolute centers and medians of a graph", 1964). How many a site can serve does not matter.
    Median,
}

/// A question for sites.
#[derive(Clone, Copy, Debug)]
pub struct SitesProblem<'a> {
    /// Families that lack something.
    pub unmet: &'a [Unmet],
    /// Where a site may be, km. A position that comes twice may be taken twice.
    pub candidates: &'a [Ecef],
    /// What sites are for.
    pub objective: Objective,
    /// How many sites, at most [`MOST_SITES`].
    pub sites: usize,
}

/// A site of the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// Its position in [`SitesProblem::candidates`].
    pub candidate: usize,
    /// What it adds to those before it, in the unit of [`Suggestion::value`].
    pub gain: f64,
}

/// How good an answer is known to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Proof {
    /// There is none better, but for rounding (1e-9 of it).
    Optimal,
    /// The optimum is not known.
    Within {
        /// What it can be at most, in the unit of [`Suggestion::value`].
        bound: f64,
        /// How far the answer may be from it: the value is at least `1 - gap` of the optimum.
        gap: f64,
    },
}

/// Where to put new sites.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Each next one is the one of them that then adds most, so gains do not grow. Fewer than asked for: more would add nothing.
    pub sites: Vec<Site>,
    /// What they give together. Covering: families served. Median: families times the km that they go less; where there is no
    /// place yet, less than the longest way from any family to any candidate.
    pub value: f64,
    /// How good that is.
    pub proof: Proof,
}

/// Why there is no suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SitesError {
    /// More sites are asked for than [`MOST_SITES`].
    #[error("at most {MOST_SITES} sites can be asked for")]
    TooMany,
    /// Whoever watched said stop.
    #[error("the search was stopped")]
    Stopped,
}

/// Looks for sites. `watch` is told how much is done, 0 to 1, and says whether to go on.
///
/// # Errors
/// When too many sites are asked for, or when `watch` breaks.
pub fn suggest(
    problem: &SitesProblem,
    watch: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<Suggestion, SitesError> {
    if problem.sites > MOST_SITES {
        return Err(SitesError::TooMany);
    }
    let sites = problem.sites.min(problem.candidates.len());
    let work = Work::new(watch);
    match problem.objective {
        Objective::Covering { km, capacity } => answer(&Cover::new(problem, km, capacity), sites, work),
        Objective::Median => answer(&Median::new(problem), sites, work),
    }
}

/// The families' mean way to the nearest of the places that there are and of some candidates, km; none: there is nothing to go
/// to, or nobody who would. Positions that are no candidate's do not count.
pub fn mean_km(problem: &SitesProblem, sites: &[usize]) -> Option<f64> {
    let sites: Vec<Ecef> = sites.iter().filter_map(|site| problem.candidates.get(*site).copied()).collect();
    let (mut families, mut km) = (0.0, 0.0);
    for one in problem.unmet.iter().filter(|one| one.families > 0.0) {
        let new = sites.iter().map(|site| surface_km(site.chord_squared(one.at)));
        km += one.families * new.chain(one.nearest_km).reduce(f64::min)?;
        families += one.families;
    }
    (families > 0.0).then(|| km / families)
}

/// An objective over the candidates of a problem.
trait Model {
    /// What sites give together.
    type State<'a>: State
    where
        Self: 'a;

    fn candidates(&self) -> usize;

    /// How many demand points a candidate can serve.
    fn reach(&self, candidate: usize) -> usize;

    /// Without any site.
    fn nothing(&self) -> Self::State<'_>;

    /// What all candidates together give at most.
    fn ceiling(&self) -> f64;

    /// How much of each demand there is to divide among sites, for [`relax`].
    fn parts(&self) -> &[f64];

    /// The highest price of a part of demand.
    fn top_price(&self) -> f64;

    /// What each candidate alone can make of demand that has a price.
    fn offers(&self, prices: &[f64]) -> Vec<f64>;

    /// Adds up how many parts of each demand a candidate takes for its offer.
    fn takes(&self, candidate: usize, prices: &[f64], taken: &mut [f64]);
}

/// Sites that are taken.
trait State: Clone {
    /// What they give.
    fn value(&self) -> f64;

    /// What one more would add.
    fn gain(&self, candidate: usize) -> f64;

    /// Takes one more.
    fn take(&mut self, candidate: usize);
}

fn answer<M: Model>(model: &M, sites: usize, mut work: Work) -> Result<Suggestion, SitesError> {
    let mut best = search::greedy(model, sites, &mut work.part(0.0, 0.2))?;
    if !best.is_proven() {
        search::interchange(model, &mut best, sites, &mut work.part(0.2, 0.5))?;
    }
    if !best.is_proven() {
        relax::bound(model, &mut best, sites, &mut work.part(0.5, 0.7))?;
    }
    if !best.is_proven() {
        search::branch_and_bound(model, &mut best, sites, &mut work.part(0.7, 1.0))?;
    }
    work.done(1.0)?;
    let Best { sites, value, bound, .. } = best;
    let proof = if value >= bound * (1.0 - ROUNDING) {
        Proof::Optimal
    } else {
        Proof::Within { bound, gap: 1.0 - value / bound }
    };
    Ok(Suggestion { sites: search::in_order(model, sites), value, proof })
}
