//! Demand laid out so that what lies around a point is a few contiguous ranges.
//!
//! Positions are seen from above the middle of the demand: how far two of them lie apart in this view is never more than the
//! chord between them, wherever on earth they are, so a range that is cut there leaves nobody out. The points are sorted from
//! south to north and divided into strips of equal count; each strip is sorted from west to east.

use std::ops::Range;

use super::{Demand, decay::Weights};
use crate::geo::distance::Ecef;

/// What the view adds to a radius for rounding, relative and km: earth-centred coordinates are multiples of 1e-12 km.
const MARGIN: f64 = 1e-9;

/// Demand by slot: the order of the strips.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    view: View,
    strips: Vec<Strip>,
    /// How far east each slot lies, km.
    east: Vec<f64>,
    axes: [Vec<f64>; 3],
    amount: Vec<f64>,
    /// Where each slot comes from: the position in the input, or the slot of the grid that it was taken from.
    origins: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Strip {
    slots: Range<usize>,
    south: f64,
    north: f64,
}

#[derive(Clone, Copy, Debug)]
struct View {
    east: [f64; 3],
    north: [f64; 3],
}

impl View {
    /// From above the middle of some positions; if there is no such direction, from above a pole.
    fn over(positions: impl Iterator<Item = Ecef>) -> Self {
        let sum = positions.fold([0.0; 3], |sum, at| [0, 1, 2].map(|axis| sum[axis] + at.0[axis]));
        let length = dot(sum, sum).sqrt();
        let flat = sum[0].hypot(sum[1]);
        if !(flat > 0.0 && flat.is_finite()) {
            return Self { east: [1.0, 0.0, 0.0], north: [0.0, 1.0, 0.0] };
        }
        let east = [-sum[1] / flat, sum[0] / flat, 0.0];
        let up = sum.map(|along| along / length);
        Self { east, north: [-up[2] * east[1], up[2] * east[0], up[0] * east[1] - up[1] * east[0]] }
    }

    fn of(&self, at: Ecef) -> (f64, f64) {
        (dot(self.east, at.0), dot(self.north, at.0))
    }
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

impl Grid {
    pub(super) fn new(demand: &[Demand]) -> Self {
        let view = View::over(demand.iter().map(|one| one.at));
        let mut seen: Vec<(f64, f64, usize)> = Vec::with_capacity(demand.len());
        for (origin, one) in demand.iter().enumerate() {
            let (east, north) = view.of(one.at);
            seen.push((north, east, origin));
        }
        seen.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
        let per_strip = demand.len().isqrt().max(1);
        let mut strips = Vec::with_capacity(demand.len() / per_strip + 1);
        for strip in seen.chunks_mut(per_strip) {
            let from = strips.last().map_or(0, |last: &Strip| last.slots.end);
            let (south, north) = (strip[0].0, strip[strip.len() - 1].0);
            strips.push(Strip { slots: from..from + strip.len(), south, north });
            strip.sort_unstable_by(|a, b| a.1.total_cmp(&b.1).then(a.2.cmp(&b.2)));
        }
        let along = |axis: usize| seen.iter().map(|(_, _, origin)| demand[*origin].at.0[axis]).collect();
        Self {
            view,
            strips,
            east: seen.iter().map(|(_, east, _)| *east).collect(),
            axes: [along(0), along(1), along(2)],
            amount: seen.iter().map(|(_, _, origin)| demand[*origin].amount).collect(),
            origins: seen.iter().map(|(_, _, origin)| *origin).collect(),
        }
    }

    /// The slots that are wanted, in their order; the origin of each is its slot here.
    pub(super) fn part(&self, wanted: &[bool]) -> Self {
        let slots: Vec<usize> = (0..self.len()).filter(|slot| wanted[*slot]).collect();
        let taken = |from: &[f64]| slots.iter().map(|slot| from[*slot]).collect();
        let before = |slot: usize| slots.partition_point(|one| *one < slot);
        let strips = self.strips.iter().map(|strip| Strip {
            slots: before(strip.slots.start)..before(strip.slots.end),
            south: strip.south,
            north: strip.north,
        });
        Self {
            view: self.view,
            strips: strips.filter(|strip| !strip.slots.is_empty()).collect(),
            east: taken(&self.east),
            axes: [taken(&self.axes[0]), taken(&self.axes[1]), taken(&self.axes[2])],
            amount: taken(&self.amount),
            origins: slots,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.origins.len()
    }

    pub(super) fn origins(&self) -> &[usize] {
        &self.origins
    }

    pub(super) fn positions(&self) -> impl Iterator<Item = Ecef> {
        (0..self.len()).map(|slot| Ecef([self.axes[0][slot], self.axes[1][slot], self.axes[2][slot]]))
    }
}

/// The demand around one supply point, and its weights. It keeps its memory from one to the next.
#[derive(Debug, Default)]
pub(super) struct Window {
    spans: Vec<Range<usize>>,
    /// The weights of the spans, one after the other; 0 for those beyond the catchment.
    weights: Vec<f64>,
}

impl Window {
    /// Looks around a point.
    pub(super) fn look(&mut self, grid: &Grid, from: Ecef, weights: &Weights) {
        self.spans.clear();
        self.weights.clear();
        let (east, north) = grid.view.of(from);
        let radius = weights.most.sqrt() * (1.0 + MARGIN) + MARGIN;
        let first = grid.strips.partition_point(|strip| strip.north < north - radius);
        for strip in grid.strips[first..].iter().take_while(|strip| strip.south <= north + radius) {
            let away = (strip.south - north).max(north - strip.north).max(0.0);
            let half = (radius * radius - away * away).max(0.0).sqrt() + MARGIN;
            let slots = &grid.east[strip.slots.clone()];
            let west = slots.partition_point(|at| *at < east - half);
            let length = slots[west..].partition_point(|at| *at <= east + half);
            if length > 0 {
                let start = strip.slots.start + west;
                self.add(grid, start..start + length, from);
            }
        }
        weights.weigh(&mut self.weights);
    }

    fn add(&mut self, grid: &Grid, span: Range<usize>, from: Ecef) {
        let [x, y, z] = [0, 1, 2].map(|axis| &grid.axes[axis][span.clone()]);
        self.weights.extend(x.iter().zip(y).zip(z).map(|((x, y), z)| Ecef([*x, *y, *z]).chord_squared(from)));
        self.spans.push(span);
    }

    fn spans(&self) -> impl Iterator<Item = (Range<usize>, &[f64])> {
        let mut rest = self.weights.as_slice();
        self.spans.iter().map(move |span| {
            let (weights, after) = rest.split_at(span.len());
            rest = after;
            (span.clone(), weights)
        })
    }

    /// The demand, by its weights.
    pub(super) fn demand(&self, grid: &Grid) -> f64 {
        self.spans().map(|(span, weights)| product(weights, &grid.amount[span])).sum()
    }

    /// Adds the weights times a factor to sums by slot.
    pub(super) fn add_to(&self, sums: &mut [f64], factor: f64) {
        for (span, weights) in self.spans() {
            for (sum, weight) in sums[span].iter_mut().zip(weights) {
                *sum += weight * factor;
            }
        }
    }

    /// Makes each weight the weight times the chance of the choice, given the sum of the weights of each slot.
    pub(super) fn choose(&mut self, sums: &[f64]) {
        let mut rest = self.weights.as_mut_slice();
        for span in &self.spans {
            let (weights, after) = rest.split_at_mut(span.len());
            for (weight, sum) in weights.iter_mut().zip(&sums[span.clone()]) {
                *weight = if *weight > 0.0 { *weight / sum * *weight } else { 0.0 };
            }
            rest = after;
        }
    }

    /// The slots within reach.
    pub(super) fn reached(&self) -> impl Iterator<Item = usize> {
        self.spans()
            .flat_map(|(span, weights)| span.zip(weights))
            .filter(|(_, weight)| **weight > 0.0)
            .map(|(slot, _)| slot)
    }
}

/// The sum of products, in four parts, so that an addition need not wait for the one before.
fn product(a: &[f64], b: &[f64]) -> f64 {
    let (fours_a, rest_a) = a.as_chunks::<4>();
    let (fours_b, rest_b) = b.as_chunks::<4>();
    let mut parts = [0.0; 4];
    for (a, b) in fours_a.iter().zip(fours_b) {
        for lane in 0..4 {
            parts[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
    (parts[0] + parts[1]) + (parts[2] + parts[3]) + rest
}
