//! What is asked of the gap analysis.

use serde::{Deserialize, Serialize};

use super::{
    super::{
        demand::{DemandSource, Quarter},
        filter::Filter,
        vocabulary::CareForm,
    },
    catchment::Catchment,
    supply::SupplyKind,
};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// For which care form.
    pub care_form: CareForm,
    /// Whose demand.
    pub source: DemandSource,
    /// The quarter of the publication; none: the last one.
    pub quarter: Option<Quarter>,
    /// How far families go, and how distance weighs.
    pub catchment: Catchment,
    /// What counts as a spot.
    pub supply: SupplyKind,
    /// Which places count; its care forms are not looked at.
    pub filter: Filter,
    /// Spots that one family needs.
    pub spots_per_family: f64,
}

/// How far families go where nothing else is asked, km: what is far for a day is near for a home.
pub const fn default_catchment_km(care_form: CareForm) -> f64 {
    match care_form {
        CareForm::Logeren => 30.0,
        CareForm::Dagbesteding => 15.0,
        CareForm::Wonen | CareForm::Deeltijdwonen => 40.0,
    }
}

/// Spots that one family needs where nothing else is asked. Assumptions, not facts: of logeren a weekend a month, so that four
/// families share a spot; of deeltijdwonen half the days; of the others a spot of one's own.
pub const fn default_spots_per_family(care_form: CareForm) -> f64 {
    match care_form {
        CareForm::Logeren => 0.25,
        CareForm::Deeltijdwonen => 0.5,
        CareForm::Wonen | CareForm::Dagbesteding => 1.0,
    }
}

impl Question {
    /// Whether it asks about availability by date, which not everybody may.
    pub fn asks_availability(&self) -> bool {
        self.supply != SupplyKind::Capacity || self.filter.asks_availability()
    }
}
