//! How far families go, and what a way is worth.

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
    /// Puts the weights where the squares of the chords are.
    pub(super) fn weigh(&self, chords: &mut [f64]) {
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
                    *chord = if *chord <= most { (factor * surface_squared(*chord)).exp() } else { 0.0 };
                }
            }
        }
    }
}

/// The square of the way along the surface, km², over a chord whose square is given in km²: the series of the squared arcsine
/// (Abramowitz & Stegun, 4.4.40 squared). Up to [`MOST_KM`] what is left out is below 1e-20 of it, and neither a root nor an
/// arcsine is needed for every pair.
fn surface_squared(chord_squared: f64) -> f64 {
    let part = chord_squared / (4.0 * MEAN_RADIUS_KM * MEAN_RADIUS_KM);
    let series = 1.0 + part * (1.0 / 3.0 + part * (8.0 / 45.0 + part * (4.0 / 35.0 + part * (128.0 / 1575.0))));
    chord_squared * series
}
