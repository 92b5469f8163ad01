//! Demand: how families are counted, published, and what an attacker learns of it.

mod events;
mod gate;
mod linear;
mod noise;
mod publish;
mod surface;
mod territory;
mod years;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use h3o::CellIndex;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use zorgkaart::{
    care::{
        demand::{Division, Family, Publication, Quarter, Territory},
        postcode::Pc4,
        reference::{Gemeente, Postcode, Reference, Region},
        vocabulary::CareForm,
    },
    geo::{Cell, Point},
};

fn chance(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn quarter(year: i32, quarter: u8) -> Quarter {
    Quarter { year, quarter }
}

/// A country of the cells around Utrecht, in regions from west to east, with one postcode in the middle of each cell.
fn country(radius: u32, regions: usize, mut inhabitants: impl FnMut() -> u32) -> Reference {
    let middle = Cell::at(Point::new(52.1, 5.3).unwrap(), 6).unwrap();
    let disk: Vec<CellIndex> = as_h3o(middle).grid_disk(radius);
    let mut cells: Vec<Cell> = disk.into_iter().map(|cell| cell.to_string().parse().unwrap()).collect();
    cells.sort_by(|a, b| a.centre().lng().total_cmp(&b.centre().lng()));
    let mut reference = Reference::default();
    for (at, cell) in cells.iter().enumerate() {
        let region = at * regions / cells.len();
        let pc4 = Pc4::from_number(u16::try_from(1000 + at).unwrap()).unwrap();
        let postcode = Postcode {
            pc4,
            place_name: String::new(),
            point: cell.centre(),
            gemeente_code: format!("GM{region:04}"),
            cbs_area: true,
            population: inhabitants(),
        };
        reference.postcodes.insert(pc4, postcode);
        gemeente(&mut reference, region);
    }
    reference
}

fn gemeente(reference: &mut Reference, number: usize) {
    let valid_from = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    let (code, region_code) = (format!("GM{number:04}"), format!("ZK{number:02}"));
    reference.regions.insert(
        region_code.clone(),
        Region {
            code: region_code.clone(),
            name: region_code.clone(),
            concession_holder: String::new(),
            valid_from,
            valid_to: None,
        },
    );
    reference
        .gemeenten
        .insert(code.clone(), Gemeente { code: code.clone(), name: code, region_code, valid_from, valid_to: None });
}

/// Families that live where chance puts them, weighted by inhabitants.
fn families(reference: &Reference, number: usize, chance: &mut ChaCha8Rng) -> Vec<Family> {
    let everybody: u32 = reference.postcodes.values().map(|postcode| postcode.population).sum();
    let family = |_| {
        let mut left = chance.random_range(0..everybody);
        let home = reference.postcodes.values().find(|postcode| {
            let here = left < postcode.population;
            left = left.saturating_sub(postcode.population);
            here
        });
        let forms = CareForm::ALL.iter().copied().filter(|_| chance.random_bool(0.5)).collect();
        Family { home: home.unwrap().pc4, forms, key: chance.next_u64() }
    };
    (0..number).map(family).collect()
}

fn as_h3o(cell: Cell) -> CellIndex {
    cell.to_string().parse().unwrap()
}

/// Whether cells are one piece, by H3's own word.
fn one_piece(cells: &[Cell]) -> bool {
    let mut apart: BTreeSet<CellIndex> = cells.iter().map(|cell| as_h3o(*cell)).collect();
    let mut open: Vec<CellIndex> = apart.pop_first().into_iter().collect();
    while let Some(cell) = open.pop() {
        let (near, far) = apart.into_iter().partition(|other| cell.is_neighbor_with(*other).unwrap());
        let near: BTreeSet<CellIndex> = near;
        open.extend(near);
        apart = far;
    }
    apart.is_empty()
}

/// The true counts by cell.
fn counts(families: &[Family], territory: &Territory) -> BTreeMap<Cell, u64> {
    let mut counts = BTreeMap::new();
    for family in families {
        *counts.entry(territory.cell_of(family.home).unwrap()).or_default() += 1;
    }
    counts
}

fn held(cells: &[Cell], counts: &BTreeMap<Cell, u64>) -> u64 {
    cells.iter().filter_map(|cell| counts.get(cell)).sum()
}

fn divisions(publications: &[Publication]) -> Vec<&Division> {
    publications.iter().filter_map(|publication| publication.division.as_ref()).collect()
}

/// For each cell what every division says of it.
fn overlay(divisions: &[&Division]) -> BTreeMap<Cell, Vec<String>> {
    let mut overlay: BTreeMap<Cell, Vec<String>> = BTreeMap::new();
    for division in divisions {
        for (cell, region) in &division.territory.cells {
            let area = division.areas.iter().find(|(_, area)| area.cells.contains(cell)).map(|(code, _)| code);
            overlay.entry(*cell).or_default().push(area.unwrap_or(region).clone());
        }
    }
    overlay
}
