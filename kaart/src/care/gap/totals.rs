//! What cells say together: means, shares, quantiles and the Gini coefficient, each weighted by demand.

use super::{CellGap, Totals};

/// The scores of all families of the country, lowest first: where a score stands among them.
#[derive(Debug)]
pub(super) struct Ranking {
    scores: Vec<f64>,
    /// The demand of all scores before each, and of all.
    below: Vec<f64>,
}

impl Ranking {
    /// Ranks scores, each with the demand that has it. No place within reach counts as 0.
    pub(super) fn of(weighted: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut weighted: Vec<(f64, f64)> = weighted.collect();
        weighted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut below = Vec::with_capacity(weighted.len() + 1);
        let mut sum = 0.0;
        for (_, demand) in &weighted {
            below.push(sum);
            sum += demand;
        }
        below.push(sum);
        Self { scores: weighted.into_iter().map(|(score, _)| score).collect(), below }
    }

    /// The share of demand that has a lower score, 0 to 1; 0 where there is no demand.
    pub(super) fn position(&self, score: f64) -> f64 {
        let at = self.scores.partition_point(|other| *other < score);
        let all = self.below.last().copied().unwrap_or(0.0);
        if all > 0.0 { self.below[at] / all } else { 0.0 }
    }
}

impl Totals {
    /// What `cells` say together. Cells of regions that are suppressed say nothing.
    pub(super) fn of<'a>(cells: impl Iterator<Item = &'a CellGap>, ranking: &Ranking) -> Self {
        let known: Vec<(f64, &CellGap)> = cells.filter_map(|cell| Some((cell.demand?, cell))).collect();
        let demand: f64 = known.iter().map(|(demand, _)| demand).sum();
        let share = |part: f64| if demand > 0.0 { part / demand } else { 0.0 };
        let score = share(known.iter().map(|(demand, cell)| demand * cell.score.unwrap_or(0.0)).sum());
        let nearest: Vec<(f64, f64)> =
            known.iter().map(|(demand, cell)| (cell.nearest_km.unwrap_or(f64::INFINITY), *demand)).collect();
        let [median, p90] = quantiles(nearest, [0.5, 0.9]);
        Self {
            demand,
            score,
            position: ranking.position(score),
            unmet: known.iter().filter_map(|(_, cell)| cell.unmet).sum(),
            without: share(known.iter().filter(|(_, cell)| cell.score.is_none()).map(|(demand, _)| demand).sum()),
            nearest_median_km: median,
            nearest_p90_km: p90,
            gini: gini(known.iter().map(|(demand, cell)| (cell.score.unwrap_or(0.0), *demand)).collect()),
        }
    }
}

/// The smallest value that at least each of `parts` of the weight does not exceed; none: there is no weight, or the value is
/// infinite. `weighted`: value, weight.
pub(super) fn quantiles<const N: usize>(mut weighted: Vec<(f64, f64)>, parts: [f64; N]) -> [Option<f64>; N] {
    weighted.retain(|(_, weight)| *weight > 0.0);
    weighted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let all: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    parts.map(|part| {
        let mut sum = 0.0;
        let reached = weighted.iter().find(|(_, weight)| {
            sum += weight;
            // Sums of many parts miss a share by their last digits.
            sum >= part * all * (1.0 - 1e-12)
        });
        reached.map(|(value, _)| *value).filter(|value| value.is_finite())
    })
}

/// The Gini coefficient of values with weights: twice the area between the Lorenz curve and the line of equality (C. Gini,
/// "Variabilità e mutabilità", 1912; trapezoids, so exact for steps). None: all values are 0, or there is no weight.
pub(super) fn gini(mut weighted: Vec<(f64, f64)>) -> Option<f64> {
    weighted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let weight: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    let total: f64 = weighted.iter().map(|(value, weight)| value * weight).sum();
    if weight <= 0.0 || total <= 0.0 {
        return None;
    }
    let mut under = 0.0;
    let mut reached = 0.0;
    for (value, part) in weighted {
        let next = reached + value * part / total;
        under += (part / weight) * (reached + next);
        reached = next;
    }
    Some((1.0 - under).clamp(0.0, 1.0))
}
