//! Medians and worst cases of many measurements.

use std::time::{Duration, Instant};

/// What was measured.
pub(crate) struct Figures(Vec<Duration>);

impl Figures {
    /// Times `run` once for each of `inputs`, `rounds` times over, after one round that does not count.
    pub(crate) fn of<T, R>(inputs: &[T], rounds: usize, mut run: impl FnMut(&T) -> R) -> Self {
        let mut took = Vec::with_capacity(inputs.len() * rounds);
        for round in 0..=rounds {
            for input in inputs {
                let began = Instant::now();
                std::hint::black_box(run(input));
                if round > 0 {
                    took.push(began.elapsed());
                }
            }
        }
        Self::from(took)
    }

    /// In microseconds, the value below which `share` of all lie.
    pub(crate) fn micros(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank among so many"
        )]
        let rank = ((self.0.len() - 1) as f64 * share).round() as usize;
        self.0[rank].as_secs_f64() * 1e6
    }

    pub(crate) fn median(&self) -> f64 {
        self.micros(0.5)
    }

    pub(crate) fn p99(&self) -> f64 {
        self.micros(0.99)
    }
}

impl From<Vec<Duration>> for Figures {
    fn from(mut took: Vec<Duration>) -> Self {
        took.sort_unstable();
        Self(took)
    }
}
