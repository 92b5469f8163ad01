//! The analysis: totals for everybody who may ask, areas and cells of one's own regions.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};

use crate::{
    care::{
        demand::DemandSource as Source,
        gap::{AreaGap as Area, CellGap as Cell, Gap, RegionGap as InRegion, Totals},
    },
    graphql::{
        context,
        enums::{CareForm, DemandSource},
        error::Result,
        input::{GapInput, gap_region},
        scalars::{H3Cell, Instant},
        types::Region,
    },
    store::{Analysed, GapAsked, View},
};

/// Where families cannot reach a fitting place, and how many spots are missing. Computed from demand as published, or from an
/// estimate, and from what the map says of places. Families look across the borders of regions.
#[derive(Clone)]
pub(in crate::graphql) struct GapAnalysis {
    asked: GapAsked,
    analysed: Arc<Analysed>,
}

impl GapAnalysis {
    /// Asks; `at` names the argument.
    pub(in crate::graphql) async fn ask(ctx: &Context<'_>, at: &str, input: GapInput) -> Result<Self> {
        let view = context::view(ctx)?;
        view.scope().see_demand()?;
        let asked = GapAsked { question: input.read(at, view)?, purpose: "gapAnalysis" };
        let analysed = context::store(ctx)?.gap_analysis(view, context::access(ctx)?, &asked).await??;
        Ok(Self::of(asked, analysed))
    }

    /// One that is computed already.
    pub(super) fn of(asked: GapAsked, analysed: Analysed) -> Self {
        Self { asked, analysed: Arc::new(analysed) }
    }

    fn gap(&self) -> &Gap {
        &self.analysed.gap
    }
}

/// What families of a part of the country find. Scores are spots per family within reach.
#[derive(SimpleObject, Clone)]
pub(in crate::graphql) struct GapTotals {
    /// Families that seek the care form. Modelled: families times the share that seeks it in the region, or in the country where
    /// too few do so in the region.
    demand: f64,
    /// Spots per family within reach, on the mean; a family without any counts as 0.
    score: f64,
    /// The share of the country's families that are worse off than this mean, 0 to 1.
    position: f64,
    /// Spots that are missing, until every family has `spotsPerFamily` within reach.
    unmet_places: f64,
    /// The share of families without any place within reach, 0 to 1.
    without_share: f64,
    /// Half of the families have a place no farther than this, km; null: there is none for half of them.
    nearest_median_km: Option<f64>,
    /// Nine of ten families have a place no farther than this, km; null: there is none for so many.
    nearest_p90_km: Option<f64>,
    /// How unequally access is spread: the Gini coefficient of the scores, from 0 (all alike) to 1; null: nobody has access.
    gini: Option<f64>,
}

impl From<&Totals> for GapTotals {
    fn from(totals: &Totals) -> Self {
        Self {
            demand: totals.demand,
            score: totals.score,
            position: totals.position,
            unmet_places: totals.unmet,
            without_share: totals.without,
            nearest_median_km: totals.nearest_median_km,
            nearest_p90_km: totals.nearest_p90_km,
            gini: totals.gini,
        }
    }
}

/// What families of a region find.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RegionGap {
    /// The region.
    region: Option<Region>,
    /// Whether too few families live here, or none, to say anything of them.
    suppressed: bool,
    /// Families, whatever they seek: the sum of the region's areas; null: suppressed.
    families: Option<f64>,
    /// What they find; null: suppressed.
    totals: Option<GapTotals>,
    /// Places that count, in the region itself.
    places: i32,
    /// Their spots.
    spots: f64,
}

impl RegionGap {
    fn of(view: &View, region: &InRegion) -> Self {
        Self {
            region: Region::of(view, &region.code),
            suppressed: region.families.is_none(),
            families: region.families,
            totals: region.totals.as_ref().map(Into::into),
            places: i32::try_from(region.places).unwrap_or(i32::MAX),
            spots: region.spots,
        }
    }
}

/// What families of an area find: a contiguous part of one region, the same for a year.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AreaGap {
    /// Its code, such as `2026-ZK23-01`.
    code: String,
    /// Its H3 cells, of resolution 6; some are water.
    cells: Vec<H3Cell>,
    /// Families, whatever they seek, as published.
    families: f64,
    /// What they find.
    totals: GapTotals,
}

impl From<&Area> for AreaGap {
    fn from(area: &Area) -> Self {
        Self {
            code: area.code.clone(),
            cells: area.cells.iter().map(|cell| (*cell).into()).collect(),
            families: area.families,
            totals: (&area.totals).into(),
        }
    }
}

/// What families of an H3 cell find. How many they are is modelled: the families of the area, spread as its inhabitants are.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CellGap {
    /// The cell, of resolution 7.
    cell: H3Cell,
    /// The code of its area; null: the region is suppressed.
    area: Option<String>,
    /// Families that seek the care form; null: too few in the region to say.
    demand: Option<f64>,
    /// Spots within reach, whoever else looks for them.
    reachable: f64,
    /// Spots per family within reach; null: no place is.
    score: Option<f64>,
    /// The share of the country's families that are worse off, 0 to 1.
    position: f64,
    /// Spots that are missing here; null: not known.
    unmet_places: Option<f64>,
    /// The way to the nearest place, km; null: there is no place.
    nearest_km: Option<f64>,
}

impl CellGap {
    fn of(gap: &Gap, cell: &Cell) -> Self {
        Self {
            cell: cell.cell.into(),
            area: cell.area.and_then(|at| gap.areas.get(at)).map(|area| area.code.clone()),
            demand: cell.demand,
            reachable: cell.reachable,
            score: cell.score,
            position: cell.position,
            unmet_places: cell.unmet,
            nearest_km: cell.nearest_km,
        }
    }
}

/// What families found with the demand of an earlier publication, and the places of today.
#[derive(SimpleObject)]
pub(in crate::graphql) struct GapTrend {
    /// The quarter, such as `2026-Q4`.
    quarter: String,
    /// When it was published.
    published_at: Instant,
    /// Families, as published; null: suppressed.
    families: Option<f64>,
    /// What they find; null: suppressed.
    totals: Option<GapTotals>,
}

/// Where families cannot reach a fitting place, and how many spots are missing. Computed from demand as published, or from an
/// estimate, and from what the map says of places. Families look across the borders of regions.
#[Object]
impl GapAnalysis {
    /// For which care form.
    async fn care_form(&self) -> CareForm {
        self.gap().care_form.into()
    }

    /// Where the demand comes from.
    async fn source(&self) -> DemandSource {
        self.gap().source.into()
    }

    /// Whether the demand is an estimate: inhabitants, not families, are what is known of it.
    async fn estimate(&self) -> bool {
        self.gap().source == Source::Estimate
    }

    /// The quarter that the demand was published for, such as `2026-Q4`; null: an estimate.
    async fn quarter(&self) -> Option<String> {
        self.gap().quarter.map(|quarter| quarter.to_string())
    }

    /// When the demand was published; null: an estimate.
    async fn published_at(&self) -> Option<Instant> {
        self.analysed.published_at.map(Into::into)
    }

    /// The share of all families of the country (about 2,000) that the demand covers, 0 to 1: not all have a passport, and regions
    /// with few families are suppressed. Unmet places are those of the families that are covered.
    async fn coverage(&self) -> f64 {
        self.gap().coverage
    }

    /// What is to be said with every number of this answer, in a sentence or two.
    async fn note(&self) -> String {
        self.gap().note()
    }

    /// How far families go, km.
    async fn catchment_km(&self) -> f64 {
        self.gap().catchment_km
    }

    /// Spots that one family needs, as assumed.
    async fn spots_per_family(&self) -> f64 {
        self.gap().spots_per_family
    }

    /// The country: regions that are suppressed are not in it.
    async fn country(&self) -> GapTotals {
        (&self.gap().country).into()
    }

    /// Every zorgkantoorregio, by code.
    #[graphql(name = "regions")]
    async fn all_regions(&self, ctx: &Context<'_>) -> Result<Vec<RegionGap>> {
        let view = context::view(ctx)?;
        Ok(self.gap().regions.iter().map(|region| RegionGap::of(view, region)).collect())
    }

    /// The areas of a region, by code: for its own zorgkantoor and the kenniscentrum. Empty: suppressed.
    async fn areas(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code of the zorgkantoorregio, such as `ZK23`.")] region: String,
    ) -> Result<Option<Vec<AreaGap>>> {
        let region = own(ctx, region).await?;
        Ok(Some(self.gap().areas.iter().filter(|area| area.region == region).map(Into::into).collect()))
    }

    /// The H3 cells of a region in which people live, by cell: for its own zorgkantoor and the kenniscentrum.
    async fn cells(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code of the zorgkantoorregio, such as `ZK23`.")] region: String,
    ) -> Result<Option<Vec<CellGap>>> {
        let region = own(ctx, region).await?;
        let cells = self.gap().cells.iter().filter(|cell| cell.region == region);
        Ok(Some(cells.map(|cell| CellGap::of(self.gap(), cell)).collect()))
    }

    /// The same question with the demand of each publication up to this one (with an estimate, up to the last), the oldest first,
    /// and the places of today: how demand grows, not how supply did. Three years at most. Empty: nothing is published.
    async fn trend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code of a zorgkantoorregio; left out: the country.")] region: Option<String>,
    ) -> Result<Option<Vec<GapTrend>>> {
        let view = context::view(ctx)?;
        let region = region.map(|code| gap_region("region", code, view)).transpose()?;
        let store = context::store(ctx)?;
        let trend = store.gap_trend(view, context::access(ctx)?, &self.asked, region.as_deref()).await??;
        let shown = trend.into_iter().map(|one| GapTrend {
            quarter: one.quarter.to_string(),
            published_at: one.published_at.into(),
            families: one.families,
            totals: one.totals.as_ref().map(Into::into),
        });
        Ok(Some(shown.collect()))
    }
}

/// A region whose detail the requester may see.
async fn own(ctx: &Context<'_>, region: String) -> Result<String> {
    let view = context::view(ctx)?;
    let region = gap_region("region", region, view)?;
    context::store(ctx)?.gap_detail(view, context::access(ctx)?, &region).await?;
    Ok(region)
}
