//! Surfaces: of what is published, and the estimate that needs no passports.

use std::collections::BTreeMap;

use super::{
    DemandArea, DemandCell, DemandSource, FAMILIES_IN_THE_COUNTRY, RegionDemand, Surface,
    grow::{Piece, split},
    noise::LEAST_K,
    publication::{Division, DivisionArea, Publication, Said, Territory},
};
use crate::{care::vocabulary::CareForm, geo::Cell};

/// The surface of a publication and of the division of its year. Nothing else is in it.
pub fn surface(division: &Division, publication: &Publication) -> Surface {
    let shares = |said: &Said| {
        said.forms.iter().map(|(form, share)| (*form, share.map(|percent| f64::from(percent) / 100.0))).collect()
    };
    let region = |said: &Said| RegionDemand { families: said.families.map(f64::from), forms: shares(said) };
    Surface {
        source: DemandSource::Passports,
        quarter: Some(publication.quarter),
        areas: areas(&division.areas, |code, _| {
            f64::from(publication.areas.get(code).map(|area| area.families).unwrap_or_default())
        }),
        cells: cells(&division.territory, &division.areas),
        regions: publication.regions.iter().map(|(code, said)| (code.clone(), region(said))).collect(),
        forms: shares(&publication.country),
    }
}

/// The estimate: [`FAMILIES_IN_THE_COUNTRY`], spread as inhabitants are. Areas are grown until 10 families are expected in
/// each; every region has at least one, and none is suppressed, since nothing here comes from a family. Nothing is known of
/// the care forms that they seek, so each share is 1: as if every family sought it, an upper bound.
pub fn estimate(territory: &Territory) -> Surface {
    let inhabitants = territory.inhabitants();
    let everybody: u64 = inhabitants.values().sum();
    let living = |cell: &Cell| inhabitants.get(cell).copied().unwrap_or_default();
    let thin = |piece: &Piece| expected(piece.inhabitants, everybody) < f64::from(LEAST_K);
    let mut division = BTreeMap::new();
    let mut regions = BTreeMap::new();
    let every = || CareForm::ALL.iter().map(|form| (*form, Some(1.0))).collect();
    for (region, own) in territory.regions() {
        let families = expected(own.iter().map(living).sum(), everybody);
        regions.insert(region.to_owned(), RegionDemand { families: Some(families), forms: every() });
        let alone = |cell: Cell| Piece { cells: [cell].into(), inhabitants: living(&cell), families: 0 };
        let mut pieces = split(&own.into_iter().map(alone).collect::<Vec<_>>(), &thin, &|_| false);
        pieces.sort_by_key(|piece| piece.cells.first().copied());
        for (number, piece) in (1..).zip(pieces) {
            let number: u32 = number;
            let cells = piece.cells.into_iter().collect();
            division
                .insert(format!("ESTIMATE-{region}-{number:02}"), DivisionArea { region: region.to_owned(), cells });
        }
    }
    Surface {
        source: DemandSource::Estimate,
        quarter: None,
        areas: areas(&division, |_, area| expected(area.cells.iter().map(living).sum(), everybody)),
        cells: cells(territory, &division),
        regions,
        forms: every(),
    }
}

/// The families among so many inhabitants, if they live as everybody does.
fn expected(inhabitants: u64, everybody: u64) -> f64 {
    FAMILIES_IN_THE_COUNTRY * number(inhabitants) / number(everybody.max(1))
}

/// Inhabitants as a float: exact up to four thousand million.
fn number(inhabitants: u64) -> f64 {
    f64::from(u32::try_from(inhabitants).unwrap_or(u32::MAX))
}

fn areas(division: &BTreeMap<String, DivisionArea>, families: impl Fn(&str, &DivisionArea) -> f64) -> Vec<DemandArea> {
    division
        .iter()
        .map(|(code, area)| DemandArea {
            code: code.clone(),
            region: area.region.clone(),
            cells: area.cells.clone(),
            families: families(code, area),
        })
        .collect()
}

/// The cells of resolution 7 in which people live. Where nobody lives in a whole area, each of its cells counts alike, so that
/// the shares of an area always add up to 1.
fn cells(territory: &Territory, division: &BTreeMap<String, DivisionArea>) -> Vec<DemandCell> {
    let area_of: BTreeMap<Cell, usize> =
        (0..).zip(division.values()).flat_map(|(at, area)| area.cells.iter().map(move |cell| (*cell, at))).collect();
    // Where a cell counts follows from the cell: its parent, or what is nearest to that.
    let mut living: BTreeMap<Cell, (Option<usize>, &str, u64)> = BTreeMap::new();
    for home in territory.homes.values() {
        if let Some(region) = territory.cells.get(&home.within) {
            let area = area_of.get(&home.within).copied();
            living.entry(home.cell).or_insert((area, region, 0)).2 += u64::from(home.inhabitants);
        }
    }
    // An area's people, and its cells.
    let mut totals: BTreeMap<(Option<usize>, &str), (u64, u64)> = BTreeMap::new();
    for (area, region, inhabitants) in living.values() {
        let (people, cells) = totals.entry((*area, *region)).or_default();
        *people += inhabitants;
        *cells += 1;
    }
    let share = |area: Option<usize>, region: &str, inhabitants: u64| match totals.get(&(area, region)) {
        Some((0, cells)) => 1.0 / number(*cells),
        Some((people, _)) => number(inhabitants) / number(*people),
        None => 0.0,
    };
    living
        .into_iter()
        .map(|(cell, (area, region, inhabitants))| DemandCell {
            cell,
            region: region.to_owned(),
            area,
            share: share(area, region, inhabitants),
        })
        .filter(|cell| cell.share > 0.0)
        .collect()
}
