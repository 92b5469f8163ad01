//! What if supply were different: only what a change touches is computed again, and that wholly.

use std::sync::Arc;

use super::{
    Access, Sums, Supply,
    decay::{Method, Weights},
    grid::{Grid, Window},
    nearest::Tree,
    ratio,
};
use crate::geo::distance::Ecef;

/// A change of supply. Positions are those in [`Access::supply`] of the access that is changed; a position that is not there
/// changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// One more, after all others.
    Add(Supply),
    /// Moved, resized or both.
    Replace(usize, Supply),
    /// Gone: those after it move up.
    Remove(usize),
}

/// Access after changes.
#[derive(Clone, Debug)]
pub struct Rescored {
    /// The same, bit for bit, as if it had been computed from scratch for the supply after the changes.
    pub access: Access,
    /// For how many demand points the score was computed again.
    pub demand: usize,
    /// For how many supply points the spots per family were computed again.
    pub supply: usize,
}

/// Supply after changes, and what is different.
struct After {
    supply: Vec<Supply>,
    /// The spots per family before, where they are not sure to be others.
    ratios: Vec<Option<f64>>,
    /// Where a supply point was that is there no more.
    left: Vec<Ecef>,
    /// Where one is that was not there.
    came: Vec<Ecef>,
}

impl Access {
    /// Access after changes, one after the other.
    pub fn rescore(&self, changes: &[Change]) -> Rescored {
        let (grid, weights, method) = (&*self.demand, self.catchment.weights(), self.catchment.method());
        let After { supply, mut ratios, left, came } = self.after(changes);
        let mut sums = self.sums.clone();
        let mut touched = vec![false; grid.len()];
        let mut window = Window::default();
        for place in left.iter().chain(&came) {
            window.look(grid, *place, &weights);
            window.reached().for_each(|slot| touched[slot] = true);
        }
        if method == Method::ThreeStep {
            // Who can reach what changed chooses anew, also between all the others.
            let choosing = grid.part(&touched);
            let mut part = Sums::none(choosing.len());
            part.weigh(&choosing, &supply, &weights);
            put(&part.weight, &choosing, &mut sums.weight);
            for (one, ratio) in supply.iter().zip(&mut ratios) {
                window.look(&choosing, one.at, &weights);
                if window.reached().next().is_some() {
                    *ratio = None;
                }
            }
        }
        let mut again = 0;
        let ratios: Vec<f64> = (supply.iter().zip(ratios))
            .map(|(one, known)| {
                known.unwrap_or_else(|| {
                    again += 1;
                    window.look(grid, one.at, &weights);
                    window.reached().for_each(|slot| touched[slot] = true);
                    if method == Method::ThreeStep {
                        window.choose(&sums.weight);
                    }
                    ratio(one.spots, window.demand(grid))
                })
            })
            .collect();
        let part = grid.part(&touched);
        sums.renew(&part, &supply, &ratios, method, &weights);
        Rescored {
            demand: part.len(),
            supply: again,
            access: Self {
                catchment: self.catchment,
                demand: Arc::clone(&self.demand),
                nearest: self.nearest_after(&supply, &left, &came),
                supply,
                ratios,
                sums,
            },
        }
    }

    fn after(&self, changes: &[Change]) -> After {
        let mut kept: Vec<Option<Supply>> = self.supply.iter().copied().map(Some).collect();
        let mut added = Vec::new();
        for change in changes {
            match *change {
                Change::Add(one) => added.push(one),
                Change::Replace(at, one) => {
                    if let Some(kept @ Some(_)) = kept.get_mut(at) {
                        *kept = Some(one);
                    }
                }
                Change::Remove(at) => {
                    if let Some(kept) = kept.get_mut(at) {
                        *kept = None;
                    }
                }
            }
        }
        let mut after = After { supply: Vec::new(), ratios: Vec::new(), left: Vec::new(), came: Vec::new() };
        for ((before, now), ratio) in self.supply.iter().zip(kept).zip(&self.ratios) {
            let stayed = now.is_some_and(|now| now.at == before.at);
            if !stayed {
                after.left.push(before.at);
                after.came.extend(now.map(|now| now.at));
            }
            if let Some(now) = now {
                after.supply.push(now);
                after.ratios.push((now == *before).then_some(*ratio));
            }
        }
        after.came.extend(added.iter().map(|one| one.at));
        after.ratios.extend(added.iter().map(|_| None));
        after.supply.extend(added);
        after
    }

    /// The nearest supply by slot: looked for again where the nearest one left.
    fn nearest_after(&self, supply: &[Supply], left: &[Ecef], came: &[Ecef]) -> Vec<f64> {
        let tree = Tree::new(supply.iter().map(|one| one.at));
        let chord = |to: &[Ecef], from: Ecef| to.iter().map(|at| at.chord_squared(from)).fold(f64::INFINITY, f64::min);
        let slots = self.demand.positions().zip(&self.nearest);
        slots
            .map(
                |(from, before)| {
                    if chord(left, from) <= *before { tree.nearest(from) } else { before.min(chord(came, from)) }
                },
            )
            .collect()
    }
}

impl Sums {
    /// Computes a part again.
    fn renew(&mut self, part: &Grid, supply: &[Supply], ratios: &[f64], method: Method, weights: &Weights) {
        let mut new = Self::none(part.len());
        if method == Method::ThreeStep {
            new.weight = part.origins().iter().map(|slot| self.weight[*slot]).collect();
        }
        new.gather(part, supply, method, weights, |one, _| ratios[one]);
        put(&new.weight, part, &mut self.weight);
        put(&new.spots, part, &mut self.spots);
        put(&new.score, part, &mut self.score);
    }
}

/// Puts sums of a part where they come from.
fn put(sums: &[f64], part: &Grid, whole: &mut [f64]) {
    for (sum, slot) in sums.iter().zip(part.origins()) {
        whole[*slot] = *sum;
    }
}
