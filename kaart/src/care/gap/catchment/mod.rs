//! Floating catchment areas: how many spots a family can reach, shared with all others who can reach them.
//!
//! With `w` the weight of the way between demand `i` and supply `j` ([`Decay`]; 0 beyond the catchment), `P` the demand and
//! `S` the spots:
//!
//! - [`Method::TwoStep`]: `R_j = S_j / Σ_i w_ij P_i` and `A_i = Σ_j w_ij R_j`. Without decay it is 2SFCA (W. Luo & F. Wang,
//!   "Measures of spatial accessibility to health care in a GIS environment", 2003), with decay E2SFCA (W. Luo & Y. Qi, "An
//!   enhanced two-step floating catchment area (E2SFCA) method", 2009, equations 2 and 3).
//! - [`Method::ThreeStep`]: `G_ij = w_ij / Σ_k w_ik` is the chance that `i` chooses `j` among all it can reach,
//!   `R_j = S_j / Σ_i G_ij w_ij P_i` and `A_i = Σ_j G_ij w_ij R_j` (N. Wan, B. Zou & T. Sternberg, "A three-step floating
//!   catchment area method for analyzing spatial access to health services", 2012). A supply point without spots is chosen
//!   like any other: who does not mean that leaves it out.
//!
//! Supply is taken one by one: the demand in its reach is found, weighed once in a buffer and given its part at once, so that
//! no pair is stored. Every sum over supply runs in the order of the supply, whatever part of the demand is computed: so a
//! scenario, which computes what it touches and nothing else, gives the same bits as a computation from scratch.
//!
//! Positions are earth-centred. They may lie on another body than WGS84, such as a sphere: only the bend of the chord onto the
//! surface uses the mean radius of the earth, and it is 1e-6 of 30 km.

mod decay;
mod grid;
mod nearest;
mod scenario;

use std::sync::Arc;

pub use decay::{Catchment, CatchmentError, Decay, MOST_KM, Method, STEP_WEIGHTS};
pub use scenario::{Change, Rescored};

use crate::geo::distance::{Ecef, surface_km};
use decay::Weights;
use grid::{Grid, Window};
use nearest::Tree;

/// Where families live.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// Where, km.
    pub at: Ecef,
    /// Families: finite, not negative.
    pub amount: f64,
}

/// Where spots are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supply {
    /// Where, km.
    pub at: Ecef,
    /// Spots: finite, not negative.
    pub spots: f64,
}

/// What was found at a demand point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// Spots per family; none: no supply within reach, or its weights are all 0.
    pub score: Option<f64>,
    /// Spots within reach by their weights, whoever else looks for them.
    pub spots: f64,
    /// The way to the nearest supply, km, within the catchment or not; none: there is no supply.
    pub nearest_km: Option<f64>,
}

/// Access of all demand to all supply. It keeps what a scenario needs.
#[derive(Clone, Debug)]
pub struct Access {
    catchment: Catchment,
    demand: Arc<Grid>,
    supply: Vec<Supply>,
    ratios: Vec<f64>,
    sums: Sums,
    /// The square of the chord to the nearest supply, by slot, km²; infinite: there is none.
    nearest: Vec<f64>,
}

/// What is summed over supply for each slot of a grid.
#[derive(Clone, Debug)]
struct Sums {
    /// The weights.
    weight: Vec<f64>,
    /// The weights times the spots.
    spots: Vec<f64>,
    /// The score.
    score: Vec<f64>,
}

impl Access {
    /// Access from scratch.
    pub fn of(demand: &[Demand], supply: &[Supply], catchment: Catchment) -> Self {
        let grid = Grid::new(demand);
        let weights = catchment.weights();
        let mut sums = Sums::none(grid.len());
        let mut ratios = Vec::with_capacity(supply.len());
        if catchment.method() == Method::ThreeStep {
            sums.weigh(&grid, supply, &weights);
        }
        sums.gather(&grid, supply, catchment.method(), &weights, |one, window| {
            let ratio = ratio(supply[one].spots, window.demand(&grid));
            ratios.push(ratio);
            ratio
        });
        let tree = Tree::new(supply.iter().map(|one| one.at));
        let nearest = grid.positions().map(|at| tree.nearest(at)).collect();
        Self { catchment, demand: Arc::new(grid), supply: supply.to_vec(), ratios, sums, nearest }
    }

    /// What was found at each demand point, in the order in which they were given.
    pub fn reach(&self) -> Vec<Reach> {
        let mut reach = vec![Reach { score: None, spots: 0.0, nearest_km: None }; self.demand.len()];
        for (slot, origin) in self.demand.origins().iter().enumerate() {
            reach[*origin] = Reach {
                score: (self.sums.weight[slot] > 0.0).then_some(self.sums.score[slot]),
                spots: self.sums.spots[slot],
                nearest_km: Some(self.nearest[slot]).filter(|chord| chord.is_finite()).map(surface_km),
            };
        }
        reach
    }

    /// Spots per family of each supply point (`R_j`), in the order of [`Access::supply`]; 0 where nobody can reach it.
    pub fn ratios(&self) -> &[f64] {
        &self.ratios
    }

    /// The supply that was counted, in its order.
    pub fn supply(&self) -> &[Supply] {
        &self.supply
    }
}

/// Spots per family; 0 for no demand, or so little of it that there is no such number.
fn ratio(spots: f64, demand: f64) -> f64 {
    let ratio = spots / demand;
    if ratio.is_finite() { ratio } else { 0.0 }
}

impl Sums {
    fn none(slots: usize) -> Self {
        Self { weight: vec![0.0; slots], spots: vec![0.0; slots], score: vec![0.0; slots] }
    }

    /// The first of three steps: adds the weights alone, which the others need whole.
    fn weigh(&mut self, grid: &Grid, supply: &[Supply], weights: &Weights) {
        let mut window = Window::default();
        for one in supply {
            window.look(grid, one.at, weights);
            window.add_to(&mut self.weight, 1.0);
        }
    }

    /// The last two steps. `ratio` tells the spots per family of a supply point, given its position in `supply` and the part of
    /// the grid that can reach it.
    fn gather(
        &mut self,
        grid: &Grid,
        supply: &[Supply],
        method: Method,
        weights: &Weights,
        mut ratio: impl FnMut(usize, &Window) -> f64,
    ) {
        let mut window = Window::default();
        for (at, one) in supply.iter().enumerate() {
            window.look(grid, one.at, weights);
            window.add_to(&mut self.spots, one.spots);
            match method {
                Method::TwoStep => window.add_to(&mut self.weight, 1.0),
                Method::ThreeStep => window.choose(&self.weight),
            }
            let ratio = ratio(at, &window);
            window.add_to(&mut self.score, ratio);
        }
    }
}
