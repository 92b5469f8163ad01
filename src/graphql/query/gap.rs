//! Questions of those who buy care: where places are missing, and what would help.

use async_graphql::{Context, ID, Object};

use super::super::{
    context,
    error::Result,
    id,
    input::{GapInput, ScenarioChangeInput, gap_region},
    types::{
        DemandPublication, GapAnalysis, GapFiles, GapScenario, HomogeneityTradeOff, RawDemand, SiteSuggestion,
        homogeneity_trade_off, scenario,
    },
};

#[derive(Default)]
pub(super) struct GapQuery;

#[Object]
impl GapQuery {
    /// Where families cannot reach a fitting place, and how many spots are missing. For zorgkantoren (areas and cells of their
    /// own regions, totals of all) and the kenniscentrum. Every run is recorded.
    async fn gap_analysis(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked.")] input: GapInput,
    ) -> Result<Option<GapAnalysis>> {
        GapAnalysis::ask(ctx, "input", input).await.map(Some)
    }

    /// Where the answer of `gapAnalysis` is to be had as files: the country, or one of your own regions. For zorgkantoren and the
    /// kenniscentrum.
    #[graphql(name = "gapFiles")]
    async fn files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked.")] input: GapInput,
        #[graphql(desc = "The code of a zorgkantoorregio that the files are about; left out: the country.")]
        region: Option<String>,
    ) -> Result<Option<GapFiles>> {
        GapFiles::of(ctx, input, region).map(Some)
    }

    /// How far families must travel, and how many have nothing, if groups are homogeneous, mixed, or any. For zorgkantoren and
    /// the kenniscentrum. Every run is recorded.
    #[graphql(name = "homogeneityTradeOff")]
    async fn trade_off(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked, without `filter.homogeneity`.")] input: GapInput,
        #[graphql(desc = "The code of a zorgkantoorregio; left out: the country.")] region: Option<String>,
    ) -> Result<Option<HomogeneityTradeOff>> {
        homogeneity_trade_off(ctx, input, region).await
    }

    /// What would change if places were added, moved, closed or got another number of spots. For zorgkantoren and the
    /// kenniscentrum. Every run is recorded.
    #[graphql(name = "scenario")]
    async fn what_if(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked.")] input: GapInput,
        #[graphql(desc = "What would change: 1 to 20 changes.")] changes: Vec<ScenarioChangeInput>,
    ) -> Result<Option<GapScenario>> {
        scenario(ctx, input, changes).await
    }

    /// A proposal that you asked for with `suggestSites`; null: there is none with this id, or it is somebody else's. The
    /// kenniscentrum sees all. It is kept for 30 days.
    async fn site_suggestion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the proposal.")] id: ID,
    ) -> Result<Option<SiteSuggestion>> {
        let view = context::view(ctx)?;
        view.scope().see_demand()?;
        let id = id::suggestion("id", &id)?;
        let found = context::store(ctx)?.site_suggestion(view, context::access(ctx)?, id).await??;
        Ok(found.map(|one| SiteSuggestion::of(view, one)))
    }

    /// What was published of demand, the last first. For zorgkantoren and the kenniscentrum.
    async fn demand_publications(&self, ctx: &Context<'_>) -> Result<Option<Vec<DemandPublication>>> {
        let view = context::view(ctx)?;
        let published = context::store(ctx)?.demand_publications(view, context::access(ctx)?).await??;
        Ok(Some(published.into_iter().map(|one| DemandPublication::of(view, one)).collect()))
    }

    /// Active passports by H3 cell, as they are: for the kenniscentrum alone, since a small count names a family. Every read is
    /// recorded.
    async fn raw_demand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code of the zorgkantoorregio.")] region: String,
    ) -> Result<Option<Vec<RawDemand>>> {
        let view = context::view(ctx)?;
        view.scope().keep_demand()?;
        let region = gap_region("region", region, view)?;
        let raw = context::store(ctx)?.raw_demand(view, context::access(ctx)?, &region).await??;
        Ok(Some(raw.into_iter().map(Into::into).collect()))
    }
}
