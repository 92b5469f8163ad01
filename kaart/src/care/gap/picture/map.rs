//! The map itself: land, cells, borders and names.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    borders::{Line, borders},
    class::Class,
    ground::Ground,
    labels::{self, Label},
    pen::{Anchor, Pen, Style},
    plane::{Frame, Plane},
};
use crate::{
    care::gap::{Detail, Gap, RegionGap},
    geo::{
        Cell,
        outline::{Rings, outline},
    },
};

/// Land without people.
pub(super) const EMPTY: &str = "#f0f0f0";
/// Land around the region of a picture.
const ELSEWHERE: &str = "#e9e9e9";

/// A map to draw.
#[derive(Debug)]
pub(super) struct Map<'a> {
    gap: &'a Gap,
    ground: &'a Ground,
    /// The position of the region that it shows; none: the country.
    only: Option<usize>,
    detail: Detail<'a>,
    /// Where it stands on the sheet.
    pub(super) frame: Frame,
    /// How it stands there.
    pub(super) plane: Plane,
}

impl<'a> Map<'a> {
    /// The map of the region at the position `only` (none: of the country), that fills `frame`.
    pub(super) fn new(gap: &'a Gap, ground: &'a Ground, only: Option<usize>, detail: Detail<'a>, frame: Frame) -> Self {
        let land = ground.regions.iter().zip(0..).filter(|(_, position)| only.is_none_or(|only| only == *position));
        let plane = Plane::fit(land.flat_map(|(land, _)| land).flat_map(|cell| cell.boundary()), frame);
        Self { gap, ground, only, detail, frame, plane }
    }

    /// The regions that are painted, with their positions.
    fn painted(&self) -> impl Iterator<Item = (usize, &'a RegionGap)> {
        (0..).zip(&self.gap.regions).filter(|(position, _)| self.only.is_none_or(|only| only == *position))
    }

    /// Whether a region has one colour.
    pub(super) fn has_coarse(&self) -> bool {
        self.painted().any(|(_, region)| region.totals.is_some() && !self.detail.holds(&region.code))
    }

    /// Whether something is suppressed.
    pub(super) fn has_suppressed(&self) -> bool {
        self.painted().any(|(_, region)| region.totals.is_none())
    }

    /// Draws all but the names.
    pub(super) fn draw(&self, pen: &mut Pen) {
        if self.only.is_some() {
            self.surroundings(pen);
        }
        let land: Vec<_> = self.painted().map(|(position, region)| (region, self.land(position))).collect();
        for (region, (cells, rings)) in &land {
            if self.is_fine(region) {
                pen.group("land", &format!("fill=\"{EMPTY}\""), |pen| pen.shape(slices(rings)));
            } else {
                self.coarse(pen, region, cells, rings);
            }
        }
        self.cells(pen);
        let (inner, outer) = if self.only.is_some() {
            let areas: Vec<Vec<Line>> = self.areas().map(|(_, cells)| self.rings(&outline(cells))).collect();
            // Between areas there is a line; around the region its border, on all sides.
            let around = land.iter().flat_map(|(_, (_, rings))| rings.iter().map(closed));
            (borders(&areas.iter().map(Vec::as_slice).collect::<Vec<_>>()).between, around.collect())
        } else {
            let borders = borders(&land.iter().map(|(_, (_, rings))| rings.as_slice()).collect::<Vec<_>>());
            (borders.around, borders.between)
        };
        let paint = |colour: &str, width: f64| {
            format!(
                "fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\" \
                 stroke-linecap=\"round\""
            )
        };
        if self.only.is_some() {
            // Dark lines between dark cells need a light edge.
            pen.group("edge", &paint("#ffffff", 3.6), |pen| pen.lines(&inner));
            pen.group("areas", &paint("#1a1a1a", 1.4), |pen| pen.lines(&inner));
            pen.group("regions", &paint("#1a1a1a", 2.2), |pen| pen.lines(&outer));
        } else {
            pen.group("coast", &paint("#8a8a8a", 0.6), |pen| pen.lines(&inner));
            pen.group("edge", &paint("#ffffff", 2.6), |pen| pen.lines(&outer));
            pen.group("regions", &paint("#1a1a1a", 1.2), |pen| pen.lines(&outer));
        }
    }

    /// Whether the cells of a region are drawn: it is not suppressed, and may be seen in detail.
    fn is_fine(&self, region: &RegionGap) -> bool {
        region.totals.is_some() && self.detail.holds(&region.code)
    }

    /// The cells of the regions in detail, by colour.
    fn cells(&self, pen: &mut Pen) {
        let regions: BTreeSet<&str> =
            self.painted().filter(|(_, region)| self.is_fine(region)).map(|(_, region)| region.code.as_str()).collect();
        let mut classes: BTreeMap<Class, Vec<Line>> = BTreeMap::new();
        for cell in &self.gap.cells {
            if !regions.contains(cell.region.as_str()) {
                continue;
            }
            let class = Class::of(cell.score, self.gap.spots_per_family);
            classes.entry(class).or_default().push(self.corners(cell.cell));
        }
        for (class, cells) in classes {
            let paint = format!("fill=\"{}\" stroke=\"{}\" stroke-width=\"0.4\"", class.fill(), class.edge());
            pen.group("cells", &paint, |pen| cells.iter().for_each(|cell| pen.cell(cell)));
            if let Some(hatch) = class.hatch() {
                pen.hatch(hatch, cells.iter().map(Vec::as_slice));
            }
        }
    }

    /// A region in one colour: that of its mean, or that of what is not known.
    fn coarse(&self, pen: &mut Pen, region: &RegionGap, cells: &BTreeSet<Cell>, rings: &[Line]) {
        let class = region
            .totals
            .as_ref()
            .map_or(Class::Suppressed, |totals| Class::of(Some(totals.score), self.gap.spots_per_family));
        pen.group("region", &format!("fill=\"{}\"", class.fill()), |pen| pen.shape(slices(rings)));
        if let Some(hatch) = class.hatch() {
            let cells: Vec<_> = cells.iter().map(|cell| self.corners(*cell)).collect();
            pen.hatch(hatch, cells.iter().map(Vec::as_slice));
        }
    }

    /// The other regions, as far as the frame reaches.
    fn surroundings(&self, pen: &mut Pen) {
        let paint = format!("fill=\"{ELSEWHERE}\" stroke=\"#ffffff\" stroke-width=\"1.5\"");
        pen.group("elsewhere", &paint, |pen| {
            for (position, _) in self.elsewhere() {
                let cells = self.ground.regions.get(position).into_iter().flatten().copied();
                let seen: BTreeSet<Cell> =
                    cells.filter(|cell| self.corners(*cell).iter().all(|corner| self.frame.holds(*corner))).collect();
                if !seen.is_empty() {
                    pen.shape(slices(&self.rings(&outline(&seen))));
                }
            }
        });
    }

    fn elsewhere(&self) -> impl Iterator<Item = (usize, &'a RegionGap)> {
        (0..).zip(&self.gap.regions).filter(|(position, _)| self.only.is_some_and(|only| only != *position))
    }

    /// The areas of the region of the picture that may be shown, by code.
    fn areas(&self) -> impl Iterator<Item = (&'a str, &'a BTreeSet<Cell>)> {
        let only = self.only.and_then(|only| self.gap.regions.get(only));
        let shown = only.filter(|region| region.totals.is_some() && self.detail.holds(&region.code));
        let areas = self.gap.areas.iter().zip(&self.ground.areas);
        areas
            .filter(move |(area, _)| shown.is_some_and(|region| region.code == area.region))
            .map(|(area, cells)| (area.code.as_str(), cells))
    }

    /// Writes the names where there is room: of the regions, the largest first; of the areas their codes.
    pub(super) fn names(&self, pen: &mut Pen, taken: &[Frame]) {
        let style = |size, bold, colour| Style { size, bold, colour, anchor: Anchor::Middle };
        let empty = BTreeSet::new();
        let land = |position: usize| self.ground.regions.get(position).unwrap_or(&empty);
        let mut wanted: Vec<(usize, Label)> = Vec::new();
        let mut want = |cells: &BTreeSet<Cell>, text: &str, style: Style| {
            let text = text.to_owned();
            wanted.extend(self.middle(cells).map(|at| (cells.len(), Label { at, text, style })));
        };
        if self.only.is_some() {
            for (code, cells) in self.areas() {
                want(cells, code, style(10.0, true, "#111111"));
            }
        } else {
            for (position, region) in self.painted() {
                want(land(position), &region.name, style(11.5, true, "#111111"));
            }
        }
        wanted.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
        let mut labels: Vec<Label> = wanted.into_iter().map(|(_, label)| label).collect();
        // The neighbours last: they give way.
        for (position, region) in self.elsewhere() {
            let cells = land(position).iter().copied();
            let seen = cells.filter(|cell| self.frame.holds(self.plane.place(cell.centre()))).collect();
            let style = style(10.5, false, "#6b6b6b");
            labels.extend(self.middle(&seen).map(|at| Label { at, text: region.name.clone(), style }));
        }
        let room = Frame { left: 4.0, right: self.frame.right + 18.0, ..self.frame };
        pen.group("names", "", |pen| labels::set(pen, &labels, room, taken));
    }

    /// The middle of cells: of the one that is nearest to their mean place; none: there are none.
    fn middle(&self, cells: &BTreeSet<Cell>) -> Option<[f64; 2]> {
        let places: Vec<[f64; 2]> = cells.iter().map(|cell| self.plane.place(cell.centre())).collect();
        let (sum, count) =
            places.iter().fold(([0.0; 2], 0.0), |(sum, count), at| ([sum[0] + at[0], sum[1] + at[1]], count + 1.0));
        let away = |at: &[f64; 2]| (at[0] - sum[0] / count).hypot(at[1] - sum[1] / count);
        places.into_iter().min_by(|a, b| away(a).total_cmp(&away(b)))
    }

    /// The land of the region at a position, as cells and as rings on the sheet.
    fn land(&self, position: usize) -> (&'a BTreeSet<Cell>, Vec<Line>) {
        static NONE: BTreeSet<Cell> = BTreeSet::new();
        let cells = self.ground.regions.get(position).unwrap_or(&NONE);
        (cells, self.rings(&outline(cells)))
    }

    fn rings(&self, polygons: &[Rings]) -> Vec<Line> {
        let ring = |ring: &Vec<crate::geo::Point>| ring.iter().skip(1).map(|at| self.plane.place(*at)).collect();
        polygons.iter().flatten().map(ring).collect()
    }

    fn corners(&self, cell: Cell) -> Line {
        cell.boundary().into_iter().map(|corner| self.plane.place(corner)).collect()
    }
}

fn closed(ring: &Line) -> Line {
    ring.iter().chain(ring.first()).copied().collect()
}

fn slices(rings: &[Line]) -> impl Iterator<Item = &[[f64; 2]]> {
    rings.iter().map(Vec::as_slice)
}
