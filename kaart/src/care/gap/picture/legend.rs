//! What stands around the map: title, source, legend, figures, scale, and what must be known to read it.

use chrono::NaiveDate;

use super::{
    MARGIN, WIDTH,
    class::{Class, PALETTE, edges},
    map::{self, Map},
    pen::{Anchor, Pen, Style, wrapped},
    plane::Frame,
    words,
};
use crate::care::{
    demand::DemandSource,
    gap::{Gap, RegionGap, Totals},
};

/// How wide legend and figures are, units.
const COLUMN: f64 = 218.0;
/// The lengths that a scale bar may have, km.
const LENGTHS: [f64; 7] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
/// The longest scale bar, units.
const LONGEST: f64 = 150.0;
const SMALL: Style = Style { size: 11.0, bold: false, colour: "#222222", anchor: Anchor::Start };
const HEADING: Style = Style { size: 13.0, bold: true, colour: "#111111", anchor: Anchor::Start };

/// Title and source.
pub(super) fn head(pen: &mut Pen, gap: &Gap, title: &str) {
    // A long name of a region must not run off the sheet.
    let size = if super::pen::width(title, 21.0) > WIDTH - 2.0 * MARGIN { 16.5 } else { 21.0 };
    pen.text([MARGIN, 38.0], title, Style { size, bold: true, ..HEADING });
    let bold = gap.source == DemandSource::Estimate;
    pen.text([MARGIN, 62.0], &words::source(gap), Style { size: 12.5, bold, ..SMALL });
}

/// Whom the figures are about, and what is known of them.
pub(super) fn subject<'a>(gap: &'a Gap, region: Option<&'a RegionGap>) -> (&'a str, Option<&'a Totals>) {
    region.map_or(("Nederland", Some(&gap.country)), |region| (region.name.as_str(), region.totals.as_ref()))
}

/// Legend, figures and scale; answers what they cover.
pub(super) fn draw(pen: &mut Pen, gap: &Gap, region: Option<&RegionGap>, map: &Map<'_>) -> [Frame; 2] {
    let top = map.frame.top + 8.0;
    let mut y = top + 12.0;
    pen.group("legend", "", |pen| {
        y = classes(pen, gap, map, y);
        y = figures(pen, gap, region, y + 26.0);
    });
    let bar = scale(pen, map);
    [Frame { left: MARGIN, top, right: MARGIN + COLUMN, bottom: y }, bar]
}

fn classes(pen: &mut Pen, gap: &Gap, map: &Map<'_>, mut y: f64) -> f64 {
    pen.text([MARGIN, y], "Plekken per gezin", HEADING);
    y += 9.0;
    let edges = edges(gap.spots_per_family).map(words::number);
    let [a, b, needed, most] = &edges;
    let scores = [
        format!("minder dan {a}"),
        format!("{a} tot {b}"),
        format!("{b} tot {needed}"),
        format!("{needed} tot {most}"),
        format!("{most} of meer"),
    ];
    let mut row = |fill: &str, class: Option<Class>, text: &str| {
        let frame = Frame { left: MARGIN, top: y, right: MARGIN + 26.0, bottom: y + 14.0 };
        pen.swatch(frame, fill, class.and_then(Class::hatch));
        for line in wrapped(text, SMALL.size, COLUMN - 34.0) {
            pen.text([MARGIN + 34.0, y + 11.0], &line, SMALL);
            y += 14.0;
        }
        y += 4.0;
        y
    };
    let nothing = format!("geen plek binnen {} km", words::number(gap.catchment_km));
    row(Class::Nothing.fill(), Some(Class::Nothing), &nothing);
    let mut line = 0.0;
    for (position, text) in scores.iter().enumerate().take(PALETTE.len()) {
        let class = Class::Score(position);
        let below = row(class.fill(), Some(class), text);
        // The classes below this line are those with enough.
        if position == 2 {
            line = below - 2.0;
        }
    }
    if map.has_suppressed() {
        row(Class::Suppressed.fill(), Some(Class::Suppressed), words::UNKNOWN);
    }
    row(map::EMPTY, None, words::EMPTY);
    let right = MARGIN + 138.0;
    pen.line([MARGIN + 34.0, line], [right, line], "#111111", 0.9);
    pen.text([right + 4.0, line + 3.5], &format!("nodig: {needed}"), Style { bold: true, ..SMALL });
    if map.has_coarse() {
        for text in wrapped(words::COARSE, SMALL.size, COLUMN) {
            y += 14.0;
            pen.text([MARGIN, y], &text, SMALL);
        }
    }
    y
}

fn figures(pen: &mut Pen, gap: &Gap, region: Option<&RegionGap>, mut y: f64) -> f64 {
    let (name, totals) = subject(gap, region);
    for line in wrapped(&format!("In cijfers: {name}"), HEADING.size, COLUMN) {
        pen.text([MARGIN, y], &line, HEADING);
        y += 16.0;
    }
    let Some(totals) = totals else {
        for line in wrapped(words::UNKNOWN, SMALL.size, COLUMN) {
            pen.text([MARGIN, y], &line, SMALL);
            y += 14.0;
        }
        return y;
    };
    for (what, value) in words::figures(totals) {
        pen.text([MARGIN, y], &format!("{what}:"), SMALL);
        pen.text([MARGIN + 8.0, y + 14.0], &value, Style { bold: true, ..SMALL });
        y += 30.0;
    }
    y - 16.0
}

fn scale(pen: &mut Pen, map: &Map<'_>) -> Frame {
    let fits = LENGTHS.into_iter().rev().find(|km| km * map.plane.per_km <= LONGEST);
    let km = fits.unwrap_or(LENGTHS[0]);
    let (left, y) = (MARGIN, map.frame.bottom - 6.0);
    let (middle, right) = (left + km * map.plane.per_km / 2.0, left + km * map.plane.per_km);
    pen.group("scale", "", |pen| {
        let bar = |left, right| Frame { left, top: y - 5.0, right, bottom: y };
        pen.swatch(bar(left, middle), "#222222", None);
        pen.swatch(bar(middle, right), "#ffffff", None);
        pen.text([left, y - 10.0], &format!("{} km", words::number(km)), SMALL);
    });
    Frame { left, top: y - 22.0, right, bottom: y }
}

/// What stands under the map.
#[derive(Debug)]
pub(super) struct Foot {
    lines: Vec<(String, Style)>,
    /// How much room it takes, units.
    pub(super) height: f64,
}

/// What stands under the map.
pub(super) fn foot(gap: &Gap, day: NaiveDate) -> Foot {
    let tiny = Style { size: 9.5, colour: "#444444", ..SMALL };
    let last = format!("Zorgkaart, {}. {}", words::day(day), words::ATTRIBUTION);
    let lines: Vec<(String, Style)> = [(words::caution(gap), SMALL), (last, tiny)]
        .into_iter()
        .flat_map(|(text, style)| {
            wrapped(&text, style.size, WIDTH - 2.0 * MARGIN).into_iter().map(move |line| (line, style))
        })
        .collect();
    let height = lines.iter().map(|_| 15.0).sum::<f64>() + 12.0;
    Foot { lines, height }
}

impl Foot {
    /// Draws it from `top` on.
    pub(super) fn draw(self, pen: &mut Pen, top: f64) {
        let mut y = top;
        for (line, style) in self.lines {
            y += 15.0;
            pen.text([MARGIN, y - 3.0], &line, style);
        }
    }
}
