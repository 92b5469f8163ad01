//! The trade-off of homogeneity (AEF, 2.a): how far families must travel, and how many have nothing, if only homogeneous groups
//! count, mixed ones too, or any.

use std::collections::BTreeMap;

use super::{
    super::{demand::Surface, reference::Region, vocabulary::Homogeneity},
    Gap, Totals,
    analysis::CellDemand,
    question::Question,
    supply::Supply,
    totals::Ranking,
};
/// The distances of the curve, km.
pub const DISTANCES_KM: [u32; 15] = [5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 125, 150];

/// The compositions that count, from the strictest on.
pub const GROUPS: [&[Homogeneity]; 3] = [
    &[Homogeneity::HomogeneousZevmb],
    &[Homogeneity::HomogeneousZevmb, Homogeneity::MixedEmbZevmb],
    &[Homogeneity::HomogeneousZevmb, Homogeneity::MixedEmbZevmb, Homogeneity::Heterogeneous],
];

/// One line of the trade-off.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The compositions that count.
    pub groups: &'static [Homogeneity],
    /// Places that count, in the region or the country that is asked about.
    pub places: usize,
    /// Their spots.
    pub spots: f64,
    /// What families find; none: the region is suppressed.
    pub found: Option<Found>,
}

/// What families find.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The totals.
    pub totals: Totals,
    /// For each of [`DISTANCES_KM`], the share of families with a place that is no farther, 0 to 1.
    pub within: Vec<f64>,
}

/// One line for `groups`, whose places are `supply`, over a region or, without one, the country; and what is to be said of it.
pub fn line(
    question: &Question,
    surface: &Surface,
    regions: &BTreeMap<String, Region>,
    region: Option<&str>,
    groups: &'static [Homogeneity],
    supply: &[Supply],
) -> (Line, String) {
    let demand = CellDemand::of(question, surface);
    let access = demand.access(question, supply);
    let gap = Gap::with(question, surface, regions, supply, &demand, &access.reach());
    let here = |code: &str| region.is_none_or(|region| region == code);
    let known = region.is_none_or(|code| surface.regions.get(code).is_some_and(|one| one.families.is_some()));
    let places = supply.iter().filter(|one| here(&one.region));
    let found = known.then(|| {
        let cells = || gap.cells.iter().filter(|cell| here(&cell.region));
        let weighted = gap.cells.iter();
        let ranking = Ranking::of(weighted.filter_map(|cell| Some((cell.score.unwrap_or(0.0), cell.demand?))));
        let all: f64 = cells().filter_map(|cell| cell.demand).sum();
        let within = |km: u32| {
            let near = cells().filter(|cell| cell.nearest_km.is_some_and(|nearest| nearest <= f64::from(km)));
            let near: f64 = near.filter_map(|cell| cell.demand).sum();
            if all > 0.0 { near / all } else { 0.0 }
        };
        Found { totals: Totals::of(cells(), &ranking), within: DISTANCES_KM.into_iter().map(within).collect() }
    });
    let line = Line { groups, places: places.clone().count(), spots: places.map(|one| one.spots).sum(), found };
    (line, gap.note())
}
