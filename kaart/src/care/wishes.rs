//! Wishes: kwaliteitseisen that a parent hopes for; they exclude nothing.

use serde::Serialize;

use super::{place::Place, vocabulary::ClaimStatus};

/// A kwaliteitseis that a parent wishes for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wish {
    /// The kwaliteitseis.
    pub code: String,
    /// How much it weighs: 1 to 3.
    pub weight: u8,
}

/// How far a place meets the wishes, 0 to 1: `MET` counts 1, `PARTLY_MET` a half, all else nothing, by weight. None
/// without wishes.
pub fn score(place: &Place, wishes: &[Wish]) -> Option<f64> {
    let total: f64 = wishes.iter().map(|wish| f64::from(wish.weight)).sum();
    let met: f64 = wishes
        .iter()
        .map(|wish| {
            let share = match place.claimed(&wish.code) {
                ClaimStatus::Met => 1.0,
                ClaimStatus::PartlyMet => 0.5,
                ClaimStatus::NotMet | ClaimStatus::Unknown => 0.0,
            };
            share * f64::from(wish.weight)
        })
        .sum();
    (total > 0.0).then(|| met / total)
}
