//! What was found as a picture: a map of the country or of a region in SVG, in Dutch, that can go straight into a report.
//!
//! It is drawn from a [`Gap`] alone, and of a region that the reader may not see in detail from the totals of that region alone.
//! The same gap gives the same bytes.

mod borders;
mod class;
mod ground;
mod labels;
mod legend;
mod map;
mod pen;
mod plane;
mod words;

use chrono::NaiveDate;
use thiserror::Error;

pub use class::PALETTE;

use self::{ground::Ground, map::Map, pen::Pen, plane::Frame};
use super::{Detail, Gap, RegionGap};

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent<'a> {
    /// The country.
    Country,
    /// The region with a code, its areas with their codes; around it there is grey without numbers.
    Region(&'a str),
}

/// There is no such region.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no region with the code {0}")]
pub struct UnknownRegion(pub String);

/// The width of a sheet, units. It is upright, so that it fits on a page.
const WIDTH: f64 = 800.0;
/// The margin of a sheet, units.
const MARGIN: f64 = 22.0;

/// The map of `extent` in SVG, with what `detail` allows; `day` is written under it.
///
/// Each cell has the colour of its score: spots per family within reach, in classes that are parts of what a family needs. In a
/// map of the country a region without detail has one colour, that of its mean score.
///
/// # Errors
/// When there is no such region.
pub fn svg(gap: &Gap, extent: Extent<'_>, detail: Detail<'_>, day: NaiveDate) -> Result<String, UnknownRegion> {
    let region = match extent {
        Extent::Country => None,
        Extent::Region(code) => {
            let position = gap.regions.iter().position(|region| region.code == code);
            Some(position.ok_or_else(|| UnknownRegion(code.to_owned()))?)
        }
    };
    let ground = Ground::of(gap);
    let shown = region.and_then(|position| gap.regions.get(position));
    let frame = match region {
        // The legend stands in the North Sea.
        None => Frame { left: MARGIN, top: 84.0, right: WIDTH - MARGIN, bottom: 960.0 },
        Some(_) => Frame { left: 268.0, top: 88.0, right: WIDTH - MARGIN, bottom: 690.0 },
    };
    let map = Map::new(gap, &ground, region, detail, frame);
    let title = words::title(gap, shown);
    let foot = legend::foot(gap, day);
    let height = frame.bottom + 16.0 + foot.height;
    let mut pen = Pen::new(WIDTH, height, &title, &description(gap, shown, &map));
    map.draw(&mut pen);
    let taken = legend::draw(&mut pen, gap, shown, &map);
    map.names(&mut pen, &taken);
    legend::head(&mut pen, gap, &title);
    foot.draw(&mut pen, frame.bottom + 16.0);
    Ok(pen.finish())
}

/// What the picture says, for those who do not see it.
fn description(gap: &Gap, region: Option<&RegionGap>, map: &Map<'_>) -> String {
    let (name, totals) = legend::subject(gap, region);
    let figures = totals.map_or(words::UNKNOWN.to_owned(), |totals| {
        let figures = words::figures(totals).into_iter().map(|(what, value)| format!("{what}: {value}"));
        figures.collect::<Vec<_>>().join("; ")
    });
    let coarse = if map.has_coarse() { format!(" {}.", words::COARSE) } else { String::new() };
    format!(
        "Kaart van {name} met zeshoeken, donkerder naarmate er meer plekken per gezin zijn; gearceerd waar geen plek binnen {} \
         km is.{coarse} {} In cijfers: {figures}.",
        words::number(gap.catchment_km),
        words::source(gap)
    )
}
