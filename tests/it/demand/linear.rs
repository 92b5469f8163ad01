//! An attacker with a zorgkantoor's token, and one with all of them, who solves for small groups. They see every area, region
//! and sum of every publication; all that the API answers is computed from those. Families stay where they are, so every
//! publication is about the same unknown numbers: the strongest case for solving.

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng, RngCore};
use zorgkaart::{
    care::demand::{
        Division, Publication, Territory,
        noise::{EPSILON_FAMILIES, shown},
        partition::{Plan, divide},
        publish,
    },
    geo::Cell,
};

use super::{chance, country, counts, divisions, families, held, noise::pmf, overlay, quarter};

/// A large prime: sums of zeros and ones that are independent over the rationals are so here, all but surely.
const PRIME: i128 = (1 << 61) - 1;

fn inverse(number: i128) -> i128 {
    let (mut base, mut power, mut result) = (number.rem_euclid(PRIME), PRIME - 2, 1);
    while power > 0 {
        if power & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        power >>= 1;
    }
    result
}

/// Brings the rows to reduced echelon form.
fn eliminate(mut rows: Vec<Vec<i128>>) -> Vec<Vec<i128>> {
    let width = rows.first().map_or(0, Vec::len);
    let mut done = 0;
    for column in 0..width {
        let Some(pivot) = (done..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
        rows.swap(done, pivot);
        let scale = inverse(rows[done][column]);
        rows[done].iter_mut().for_each(|value| *value = *value * scale % PRIME);
        let pivot = rows[done].clone();
        for (at, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if at != done && factor != 0 {
                row.iter_mut().zip(&pivot).for_each(|(value, p)| *value = (*value - factor * p).rem_euclid(PRIME));
            }
        }
        done += 1;
    }
    rows.truncate(done);
    rows
}

/// Whether the sum over `set` follows from the rows.
fn follows(rows: &[Vec<i128>], set: &[i128]) -> bool {
    let mut left = set.to_vec();
    for row in rows {
        let pivot = row.iter().position(|value| *value != 0).unwrap();
        let factor = left[pivot];
        left.iter_mut().zip(row).for_each(|(value, r)| *value = (*value - factor * r).rem_euclid(PRIME));
    }
    left.iter().all(|value| *value == 0)
}

/// The families of the smallest group that can be solved for: atoms, and differences and intersections of two published sets.
fn smallest(divisions: &[&Division], counts: &BTreeMap<Cell, u64>, token: Option<&str>) -> u64 {
    let mut atoms: BTreeMap<Vec<String>, Vec<Cell>> = BTreeMap::new();
    for (cell, codes) in overlay(divisions) {
        atoms.entry(codes).or_default().push(cell);
    }
    let atoms: Vec<Vec<Cell>> = atoms.into_values().collect();
    let mut published: Vec<BTreeSet<Cell>> = Vec::new();
    for division in divisions {
        let mut regions: BTreeMap<&str, BTreeSet<Cell>> = BTreeMap::new();
        for area in division.areas.values() {
            regions.entry(&area.region).or_default().extend(&area.cells);
            if token.is_none_or(|own| own == area.region) {
                published.push(area.cells.iter().copied().collect());
            }
        }
        published.push(regions.values().flatten().copied().collect());
        published.extend(regions.into_values());
    }
    let row = |set: &BTreeSet<Cell>| atoms.iter().map(|atom| i128::from(set.contains(&atom[0]))).collect::<Vec<_>>();
    let rows = eliminate(published.iter().map(row).collect());
    let mut groups: Vec<BTreeSet<Cell>> = atoms.iter().map(|atom| atom.iter().copied().collect()).collect();
    for one in &published {
        for other in &published {
            groups.push(one - other);
            groups.push(one & other);
        }
    }
    groups
        .into_iter()
        .filter(|group| !group.is_empty() && follows(&rows, &row(group)))
        .map(|group| held(&group.into_iter().collect::<Vec<_>>(), counts))
        .min()
        .unwrap_or(u64::MAX)
}

/// The smallest group after four years, in which inhabitants change and families do not.
fn after_four_years(seed: u64, anew: bool, token: Option<&str>) -> u64 {
    let mut chance = chance(seed);
    let mut reference = country(3, 2, || 1000);
    let living = families(&reference, 300, &mut chance);
    let territory = Territory::of(&reference);
    let counts = counts(&living, &territory);
    let mut publications: Vec<Publication> = Vec::new();
    let mut free: Vec<Division> = Vec::new();
    for year in 2027..2031 {
        for postcode in reference.postcodes.values_mut() {
            postcode.population = chance.random_range(1..3000);
        }
        if anew {
            let today = Territory::on_the_ground_of(&reference, &territory);
            free.push(divide(Plan { year, k: 10, planned_for: 300 }, &today, &counts, &[]));
        } else {
            let next = publish(quarter(year, 1), 10, &living, &reference, &publications, &mut || chance.next_u64());
            publications.push(next.unwrap());
        }
    }
    let all = if anew { free.iter().collect() } else { divisions(&publications) };
    smallest(&all, &counts, token)
}

#[test]
fn no_small_group_can_be_solved_for() {
    for seed in 0..12 {
        for token in [Some("ZK00"), Some("ZK01"), None] {
            let found = after_four_years(seed, false, token);
            assert!(found >= 10, "{found} families, seed {seed}, {token:?}");
            assert!(found < u64::MAX);
        }
    }
}

#[test]
fn areas_that_are_divided_anew_each_year_would_give_small_groups_away() {
    let found = (0..12).filter(|seed| after_four_years(*seed, true, None) < 10).count();
    assert!(found >= 8, "{found}");
}

/// Counts under five hidden, sums from raw counts: a difference gives the hidden one back, to the last family.
#[test]
fn hiding_only_the_smallest_would_give_them_away() {
    let raw: [i64; 4] = [14, 3, 9, 21];
    let total: i64 = raw.iter().sum();
    let mut rows: Vec<Vec<i128>> = Vec::new();
    for (at, _) in raw.iter().enumerate().filter(|(_, count)| **count >= 5) {
        rows.push((0..4).map(|column| i128::from(column == at)).collect());
    }
    rows.push(vec![1; 4]);
    assert!(follows(&eliminate(rows), &[0, 1, 0, 0]));
    assert_eq!(total - raw.iter().filter(|count| **count >= 5).sum::<i64>(), 3);
}

/// What is shown bounds nothing: each value may come from any true count. With noise that ends at four, or none, it would.
#[test]
fn no_interval_bounds_an_area_to_fewer_than_k() {
    let possible = |seen: u32, most: i64| -> BTreeSet<i64> {
        (0..150)
            .filter(|count| (-most..=most).any(|e| pmf(e, EPSILON_FAMILIES) > 0.0 && shown(count + e, 10) == seen))
            .collect()
    };
    for seen in (10..100).step_by(5) {
        assert_eq!(possible(seen, 300).len(), 150, "{seen}");
    }
    assert_eq!(possible(10, 4).last(), Some(&16));
    assert_eq!(possible(20, 0), BTreeSet::from([18, 19, 20, 21, 22]));
}
