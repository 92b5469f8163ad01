//! The gap analysis as files: a map, features, a table.

use std::{io, slice};

use chrono::NaiveDate;

use super::{
    super::{Store, View, audit::Access, blocking, error::StoreError},
    GapAsked, GapRefusal, Ran,
};
use crate::{
    auth::DemandReach,
    care::gap::{
        Detail, Gap,
        file::{csv, geojson},
        picture::{Extent, svg},
    },
};

/// As what the analysis is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapFormat {
    /// A map, as a picture for a report.
    Svg,
    /// Areas and cells as features (RFC 7946).
    GeoJson,
    /// A table of the country, the regions and the areas.
    Csv,
}

impl Store {
    /// The analysis as a file, of a region or of the country: areas and cells of the requester's own regions, totals of the
    /// others. Recorded.
    ///
    /// # Errors
    /// As [`gap_analysis`](Self::gap_analysis), and when the region is not one of the requester's.
    pub async fn export_gap(
        &self,
        view: &View,
        access: &Access,
        asked: &GapAsked,
        region: Option<String>,
        format: GapFormat,
    ) -> Ran<Vec<u8>> {
        if let Some(region) = &region
            && let Err(denied) = self.gap_detail(view, access, region).await
        {
            return Ok(Err(GapRefusal::Denied(denied)));
        }
        let analysed = match self.gap_analysis(view, access, asked).await? {
            Ok(analysed) => analysed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let view = view.clone();
        let written = blocking(move || {
            let detail = match (&region, view.scope().see_demand()?) {
                (Some(region), _) => Detail::Regions(slice::from_ref(region)),
                (None, DemandReach::Country) => Detail::All,
                (None, DemandReach::Regions(own)) => Detail::Regions(own),
            };
            Ok(write(&analysed.gap, region.as_deref(), detail, view.today(), format))
        });
        match written.await? {
            Ok(Ok(bytes)) => Ok(Ok(bytes)),
            Ok(Err(error)) => Err(StoreError::Corrupt(format!("the analysis cannot be written: {error}"))),
            Err(denied) => Ok(Err(denied)),
        }
    }
}

fn write(
    gap: &Gap,
    region: Option<&str>,
    detail: Detail<'_>,
    day: NaiveDate,
    format: GapFormat,
) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match format {
        GapFormat::Svg => {
            let extent = region.map_or(Extent::Country, Extent::Region);
            bytes = svg(gap, extent, detail, day).map_err(io::Error::other)?.into_bytes();
        }
        GapFormat::GeoJson => geojson(gap, detail, &mut bytes)?,
        GapFormat::Csv => csv(gap, detail, &mut bytes)?,
    }
    Ok(bytes)
}
