//! What a change of places would change.

use async_graphql::{Context, SimpleObject};

use super::analysis::GapAnalysis;
use crate::{
    graphql::{
        context,
        error::Result,
        input::{GapInput, ScenarioChangeInput, changes, scenario_error},
    },
    store::GapAsked,
};

/// Before and after a change of places that somebody thinks of. Nothing on the map changes.
#[derive(SimpleObject)]
pub(in crate::graphql) struct GapScenario {
    /// As it is.
    before: GapAnalysis,
    /// As it would be.
    after: GapAnalysis,
    /// How many cells the changes reach; only these were computed anew.
    cells_reached: i32,
}

pub(in crate::graphql) async fn scenario(
    ctx: &Context<'_>,
    input: GapInput,
    asked: Vec<ScenarioChangeInput>,
) -> Result<Option<GapScenario>> {
    let view = context::view(ctx)?;
    view.scope().see_demand()?;
    let question = GapAsked { question: input.read("input", view)?, purpose: "scenario" };
    let changes = changes(asked, view)?;
    let store = context::store(ctx)?;
    let found = store.gap_scenario(view, context::access(ctx)?, &question, changes).await??;
    let (before, after, cells) = found.map_err(scenario_error)?;
    Ok(Some(GapScenario {
        before: GapAnalysis::of(question.clone(), before),
        after: GapAnalysis::of(question, after),
        cells_reached: i32::try_from(cells).unwrap_or(i32::MAX),
    }))
}
