//! Demand: how many families live where, and which care they seek, as it may be said (DESIGN, section 8). What passports say
//! is published as one surface that names no family; an estimate needs no passports.
//!
//! Families are counted in the cells of a [`territory`]. Once a year a [`partition`] divides it into areas; [`mod@publish`] counts
//! them each quarter, with [`noise`], and lets the [`gate`] look for small groups before anything is shown.

mod connect;
mod forms;
pub mod gate;
mod grow;
pub mod noise;
pub mod partition;
pub mod publication;
pub mod publish;
mod quarter;
pub mod surface;
pub mod territory;

pub use noise::{LEAST_K, ROUNDING};
pub use publication::{Division, DivisionArea, Home, Parameters, Publication, PublishedArea, Said, Territory};
pub use publish::{Family, PublishError, publish};
pub use quarter::NoQuarter;
pub use surface::{estimate, surface};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::vocabulary::CareForm;
use crate::geo::Cell;

/// Families in the Netherlands with somebody with ZEVMB, about (brochure).
pub const FAMILIES_IN_THE_COUNTRY: f64 = 2_000.0;

/// Where a surface comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DemandSource {
    /// What was published of the active passports.
    Passports,
    /// [`FAMILIES_IN_THE_COUNTRY`] spread over the country as its inhabitants are.
    Estimate,
}

/// A quarter of a calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Quarter {
    /// The year.
    pub year: i32,
    /// 1 to 4.
    pub quarter: u8,
}

/// Families over the country: all that the gap analysis knows of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// Where it comes from.
    pub source: DemandSource,
    /// The quarter that it was published for; none: an estimate.
    pub quarter: Option<Quarter>,
    /// The areas, by code: they divide the regions that are not suppressed.
    pub areas: Vec<DemandArea>,
    /// The cells of resolution 7 in which people live, by cell.
    pub cells: Vec<DemandCell>,
    /// The zorgkantoorregio's by code, all of them.
    pub regions: BTreeMap<String, RegionDemand>,
    /// The share of all families that seek each care form, 0 to 1; none: too few to say.
    pub forms: BTreeMap<CareForm, Option<f64>>,
}

/// Whose share of a care form it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ShareOf {
    /// The region's own.
    Region,
    /// The country's, since too little can be said of the region.
    Country,
}

impl Surface {
    /// The share of the families of `region` that are taken to seek `form`, 0 to 1: the region's own, or else the country's;
    /// none: neither is known.
    pub fn share(&self, region: &str, form: CareForm) -> Option<(f64, ShareOf)> {
        let own = self.regions.get(region).and_then(|said| said.forms.get(&form).copied().flatten());
        let country = || self.forms.get(&form).copied().flatten();
        own.map(|share| (share, ShareOf::Region)).or_else(|| country().map(|share| (share, ShareOf::Country)))
    }
}

/// A contiguous area inside one zorgkantoorregio.
#[derive(Clone, Debug, PartialEq)]
pub struct DemandArea {
    /// `2027-ZK23-01` and so on: the year of the division, the region, a number.
    pub code: String,
    /// The code of its region.
    pub region: String,
    /// Its H3 cells of resolution 6, by cell; those that join it over water, where nobody lives, too.
    pub cells: Vec<Cell>,
    /// Families, as shown.
    pub families: f64,
}

/// A cell of resolution 7 in which people live.
#[derive(Clone, Debug, PartialEq)]
pub struct DemandCell {
    /// The cell.
    pub cell: Cell,
    /// The code of its region.
    pub region: String,
    /// The position of its area in [`Surface::areas`]; none: its region is suppressed.
    pub area: Option<usize>,
    /// Its inhabitants among those of the area (of the region, if that is suppressed), 0 to 1: by this share families of an
    /// area reach its cells.
    pub share: f64,
}

/// What is said of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionDemand {
    /// Families: the sum of its areas; none: suppressed, which is what fewer than k, and none at all, look like.
    pub families: Option<f64>,
    /// The share of its families that seek each care form, 0 to 1; none: too few to say.
    pub forms: BTreeMap<CareForm, Option<f64>>,
}
