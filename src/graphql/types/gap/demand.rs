//! Demand: what was published, and, for the kenniscentrum, what it was published from.

use async_graphql::SimpleObject;

use crate::{
    graphql::{
        enums::CareForm,
        scalars::{H3Cell, Instant},
        types::Region,
    },
    store::{self, View},
};

/// Demand as it was published for one quarter. It never changes.
#[derive(SimpleObject)]
pub(in crate::graphql) struct DemandPublication {
    /// The quarter, such as `2026-Q4`.
    quarter: String,
    /// When it was published.
    published_at: Instant,
    /// The fewest families that an area held when the areas of the year were made.
    k: i32,
    /// The parameters that it was made with, as JSON: k, rounding, noise, resolution, method.
    parameters: String,
    /// Families in all areas; a multiple of 5.
    families: f64,
    /// The share of all families of the country (about 2,000) that this is, 0 to 1.
    coverage: f64,
    /// What is said of each zorgkantoorregio, by code.
    regions: Vec<RegionDemand>,
}

/// Families of a region as published.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RegionDemand {
    /// The region.
    region: Option<Region>,
    /// Whether fewer than k families live here, or none.
    suppressed: bool,
    /// Families: the sum of the region's areas; null: suppressed.
    families: Option<f64>,
    /// The share of them that seeks each care form.
    care_forms: Vec<CareFormShare>,
}

/// The share of a region's families that seeks a care form.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CareFormShare {
    /// The care form.
    care_form: CareForm,
    /// The share, 0 to 1, in steps of 0.05; null: too few to say.
    share: Option<f64>,
}

/// What publishing demand leads to.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PublishDemandPayload {
    /// What was published.
    pub(in crate::graphql) publication: DemandPublication,
    /// Regions that the gate refused, though k families live there: they are suppressed for the year.
    pub(in crate::graphql) refused: Vec<String>,
}

/// Active passports in an H3 cell, as they are.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RawDemand {
    /// The cell, of resolution 6.
    cell: H3Cell,
    /// The code of the zorgkantoorregio of the cell.
    region: String,
    /// Families: active passports.
    families: i32,
    /// How many of them seek each care form.
    care_forms: Vec<CareFormCount>,
}

/// How many families seek a care form.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CareFormCount {
    /// The care form.
    care_form: CareForm,
    /// Families.
    families: i32,
}

impl DemandPublication {
    pub(in crate::graphql) fn of(view: &View, one: store::DemandPublication) -> Self {
        Self {
            quarter: one.quarter.to_string(),
            published_at: one.published_at.into(),
            k: number(one.k),
            parameters: one.parameters.to_string(),
            families: one.families,
            coverage: one.coverage,
            regions: one
                .regions
                .into_iter()
                .map(|region| RegionDemand {
                    suppressed: region.families.is_none(),
                    families: region.families,
                    care_forms: region
                        .forms
                        .into_iter()
                        .map(|(form, share)| CareFormShare { care_form: form.into(), share })
                        .collect(),
                    region: Region::of(view, &region.code),
                })
                .collect(),
        }
    }
}

impl From<store::RawDemand> for RawDemand {
    fn from(raw: store::RawDemand) -> Self {
        Self {
            cell: raw.cell.into(),
            region: raw.region,
            families: number(raw.families),
            care_forms: raw
                .forms
                .into_iter()
                .map(|(form, families)| CareFormCount { care_form: form.into(), families: number(families) })
                .collect(),
        }
    }
}

fn number(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
