//! What could have been found: the shipped postcodes and regions, families as inhabitants, and places by chance. The scores are
//! those of a plain two-step floating catchment, so that a picture looks as real ones do.

use std::collections::BTreeMap;

use h3o::{CellIndex, Resolution};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use zorgkaart::{
    care::{
        demand::{DemandSource, Quarter},
        gap::{AreaGap, CellGap, Gap, RegionGap, Totals},
        shipped,
        vocabulary::CareForm,
    },
    geo::{Cell, Point, distance},
};

const CATCHMENT_KM: f64 = 30.0;
const NEEDED: f64 = 0.8;
const FAMILIES: f64 = 420.0;
const LEAST: f64 = 10.0;
const SEEK: f64 = 0.6;

struct Home {
    cell: Cell,
    coarse: CellIndex,
    families: f64,
}

/// A gap over the country, always the same.
pub(super) fn gap() -> Gap {
    let reference = shipped::reference().unwrap();
    let people: f64 = reference.postcodes.values().map(|one| f64::from(one.population)).sum();
    let mut cells: BTreeMap<Cell, f64> = BTreeMap::new();
    let mut votes: BTreeMap<CellIndex, BTreeMap<String, f64>> = BTreeMap::new();
    for one in reference.postcodes.values().filter(|one| one.population > 0) {
        let families = FAMILIES * f64::from(one.population) / people;
        let cell = Cell::at(one.point, 7).unwrap();
        *cells.entry(cell).or_default() += families;
        let region = reference.gemeenten[&one.gemeente_code].region_code.clone();
        *votes.entry(coarse(cell)).or_default().entry(region).or_default() += families;
    }
    let region_of: BTreeMap<CellIndex, String> = votes
        .into_iter()
        .map(|(cell, votes)| (cell, votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0))
        .collect();
    let homes: Vec<Home> =
        cells.into_iter().map(|(cell, families)| Home { cell, coarse: coarse(cell), families }).collect();

    let (mut areas, area_of) = areas(reference.regions.keys(), &homes, &region_of);
    let places = places(&homes);
    let demand = |home: &Home| if area_of.contains_key(&home.coarse) { home.families * SEEK } else { 0.0 };
    let away = |home: &Home, place: Point| distance::distance_km(home.cell.centre(), place);
    let ratios: Vec<f64> = places
        .iter()
        .map(|(at, spots)| {
            let near: f64 = homes.iter().filter(|home| away(home, *at) <= CATCHMENT_KM).map(demand).sum();
            spots / near.max(0.1)
        })
        .collect();
    let cells: Vec<CellGap> = homes
        .iter()
        .map(|home| {
            let ways: Vec<f64> = places.iter().map(|(at, _)| away(home, *at)).collect();
            let near = || (0..places.len()).filter(|place| ways[*place] <= CATCHMENT_KM);
            let score = near().map(|place| ratios[place]).reduce(|a, b| a + b);
            let area = area_of.get(&home.coarse).copied();
            let known = area.map(|_| demand(home));
            CellGap {
                cell: home.cell,
                region: region_of[&home.coarse].clone(),
                area,
                demand: known,
                reachable: near().map(|place| places[place].1).sum(),
                score,
                position: 0.5,
                unmet: known.map(|demand| demand * (NEEDED - score.unwrap_or(0.0)).max(0.0)),
                nearest_km: ways.into_iter().reduce(f64::min),
            }
        })
        .collect();
    for (position, area) in areas.iter_mut().enumerate() {
        area.totals = totals(cells.iter().filter(|cell| cell.area == Some(position)));
    }
    let regions = reference
        .regions
        .values()
        .map(|region| {
            let own: Vec<&AreaGap> = areas.iter().filter(|area| area.region == region.code).collect();
            let known = !own.is_empty();
            let inside = |at: Point| {
                let cell = coarse(Cell::at(at, 7).unwrap());
                region_of.get(&cell) == Some(&region.code)
            };
            RegionGap {
                code: region.code.clone(),
                name: region.name.clone(),
                families: known.then(|| own.iter().map(|area| area.families).sum()),
                totals: known.then(|| totals(cells.iter().filter(|cell| cell.region == region.code))),
                places: places.iter().filter(|place| inside(place.0)).count(),
                spots: places.iter().filter(|place| inside(place.0)).map(|place| place.1).sum(),
            }
        })
        .collect();
    Gap {
        care_form: CareForm::Logeren,
        source: DemandSource::Passports,
        quarter: Some(Quarter { year: 2026, quarter: 4 }),
        catchment_km: CATCHMENT_KM,
        spots_per_family: NEEDED,
        coverage: 0.21,
        country: totals(cells.iter()),
        cells,
        areas,
        regions,
    }
}

/// Areas of the regions with families enough, and the area of each cell.
fn areas<'a>(
    regions: impl Iterator<Item = &'a String>,
    homes: &[Home],
    region_of: &BTreeMap<CellIndex, String>,
) -> (Vec<AreaGap>, BTreeMap<CellIndex, usize>) {
    let mut areas: Vec<AreaGap> = Vec::new();
    let mut area_of: BTreeMap<CellIndex, usize> = BTreeMap::new();
    for code in regions {
        let mut coarse: BTreeMap<CellIndex, f64> = BTreeMap::new();
        for home in homes.iter().filter(|home| region_of[&home.coarse] == *code) {
            *coarse.entry(home.coarse).or_default() += home.families;
        }
        let mut parts = Vec::new();
        split(coarse.into_iter().collect(), &mut parts);
        for part in parts {
            let families: f64 = part.iter().map(|one| one.1).sum();
            if families < LEAST {
                continue;
            }
            let number = areas.iter().filter(|area| area.region == *code).count() + 1;
            area_of.extend(part.iter().map(|one| (one.0, areas.len())));
            areas.push(AreaGap {
                code: format!("2026-{code}-{number:02}"),
                region: code.clone(),
                cells: part.iter().map(|one| one.0.to_string().parse().unwrap()).collect(),
                families: (families / 5.0).round() * 5.0,
                totals: none(),
            });
        }
    }
    (areas, area_of)
}

fn coarse(cell: Cell) -> CellIndex {
    cell.to_string().parse::<CellIndex>().unwrap().parent(Resolution::Six).unwrap()
}

/// Halves cells along the longer side while each half has families enough.
fn split(mut cells: Vec<(CellIndex, f64)>, parts: &mut Vec<Vec<(CellIndex, f64)>>) {
    let at = |one: &(CellIndex, f64), axis: usize| {
        let centre = h3o::LatLng::from(one.0);
        [centre.lng() * 0.61, centre.lat()][axis]
    };
    let span = |axis| {
        let range = cells.iter().map(|one| at(one, axis));
        range.clone().fold(f64::MIN, f64::max) - range.fold(f64::MAX, f64::min)
    };
    let axis = usize::from(span(1) > span(0));
    cells.sort_by(|a, b| at(a, axis).total_cmp(&at(b, axis)));
    let all: f64 = cells.iter().map(|one| one.1).sum();
    let mut sum = 0.0;
    let cut = cells.iter().position(|one| {
        sum += one.1;
        sum >= all / 2.0
    });
    let cut = cut.map_or(0, |cut| cut + 1);
    let first: f64 = cells[..cut].iter().map(|one| one.1).sum();
    if first < LEAST || all - first < LEAST {
        parts.push(cells);
        return;
    }
    let second = cells.split_off(cut);
    split(cells, parts);
    split(second, parts);
}

/// Places where people live, none in Zeeland and in the corner of Drenthe.
fn places(homes: &[Home]) -> Vec<(Point, f64)> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut places = Vec::new();
    while places.len() < 30 {
        let home = &homes[random.random_range(0..homes.len())];
        let at = home.cell.centre();
        let empty = at.lng() < 4.2 || (at.lng() > 6.5 && at.lat() > 52.5);
        if !empty && random.random_range(0.0..0.9) < home.families {
            places.push((at, f64::from(random.random_range(2..6_u8))));
        }
    }
    places
}

fn none() -> Totals {
    Totals {
        demand: 0.0,
        score: 0.0,
        position: 0.0,
        unmet: 0.0,
        without: 0.0,
        nearest_median_km: None,
        nearest_p90_km: None,
        gini: None,
    }
}

fn totals<'a>(cells: impl Iterator<Item = &'a CellGap>) -> Totals {
    let cells: Vec<&CellGap> = cells.filter(|cell| cell.demand.is_some()).collect();
    let sum = |of: &dyn Fn(&CellGap) -> f64| -> f64 { cells.iter().map(|cell| cell.demand.unwrap() * of(cell)).sum() };
    let demand = sum(&|_| 1.0);
    let mut ways: Vec<(f64, f64)> = cells.iter().map(|cell| (cell.nearest_km.unwrap(), cell.demand.unwrap())).collect();
    ways.sort_by(|a, b| a.0.total_cmp(&b.0));
    let within = |part: f64| {
        let mut so_far = 0.0;
        ways.iter().find_map(|(way, families)| {
            so_far += families;
            (so_far >= part * demand).then_some(*way)
        })
    };
    Totals {
        demand,
        score: sum(&|cell| cell.score.unwrap_or(0.0)) / demand,
        position: 0.5,
        unmet: cells.iter().map(|cell| cell.unmet.unwrap()).sum(),
        without: sum(&|cell| if cell.score.is_none() { 1.0 } else { 0.0 }) / demand,
        nearest_median_km: within(0.5),
        nearest_p90_km: within(0.9),
        gini: Some(0.25),
    }
}
