//! What a passport opens.

use chrono::NaiveDate;
use serde::Deserialize;

use super::vocabulary::AgreementKind;

/// An afspraak (brochure) or a regeling (jaarverslag) that a passport opens.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Agreement {
    /// A short name that stays the same.
    pub code: String,
    /// What it is.
    pub title: String,
    /// With whom it is made.
    pub organisation: String,
    /// What a holder may count on.
    pub description: String,
    /// Since when; none: not known.
    pub since: Option<NaiveDate>,
    /// Which of the two.
    pub kind: AgreementKind,
}
