//! How far families go, and what a way is worth.

#![expect(clippy::inline_always, reason = "only what is inlined is compiled for the processor that was found")]

use fearless_simd::{Level, dispatch};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::geo::distance::{MEAN_RADIUS_KM, chord_squared};

/// The largest catchment, km.
pub const MOST_KM: f64 = 150.0;

/// What the three rings of [`Decay::Step`] weigh, from the inside: the slower decay of Luo & Qi (2009, section 3), whose rings
/// are thirds of half an hour.
pub const STEP_WEIGHTS: [f64; 3] = [1.0, 0.68, 0.22];

/// What a way within the catchment is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Decay {
    /// As much as no way.
    None,
    /// [`STEP_WEIGHTS`] by thirds of the catchment, each with its outer edge.
    Step,
    /// `exp(-d² / 2b²)`.
    Gaussian {
        /// The bandwidth `b`, km.
        bandwidth_km: f64,
    },
}

/// How demand is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Method {
    /// 2SFCA, or E2SFCA with a decay: who can reach a place counts there whole.
    TwoStep,
    /// 3SFCA: who can reach several places counts at each by the chance of choosing it.
    ThreeStep,
}

/// How access is measured; its numbers are known to be sound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catchment {
    km: f64,
    decay: Decay,
    method: Method,
}

/// Why numbers are no catchment.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum CatchmentError {
    /// How far families go is not a number above 0 and up to [`MOST_KM`].
    #[error("a catchment must be more than 0 and at most {MOST_KM} km")]
    Km,
    /// The bandwidth is not a finite number above 0.
    #[error("a bandwidth must be more than 0 km")]
    Bandwidth,
}

impl Catchment {
    /// A catchment of so many km, edge included.
    ///
    /// # Errors
    /// When a length is not a number, not above 0 or, for the catchment, above [`MOST_KM`].
    pub fn new(km: f64, decay: Decay, method: Method) -> Result<Self, CatchmentError> {
        if !(km > 0.0 && km <= MOST_KM) {
            return Err(CatchmentError::Km);
        }
        if let Decay::Gaussian { bandwidth_km } = decay
            && !(bandwidth_km > 0.0 && bandwidth_km.is_finite())
        {
            return Err(CatchmentError::Bandwidth);
        }
        Ok(Self { km, decay, method })
    }

    /// How far families go, km.
    pub fn km(self) -> f64 {
        self.km
    }

    /// What a way is worth.
    pub fn decay(self) -> Decay {
        self.decay
    }

    /// How demand is shared.
    pub fn method(self) -> Method {
        self.method
    }

    pub(super) fn weights(self) -> Weights {
        let third = |thirds: f64| chord_squared(self.km * thirds / 3.0);
        let form = match self.decay {
            Decay::None => Form::Flat,
            Decay::Step => Form::Step { inner: third(1.0), middle: third(2.0) },
            Decay::Gaussian { bandwidth_km } => Form::Gaussian { factor: -0.5 / (bandwidth_km * bandwidth_km) },
        };
        Weights { most: chord_squared(self.km), form }
    }
}

/// Weights by the square of the chord, km².
pub(super) struct Weights {
    /// The largest that is within the catchment.
    pub(super) most: f64,
    form: Form,
}

enum Form {
    Flat,
    Step { inner: f64, middle: f64 },
    Gaussian { factor: f64 },
}

impl Weights {
    /// Puts the weights where the squares of the chords are: several at once, as wide as this processor can, with the same
    /// bits on each.
    pub(super) fn weigh(&self, chords: &mut [f64]) {
        dispatch!(Level::new(), _ => self.weigh_here(chords));
    }

    #[inline(always)]
    fn weigh_here(&self, chords: &mut [f64]) {
        let most = self.most;
        match self.form {
            Form::Flat => chords.iter_mut().for_each(|chord| *chord = if *chord <= most { 1.0 } else { 0.0 }),
            Form::Step { inner, middle } => {
                let [first, second, third] = STEP_WEIGHTS;
                for chord in chords {
                    let outer = if *chord <= most { third } else { 0.0 };
                    let outer = if *chord <= middle { second } else { outer };
                    *chord = if *chord <= inner { first } else { outer };
                }
            }
            Form::Gaussian { factor } => {
                for chord in chords {
                    *chord = if *chord <= most { exp(factor * surface_squared(*chord)) } else { 0.0 };
                }
            }
        }
    }
}

/// The square of the way along the surface, km², over a chord whose square is given in km²: the series of the squared arcsine
/// (Abramowitz & Stegun, 4.4.40 squared). Up to [`MOST_KM`] what is left out is below 1e-16 of it, and neither a root nor an
/// arcsine is needed for every pair.
#[inline(always)]
fn surface_squared(chord_squared: f64) -> f64 {
    let part = chord_squared / (4.0 * MEAN_RADIUS_KM * MEAN_RADIUS_KM);
    let series = 1.0 + part * (1.0 / 3.0 + part * (8.0 / 45.0 + part * (4.0 / 35.0)));
    chord_squared * series
}

/// `exp` of a number up to 0, without a branch, so that it is computed for several numbers at once: `2^k` times the series of
/// what is left, which is at most half of ln 2 (Abramowitz & Stegun, 4.2.1, in Estrin's order; the terms left out are below 2e-16). Below -700 it is 0.
#[inline(always)]
fn exp(x: f64) -> f64 {
    /// Adding it rounds to an integer, which is then in the lowest bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    /// ln 2 in two parts, the first with zeros at its end, so that its product with an integer is exact.
    const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
    let bounded = if x > -700.0 { x } else { -700.0 };
    let rounded = bounded * std::f64::consts::LOG2_E + ROUND;
    let k = rounded - ROUND;
    let rest = bounded - k * LN_2[0] - k * LN_2[1];
    let (squared, pair) = (rest * rest, |low: f64, high: f64| low + high * rest);
    let low = pair(1.0, 1.0) + squared * pair(1.0 / 2.0, 1.0 / 6.0);
    let middle = pair(1.0 / 24.0, 1.0 / 120.0) + squared * pair(1.0 / 720.0, 1.0 / 5_040.0);
    let high = pair(1.0 / 40_320.0, 1.0 / 362_880.0) + squared * pair(1.0 / 3_628_800.0, 1.0 / 39_916_800.0);
    let fourth = squared * squared;
    let sum = low + fourth * (middle + fourth * (high + fourth * (1.0 / 479_001_600.0)));
    let power = f64::from_bits(rounded.to_bits().wrapping_add(1023) << 52);
    if x > -700.0 { sum * power } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::exp;

    proptest! {
        #[test]
        fn exp_is_that_of_the_standard_library(x in prop_oneof![-700.0..0.0, -1.0..0.0, Just(0.0)]) {
            let (ours, theirs): (f64, f64) = (exp(x), x.exp());
            prop_assert!((ours - theirs).abs() <= 1e-15 * theirs, "{x}: {ours} {theirs}");
        }
    }

    #[test]
    fn a_weight_that_is_next_to_nothing_is_none() {
        let bits = [-700.1, -1e300, f64::NEG_INFINITY, -0.0].map(|x| exp(x).to_bits());
        assert_eq!(bits, [0.0, 0.0, 0.0, 1.0].map(f64::to_bits));
    }
}
