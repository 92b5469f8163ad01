//! Where the gap analysis is to be had as files.

use async_graphql::{Context, SimpleObject};
use url::form_urlencoded;

use crate::graphql::{
    context,
    error::Result,
    input::{GapInput, gap_region},
};

/// Where an analysis is to be had as files, with the same token. Paths of this service.
#[derive(SimpleObject)]
pub(in crate::graphql) struct GapFiles {
    /// A map, as a picture for a report.
    svg: String,
    /// Areas and cells as features (RFC 7946).
    geojson: String,
    /// A table of the country, the regions and one's own areas.
    csv: String,
}

impl GapFiles {
    /// The paths of what `input` asks; `region` is what the files are about.
    pub(in crate::graphql) fn of(ctx: &Context<'_>, input: GapInput, region: Option<String>) -> Result<Self> {
        let view = context::view(ctx)?;
        view.scope().see_demand()?;
        let region = region.map(|code| gap_region("region", code, view)).transpose()?;
        if let Some(region) = &region {
            view.scope().see_demand()?.see_detail_of(region)?;
        }
        let text = input.json()?;
        input.read("input", view)?;
        let path = |format: &str| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("format", format);
            if let Some(region) = &region {
                query.append_pair("region", region);
            }
            format!("/v1/exports/gap?{}", query.append_pair("input", &text).finish())
        };
        Ok(Self { svg: path("svg"), geojson: path("geojson"), csv: path("csv") })
    }
}
