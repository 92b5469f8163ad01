//! The trade-off of homogeneity.

use async_graphql::{Context, SimpleObject};

use super::analysis::GapTotals;
use crate::{
    care::gap::trade_off::{DISTANCES_KM, Line},
    graphql::{
        context,
        enums::Homogeneity,
        error::{ApiError, Result},
        input::{GapInput, gap_region},
    },
    store::GapAsked,
};

/// How far families must travel, and how many have nothing, if only homogeneous groups count, mixed ones too, or any
/// (kwaliteitseis 2.a).
#[derive(SimpleObject)]
pub(in crate::graphql) struct HomogeneityTradeOff {
    /// What is to be said with every number of this answer.
    note: String,
    /// One line for each choice, the strictest first.
    lines: Vec<TradeOffLine>,
}

/// What families find if groups of these compositions count.
#[derive(SimpleObject)]
pub(in crate::graphql) struct TradeOffLine {
    /// The compositions that count.
    homogeneity: Vec<Homogeneity>,
    /// Places that count, in the region or the country.
    places: i32,
    /// Their spots.
    spots: f64,
    /// What families find; null: the region is suppressed.
    totals: Option<GapTotals>,
    /// How many families have a place how near; null: the region is suppressed.
    curve: Option<Vec<TradeOffPoint>>,
}

/// The share of families with a place that is no farther than a distance.
#[derive(SimpleObject)]
pub(in crate::graphql) struct TradeOffPoint {
    /// The distance, km.
    km: i32,
    /// The share of families, 0 to 1.
    share: f64,
}

impl From<Line> for TradeOffLine {
    fn from(line: Line) -> Self {
        let curve = |within: Vec<f64>| {
            let points = DISTANCES_KM.into_iter().zip(within);
            points.map(|(km, share)| TradeOffPoint { km: i32::try_from(km).unwrap_or(i32::MAX), share }).collect()
        };
        Self {
            homogeneity: line.groups.iter().map(|one| (*one).into()).collect(),
            places: i32::try_from(line.places).unwrap_or(i32::MAX),
            spots: line.spots,
            totals: line.found.as_ref().map(|found| (&found.totals).into()),
            curve: line.found.map(|found| curve(found.within)),
        }
    }
}

pub(in crate::graphql) async fn homogeneity_trade_off(
    ctx: &Context<'_>,
    input: GapInput,
    region: Option<String>,
) -> Result<Option<HomogeneityTradeOff>> {
    let view = context::view(ctx)?;
    view.scope().see_demand()?;
    let question = input.read("input", view)?;
    if !question.filter.homogeneity.is_empty() {
        return Err(ApiError::input("filter.homogeneity", "The trade-off tries each composition; leave it out here."));
    }
    let asked = GapAsked { question, purpose: "homogeneityTradeOff" };
    let region = region.map(|code| gap_region("region", code, view)).transpose()?;
    let (note, lines) = context::store(ctx)?.gap_trade_off(view, context::access(ctx)?, &asked, region).await??;
    Ok(Some(HomogeneityTradeOff { note, lines: lines.into_iter().map(Into::into).collect() }))
}
