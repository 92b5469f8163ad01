//! The p-median as what is saved: each family goes to the nearest site that is nearer than what there is.

use super::{Model, SitesProblem, State};
use crate::geo::distance::surface_km;

/// Who would go less far to which candidate, and by how much: families times km.
pub(super) struct Median {
    /// By candidate: the demand, and what it saves, above 0.
    savings: Vec<Vec<(u32, f64)>>,
    /// The most that each demand can save.
    most: Vec<f64>,
    parts: Vec<f64>,
}

impl Median {
    pub(super) fn new(problem: &SitesProblem) -> Self {
        let km = |candidate: usize, demand: usize| {
            surface_km(problem.candidates[candidate].chord_squared(problem.unmet[demand].at))
        };
        // Any way at least as long as all others gives the same sites.
        let farthest = || {
            let chords =
                problem.candidates.iter().flat_map(|at| problem.unmet.iter().map(|one| at.chord_squared(one.at)));
            surface_km(chords.fold(0.0, f64::max))
        };
        let farthest = if problem.unmet.iter().any(|one| one.nearest_km.is_none()) { farthest() } else { 0.0 };
        let mut most = vec![0.0_f64; problem.unmet.len()];
        let savings = (0..problem.candidates.len()).map(|candidate| {
            let mut savings = Vec::new();
            for ((number, one), (demand, most)) in (0..).zip(problem.unmet).zip(most.iter_mut().enumerate()) {
                let saved = one.families * (one.nearest_km.unwrap_or(farthest) - km(candidate, demand));
                if saved > 0.0 {
                    *most = most.max(saved);
                    savings.push((number, saved));
                }
            }
            savings
        });
        Self { savings: savings.collect(), parts: vec![1.0; most.len()], most }
    }
}

impl Model for Median {
    type State<'a> = Saved<'a>;

    fn candidates(&self) -> usize {
        self.savings.len()
    }

    fn reach(&self, candidate: usize) -> usize {
        self.savings[candidate].len()
    }

    fn nothing(&self) -> Saved<'_> {
        Saved { model: self, by_demand: vec![0.0; self.most.len()], value: 0.0 }
    }

    fn ceiling(&self) -> f64 {
        self.most.iter().sum()
    }

    fn parts(&self) -> &[f64] {
        &self.parts
    }

    fn top_price(&self) -> f64 {
        f64::INFINITY
    }

    fn offers(&self, prices: &[f64]) -> Vec<f64> {
        self.savings.iter().map(|savings| above(savings, prices)).collect()
    }

    fn takes(&self, candidate: usize, prices: &[f64], taken: &mut [f64]) {
        for (demand, saved) in &self.savings[candidate] {
            if *saved > prices[*demand as usize] {
                taken[*demand as usize] += 1.0;
            }
        }
    }
}

/// How much savings are above others.
fn above(savings: &[(u32, f64)], others: &[f64]) -> f64 {
    savings.iter().map(|(demand, saved)| (saved - others[*demand as usize]).max(0.0)).sum()
}

/// What each demand saves with the sites that are taken.
#[derive(Clone)]
pub(super) struct Saved<'a> {
    model: &'a Median,
    by_demand: Vec<f64>,
    value: f64,
}

impl State for Saved<'_> {
    fn value(&self) -> f64 {
        self.value
    }

    fn gain(&self, candidate: usize) -> f64 {
        above(&self.model.savings[candidate], &self.by_demand)
    }

    fn take(&mut self, candidate: usize) {
        self.value += self.gain(candidate);
        for (demand, saved) in &self.model.savings[candidate] {
            let before = &mut self.by_demand[*demand as usize];
            *before = before.max(*saved);
        }
    }
}
