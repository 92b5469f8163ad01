//! A Lagrangian bound: no demand may be divided among sites more than once, and instead of forbidding it, parts of demand get
//! a price (G. Cornuejols, M. L. Fisher & G. L. Nemhauser, "Location of bank accounts to optimize float", 1977). At any prices
//! the optimum is at most what all demand costs and what the best offers of so many sites make of it; prices move towards
//! balance by subgradient steps (M. Held, P. Wolfe & H. P. Crowder, "Validation of subgradient optimization", 1974).

use super::{
    Model, SitesError,
    search::{Best, Offers, Work, share, sum_of_largest},
};

/// The most steps, and the most pairs of demand and candidate that they look at together: the bound hardly moves after that.
const MOST_STEPS: usize = 300;
const MOST_PAIRS: usize = 600_000_000;
/// After so many steps without a better bound they become half as long.
const PATIENCE: usize = 16;

/// Lowers the bound as far as it goes, and keeps the offers that did it.
pub(super) fn bound<M: Model>(model: &M, best: &mut Best, sites: usize, work: &mut Work) -> Result<(), SitesError> {
    let parts = model.parts();
    let mut prices = vec![0.0; parts.len()];
    let (mut length, mut waited, mut least) = (1.0, 0, f64::INFINITY);
    let pairs: usize = (0..model.candidates()).map(|candidate| model.reach(candidate)).sum();
    let steps = MOST_STEPS.min(MOST_PAIRS / pairs.max(1));
    for step in 0..steps {
        work.done(share(step, steps))?;
        let offers = model.offers(&prices);
        let cost: f64 = parts.iter().zip(&prices).map(|(part, price)| part * price).sum();
        let value = cost + sum_of_largest(&offers, sites);
        if value < least {
            (least, waited) = (value, 0);
            best.offers = Some(Offers { cost, by_candidate: offers.clone() });
        } else {
            waited += 1;
            if waited == PATIENCE {
                (length, waited) = (length / 2.0, 0);
            }
        }
        best.bound = best.bound.min(value);
        if best.is_proven() {
            return Ok(());
        }
        let mut largest: Vec<usize> = (0..offers.len()).collect();
        largest.sort_by(|a, b| offers[*b].total_cmp(&offers[*a]));
        let mut taken = vec![0.0; parts.len()];
        largest.iter().take(sites).for_each(|candidate| model.takes(*candidate, &prices, &mut taken));
        let off: f64 = parts.iter().zip(&taken).map(|(part, taken)| (part - taken).powi(2)).sum();
        if off == 0.0 {
            return Ok(());
        }
        let step = length * (value - best.value) / off;
        for ((price, part), taken) in prices.iter_mut().zip(parts).zip(&taken) {
            *price = (*price - step * (part - taken)).clamp(0.0, model.top_price());
        }
    }
    Ok(())
}
