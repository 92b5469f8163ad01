//! The analysis itself: demand from a surface, supply from the map, and what floating catchment areas say of both.

use std::collections::BTreeMap;

use super::{
    super::{
        demand::{FAMILIES_IN_THE_COUNTRY, Surface},
        reference::Region,
    },
    AreaGap, CellGap, Gap, RegionGap, Totals,
    catchment::{Access, Demand, Reach, Supply as Spots},
    question::Question,
    supply::Supply,
    totals::Ranking,
};

/// Demand of one care form, cell by cell, in the order of [`Surface::cells`].
#[derive(Debug)]
pub struct CellDemand {
    /// Families that seek the care form, modelled; none: nothing is said of them.
    pub(super) families: Vec<Option<f64>>,
    points: Vec<Demand>,
}

impl CellDemand {
    /// Demand is modelled: the families of an area, by the inhabitants of its cells, times the share of the region that seeks
    /// the care form, or of the country where too few do so in the region (DESIGN, section 8).
    pub fn of(question: &Question, surface: &Surface) -> Self {
        let families: Vec<Option<f64>> = surface
            .cells
            .iter()
            .map(|cell| {
                let area = surface.areas.get(cell.area?)?;
                Some(area.families * cell.share * surface.share(&cell.region, question.care_form)?.0)
            })
            .collect();
        let points = surface
            .cells
            .iter()
            .zip(&families)
            .map(|(cell, families)| Demand { at: cell.cell.centre().into(), amount: families.unwrap_or(0.0) })
            .collect();
        Self { families, points }
    }

    /// Access of every cell to `supply`.
    pub(super) fn access(&self, question: &Question, supply: &[Supply]) -> Access {
        let spots: Vec<Spots> = supply.iter().map(Into::into).collect();
        Access::of(&self.points, &spots, question.catchment)
    }
}

impl From<&Supply> for Spots {
    fn from(one: &Supply) -> Self {
        Self { at: one.point.into(), spots: one.spots }
    }
}

impl Gap {
    /// Analyses `surface` against `supply`. `regions`: all of them, by code.
    pub fn of(question: &Question, surface: &Surface, regions: &BTreeMap<String, Region>, supply: &[Supply]) -> Self {
        let demand = CellDemand::of(question, surface);
        let access = demand.access(question, supply);
        Self::with(question, surface, regions, supply, &demand, &access.reach())
    }

    /// The same, with what is computed already.
    pub(super) fn with(
        question: &Question,
        surface: &Surface,
        regions: &BTreeMap<String, Region>,
        supply: &[Supply],
        demand: &CellDemand,
        reach: &[Reach],
    ) -> Self {
        let norm = question.spots_per_family;
        let weighted = reach.iter().zip(&demand.families);
        let ranking =
            Ranking::of(weighted.filter_map(|(reach, families)| Some((reach.score.unwrap_or(0.0), (*families)?))));
        let cells: Vec<CellGap> = surface
            .cells
            .iter()
            .zip(&demand.families)
            .zip(reach)
            .map(|((cell, families), Reach { score, spots, nearest_km })| CellGap {
                cell: cell.cell,
                region: cell.region.clone(),
                area: cell.area,
                demand: *families,
                reachable: *spots,
                score: *score,
                position: ranking.position(score.unwrap_or(0.0)),
                unmet: families.map(|families| families * (norm - score.unwrap_or(0.0)).max(0.0)),
                nearest_km: *nearest_km,
            })
            .collect();
        let mut inside_area = vec![Vec::new(); surface.areas.len()];
        let mut inside_region: BTreeMap<&str, Vec<&CellGap>> = BTreeMap::new();
        for cell in &cells {
            if let Some(inside) = cell.area.and_then(|area| inside_area.get_mut(area)) {
                inside.push(cell);
            }
            inside_region.entry(&cell.region).or_default().push(cell);
        }
        let areas = surface
            .areas
            .iter()
            .zip(inside_area)
            .map(|(area, inside)| AreaGap {
                code: area.code.clone(),
                region: area.region.clone(),
                cells: area.cells.clone(),
                families: area.families,
                totals: Totals::of(inside.into_iter(), &ranking),
            })
            .collect();
        let regions = regions
            .values()
            .map(|region| {
                let families = surface.regions.get(&region.code).and_then(|demand| demand.families);
                let inside = inside_region.get(region.code.as_str()).into_iter().flatten().copied();
                let here = supply.iter().filter(|one| one.region == region.code);
                RegionGap {
                    code: region.code.clone(),
                    name: region.name.clone(),
                    families,
                    totals: families.map(|_| Totals::of(inside, &ranking)),
                    places: here.clone().count(),
                    spots: here.map(|one| one.spots).sum(),
                }
            })
            .collect();
        Self {
            care_form: question.care_form,
            source: surface.source,
            quarter: surface.quarter,
            catchment_km: question.catchment.km(),
            spots_per_family: norm,
            coverage: surface.areas.iter().map(|area| area.families).sum::<f64>() / FAMILIES_IN_THE_COUNTRY,
            country: Totals::of(cells.iter(), &ranking),
            cells,
            areas,
            regions,
        }
    }
}
