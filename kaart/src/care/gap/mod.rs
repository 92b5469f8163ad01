//! The gap analysis: where families cannot reach a fitting place, how many spots are missing, and what would help. It is
//! computed from a [`Surface`](super::demand::Surface) and from what the map says of places, and from nothing else, so that no
//! question of it tells more of families than the surface does.
//!
//! A demand point is the centre of an H3 cell of resolution 7; a supply point is the public point of a place. Distances are those
//! of [`crate::geo::distance`].

pub mod analysis;
pub mod catchment;
mod detail;
pub mod file;
pub mod picture;
pub mod proposal;
pub mod question;
pub mod scenario;
pub mod sites;
pub mod supply;
mod totals;
pub mod trade_off;

pub use detail::Detail;

use super::{
    demand::{DemandSource, Quarter},
    vocabulary::CareForm,
};
use crate::geo::Cell;

/// What was found, over the whole country. Scores are spots per family within reach; a score that is none: nothing within
/// reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// For which care form.
    pub care_form: CareForm,
    /// Where the demand comes from.
    pub source: DemandSource,
    /// The quarter of the demand; none: an estimate.
    pub quarter: Option<Quarter>,
    /// How far families go, km.
    pub catchment_km: f64,
    /// Spots that one family needs.
    pub spots_per_family: f64,
    /// The share of all families of the country that the demand covers, 0 to 1.
    pub coverage: f64,
    /// The cells in which people live, in the order of [`Surface::cells`](super::demand::Surface::cells).
    pub cells: Vec<CellGap>,
    /// The areas, in the order of [`Surface::areas`](super::demand::Surface::areas).
    pub areas: Vec<AreaGap>,
    /// The regions by code, all of them.
    pub regions: Vec<RegionGap>,
    /// The country.
    pub country: Totals,
}

/// What was found in a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct CellGap {
    /// The cell, of resolution 7.
    pub cell: Cell,
    /// The code of its region.
    pub region: String,
    /// The position of its area in [`Gap::areas`]; none: its region is suppressed.
    pub area: Option<usize>,
    /// Families that seek the care form, modelled; none: its region is suppressed.
    pub demand: Option<f64>,
    /// Spots within reach, whoever else looks for them.
    pub reachable: f64,
    /// Spots per family within reach.
    pub score: Option<f64>,
    /// The share of the country's demand that has a lower score, 0 to 1.
    pub position: f64,
    /// Spots that are missing; none: its region is suppressed.
    pub unmet: Option<f64>,
    /// The way to the nearest place, km; none: there is no place at all.
    pub nearest_km: Option<f64>,
}

/// What was found in an area.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaGap {
    /// The code of the area.
    pub code: String,
    /// The code of its region.
    pub region: String,
    /// Its H3 cells of resolution 6.
    pub cells: Vec<Cell>,
    /// Families, as published.
    pub families: f64,
    /// What its cells say together.
    pub totals: Totals,
}

/// What was found in a region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionGap {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Families, as published; none: suppressed.
    pub families: Option<f64>,
    /// What its cells say together; none: suppressed.
    pub totals: Option<Totals>,
    /// Places that count, in the region itself.
    pub places: usize,
    /// Their spots.
    pub spots: f64,
}

/// What cells say together, weighted by their demand.
#[derive(Clone, Debug, PartialEq)]
pub struct Totals {
    /// Families that seek the care form, modelled.
    pub demand: f64,
    /// The mean of the scores, where no place within reach counts as 0.
    pub score: f64,
    /// The share of the country's demand that has a lower score than this mean, 0 to 1.
    pub position: f64,
    /// Spots that are missing.
    pub unmet: f64,
    /// The share of families without any place within reach, 0 to 1.
    pub without: f64,
    /// The way to the nearest place that half of the families do not exceed, km; none: there is no place or no demand.
    pub nearest_median_km: Option<f64>,
    /// The way that nine of ten families do not exceed, km.
    pub nearest_p90_km: Option<f64>,
    /// How unequally access is spread: the Gini coefficient of the scores, 0 (all alike) to 1; none: nobody has access.
    pub gini: Option<f64>,
}

impl Gap {
    /// What is to be said with every number of it.
    pub fn note(&self) -> String {
        match self.quarter {
            Some(quarter) => format!(
                "Demand is that of the ZEVMB-paspoorten as published for {quarter}, which cover {:.0}% of about 2,000 families: \
                 not all have a passport, and regions with few families are left out. How many seek a care form, and where in an \
                 area they live, is modelled.",
                self.coverage * 100.0
            ),
            None => "Demand is an estimate: about 2,000 families spread over the country as its inhabitants are, as if each \
                     sought this care form. It says nothing of who lives where."
                .into(),
        }
    }
}
