//! The nearest of many points: a k-d tree (J. L. Bentley, "Multidimensional binary search trees used for associative
//! searching", 1975) over earth-centred coordinates, as an array whose middle is the root.

use crate::geo::distance::Ecef;

/// So few points are looked at one by one.
const FEW: usize = 8;

pub(super) struct Tree {
    points: Vec<Ecef>,
}

impl Tree {
    pub(super) fn new(points: impl Iterator<Item = Ecef>) -> Self {
        let mut points: Vec<Ecef> = points.collect();
        sort(&mut points, 0);
        Self { points }
    }

    /// The square of the chord to the nearest point, km²; infinite if there is none.
    pub(super) fn nearest(&self, from: Ecef) -> f64 {
        let mut best = f64::INFINITY;
        search(&self.points, 0, from, &mut best);
        best
    }
}

fn sort(points: &mut [Ecef], axis: usize) {
    if points.len() > FEW {
        let middle = points.len() / 2;
        points.select_nth_unstable_by(middle, |a, b| a.0[axis].total_cmp(&b.0[axis]));
        let (low, high) = points.split_at_mut(middle);
        sort(low, (axis + 1) % 3);
        sort(&mut high[1..], (axis + 1) % 3);
    }
}

fn search(points: &[Ecef], axis: usize, from: Ecef, best: &mut f64) {
    if points.len() <= FEW {
        *best = points.iter().map(|point| point.chord_squared(from)).fold(*best, f64::min);
        return;
    }
    let middle = points.len() / 2;
    let (low, high) = (&points[..middle], &points[middle + 1..]);
    *best = best.min(points[middle].chord_squared(from));
    let off = from.0[axis] - points[middle].0[axis];
    let (near, far) = if off < 0.0 { (low, high) } else { (high, low) };
    search(near, (axis + 1) % 3, from, best);
    if off * off < *best {
        search(far, (axis + 1) % 3, from, best);
    }
}
