//! What was found as files: a map as `GeoJSON` (RFC 7946) and a table as CSV.
//!
//! Both say the same of the same thing, under the same names ([`NAMES`]; `GeoJSON` in lower camel case). Numbers have six
//! decimals at most, which is finer than anything here is known. Of a region that the reader may not see in detail there are
//! its totals only.
//!
//! Where a region is suppressed, whatever is computed from families is left out. Spots within reach and the way to the nearest
//! place stay: they are facts of the places, which everybody may see.

mod geometry;
mod row;

use std::io;

use serde::Serialize;

use self::{
    geometry::{Geometry, around, polygon},
    row::{About, Row},
};
use super::{Detail, Gap};

pub use row::NAMES;

#[derive(Serialize)]
struct Feature<'a> {
    #[serde(rename = "type")]
    is: &'static str,
    id: &'a str,
    geometry: Option<Geometry>,
    properties: &'a Row<'a>,
}

/// Writes the map: areas (the outline of their cells of resolution 6) and cells of the regions in detail, and one feature with
/// the outline of its areas for each other region (none where it is suppressed). WGS84 degrees, the longitude first, six
/// decimals; outer rings counter-clockwise.
///
/// # Errors
/// When `out` fails.
pub fn geojson(gap: &Gap, detail: Detail<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let about = About::of(gap);
    out.write_all(br#"{"type":"FeatureCollection","features":["#)?;
    let mut separator = "\n";
    let mut write = |row: &Row<'_>, geometry| -> io::Result<()> {
        out.write_all(separator.as_bytes())?;
        separator = ",\n";
        serde_json::to_writer(&mut *out, &Feature { is: "Feature", id: &row.code, geometry, properties: row })?;
        Ok(())
    };
    for region in gap.regions.iter().filter(|region| !detail.holds(&region.code)) {
        let areas = gap.areas.iter().filter(|area| area.region == region.code);
        let geometry = around(areas.flat_map(|area| &area.cells).copied());
        write(&Row::region(region, &about), geometry)?;
    }
    for area in gap.areas.iter().filter(|area| detail.holds(&area.region)) {
        write(&Row::area(area, &about), around(area.cells.iter().copied()))?;
    }
    for cell in gap.cells.iter().filter(|cell| detail.holds(&cell.region)) {
        write(&Row::cell(cell, &about), Some(polygon(cell.cell)))?;
    }
    out.write_all(b"\n]}\n")
}

/// Writes the table: the country, all regions, and the areas of those in detail, under a header.
///
/// # Errors
/// When `out` fails.
pub fn csv(gap: &Gap, detail: Detail<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let about = About::of(gap);
    let country = [Row::country(gap, &about)];
    let regions = gap.regions.iter().map(|region| Row::region(region, &about));
    let areas = gap.areas.iter().filter(|area| detail.holds(&area.region)).map(|area| Row::area(area, &about));
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(NAMES)?;
    for row in country.into_iter().chain(regions).chain(areas) {
        table.write_record(row.cells())?;
    }
    table.flush()
}
