//! Boxes around points in earth-centred coordinates.

use crate::geo::distance::Ecef;

/// A box in earth-centred coordinates, km; it always holds its points whole, rounding included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    low: [f32; 3],
    high: [f32; 3],
}

impl Bounds {
    pub(super) const EMPTY: Self = Self { low: [f32::INFINITY; 3], high: [f32::NEG_INFINITY; 3] };

    pub(super) fn include(&mut self, point: Ecef) {
        for axis in 0..3 {
            let (low, high) = outward(point.0[axis]);
            self.low[axis] = self.low[axis].min(low);
            self.high[axis] = self.high[axis].max(high);
        }
    }

    /// The corner with the smallest coordinates, km.
    pub(super) fn low(&self) -> [f64; 3] {
        self.low.map(f64::from)
    }

    /// The corner with the greatest coordinates, km.
    pub(super) fn high(&self) -> [f64; 3] {
        self.high.map(f64::from)
    }

    pub(super) fn union(&mut self, other: &Self) {
        for axis in 0..3 {
            self.low[axis] = self.low[axis].min(other.low[axis]);
            self.high[axis] = self.high[axis].max(other.high[axis]);
        }
    }

    /// No point in the box has a smaller squared chord to `from`, km².
    pub(super) fn nearest(&self, from: Ecef) -> f64 {
        self.per_axis(from, |low, high, at| (low - at).max(at - high).max(0.0))
    }

    /// No point in the box has a greater squared chord to `from`, km².
    pub(super) fn farthest(&self, from: Ecef) -> f64 {
        self.per_axis(from, |low, high, at| (at - low).abs().max((high - at).abs()))
    }

    fn per_axis(&self, from: Ecef, gap: impl Fn(f64, f64, f64) -> f64) -> f64 {
        (0..3).map(|axis| gap(f64::from(self.low[axis]), f64::from(self.high[axis]), from.0[axis]).powi(2)).sum()
    }
}

/// The nearest single-precision numbers below and above.
#[expect(clippy::cast_possible_truncation, reason = "the rounding is undone by stepping outward")]
fn outward(value: f64) -> (f32, f32) {
    let near = value as f32;
    (near.next_down(), near.next_up())
}
