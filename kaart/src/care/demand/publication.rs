//! What is stored of a publication. It is all that a surface is made of, so whatever becomes of postcodes, regions or passports
//! afterwards, what was published stays as it was.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Quarter;
use crate::{
    care::{postcode::Pc4, vocabulary::CareForm},
    geo::Cell,
};

/// Where people live, and to which region each cell belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Territory {
    /// The postcodes.
    pub homes: BTreeMap<Pc4, Home>,
    /// The code of the region of each cell of resolution 6, those that only join a region over water too. The cells of a region
    /// are connected.
    pub cells: BTreeMap<Cell, String>,
}

/// A postcode, as it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// The cell of resolution 7 of its point.
    pub cell: Cell,
    /// The cell of resolution 6 in which its families count: the parent of `cell`, or for a postcode that is newer than the
    /// first division, the nearest cell that the territory has.
    pub within: Cell,
    /// Its inhabitants.
    pub inhabitants: u32,
}

/// How a territory is divided in one calendar year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// The year.
    pub year: i32,
    /// The number of families that the areas were grown for: those with a passport, rounded down to
    /// [`PLAN_STEP`](super::partition::PLAN_STEP).
    pub planned_for: u32,
    /// What is divided.
    pub territory: Territory,
    /// The areas by code. A region without an area is suppressed.
    pub areas: BTreeMap<String, DivisionArea>,
}

/// An area of a division.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DivisionArea {
    /// The code of its region.
    pub region: String,
    /// Its cells of resolution 6, in their order.
    pub cells: Vec<Cell>,
}

/// By which rules a publication was made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameters {
    /// The version of the method: 1.
    pub method: u32,
    /// The fewest families of an area when it is made.
    pub k: u32,
    /// Counts are rounded to multiples of this.
    pub rounding: u32,
    /// Of the noise on the families of an area.
    pub epsilon_families: f64,
    /// Of the noise on the families of a region that seek a care form.
    pub epsilon_region_forms: f64,
    /// Of the noise on the families of the country that seek a care form.
    pub epsilon_country_forms: f64,
    /// The H3 resolution of the cells that areas are made of.
    pub resolution: u8,
}

/// What is published of a quarter. Keys, and everything that a surface does not show, are secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    /// The quarter.
    pub quarter: Quarter,
    /// Its rules; those of the year's first publication hold for the year.
    pub parameters: Parameters,
    /// The division of the year; only its first publication has one.
    pub division: Option<Division>,
    /// Of the noise on care forms: one key per year. Secret.
    pub forms_key: u64,
    /// The areas by code.
    pub areas: BTreeMap<String, PublishedArea>,
    /// The regions by code, all of them.
    pub regions: BTreeMap<String, Said>,
    /// The country: the sum of its areas; suppressed when there is none.
    pub country: Said,
}

/// What is published of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedArea {
    /// Families, as shown.
    pub families: u32,
    /// Of the noise that this publication adds. Secret.
    pub key: u64,
}

/// What is published of a region or of the country.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Families: the sum of its areas; none: suppressed.
    pub families: Option<u32>,
    /// The share of its families that seek each care form, in percent, a multiple of 5; none: too few to say. Counted at the
    /// year's first publication and the same for the year.
    pub forms: BTreeMap<CareForm, Option<u8>>,
}

/// The division of the year of the last publication, with that year's publications; none: there is no publication.
pub(super) fn current(publications: &[Publication]) -> Option<(&Division, &[Publication])> {
    let first = publications.iter().rposition(|publication| publication.division.is_some())?;
    let of_the_year = publications.get(first..)?;
    of_the_year.first().and_then(|publication| publication.division.as_ref()).map(|division| (division, of_the_year))
}
