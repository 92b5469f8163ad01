//! Several years of publications, with families that come, leave and move: what holds of every one of them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rand::{Rng, RngCore};
use zorgkaart::care::{
    demand::{Publication, partition, publish},
    shipped,
};

use super::{chance, country, counts, divisions, families, held, one_piece, overlay, quarter};

/// What the newest publication must be.
fn check(publications: &[Publication], families: &[zorgkaart::care::demand::Family], k: u64) {
    let last = publications.last().unwrap();
    let all = divisions(publications);
    let division = *all.last().unwrap();
    let counts = counts(families, &division.territory);
    if last.division.is_some() {
        let published: BTreeSet<&String> = division.areas.values().map(|area| &area.region).collect();
        let mut covered = BTreeSet::new();
        for (code, area) in &division.areas {
            assert!(code.starts_with(&format!("{}-{}-", division.year, area.region)));
            assert!(one_piece(&area.cells), "{code}");
            assert!(held(&area.cells, &counts) >= k, "{code}");
            for cell in &area.cells {
                assert_eq!(division.territory.cells[cell], area.region);
                assert!(covered.insert(*cell));
            }
        }
        for (region, cells) in division.territory.regions() {
            let inside = cells.iter().filter(|cell| covered.contains(cell)).count();
            assert_eq!(inside, if published.contains(&region.to_owned()) { cells.len() } else { 0 });
            let cells: Vec<_> = cells.into_iter().collect();
            assert_eq!(published.contains(&region.to_owned()), held(&cells, &counts) >= k, "{region}");
        }
        // What all earlier divisions left together is whole, or in pieces of k.
        let before = overlay(&all[..all.len() - 1]);
        let after = overlay(&all);
        let mut pieces: BTreeMap<_, BTreeMap<_, u64>> = BTreeMap::new();
        for (cell, codes) in &after {
            let region = &division.territory.cells[cell];
            let atom = before.get(cell).cloned().unwrap_or_else(|| vec![region.clone()]);
            *pieces.entry(atom).or_default().entry(codes).or_default() += counts.get(cell).copied().unwrap_or_default();
        }
        for (atom, cut) in pieces {
            assert!(cut.len() == 1 || cut.values().all(|held| *held >= k), "{atom:?}: {cut:?}");
        }
    }
    let mut sums: BTreeMap<&String, u32> = BTreeMap::new();
    for (code, area) in &last.areas {
        assert!(u64::from(area.families) >= k && area.families % 5 == 0);
        *sums.entry(&division.areas[code].region).or_default() += area.families;
    }
    assert_eq!(last.areas.len(), division.areas.len());
    for (code, said) in &last.regions {
        assert_eq!(said.families, sums.get(code).copied());
        assert!(said.families.is_some() || said.forms.values().all(Option::is_none));
    }
    assert_eq!(last.country.families, sums.values().copied().reduce(|a, b| a + b));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn every_publication_keeps_the_rules(
        seed in any::<u64>(), radius in 1_u32..4, regions in 1_usize..4, start in 0_usize..400, k in 10_u32..16,
    ) {
        let mut chance = chance(seed);
        let mut reference = country(radius, regions, || chance.random_range(0..3000));
        reference.postcodes.values_mut().next().unwrap().population += 1;
        let mut living = families(&reference, start, &mut chance);
        let mut keys = super::chance(seed ^ 1);
        let mut publications: Vec<Publication> = Vec::new();
        for year in 2027..2031 {
            for postcode in reference.postcodes.values_mut() {
                postcode.population = chance.random_range(1..3000);
            }
            for number in [1, 3] {
                let next = publish(quarter(year, number), k, &living, &reference, &publications, &mut || keys.next_u64());
                publications.push(next.unwrap());
                check(&publications, &living, u64::from(k));
                let leaving = chance.random_range(0..=living.len() / 3);
                living.drain(..leaving);
                let coming = chance.random_range(0..80);
                living.extend(families(&reference, coming, &mut chance));
            }
        }
        prop_assert_eq!(divisions(&publications).len(), 4);
    }
}

#[test]
fn the_shipped_country_with_420_and_with_2000_families() {
    let reference = shipped::reference().unwrap();
    for (number, least) in [(420, 10), (2000, 40)] {
        let mut chance = chance(6);
        let living = families(&reference, number, &mut chance);
        let mut publications = Vec::new();
        for year in [2027, 2028] {
            let next =
                publish(quarter(year, 1), 10, &living, &reference, &publications, &mut || chance.next_u64()).unwrap();
            publications.push(next);
            check(&publications, &living, 10);
        }
        let last = &publications[1];
        assert!(last.areas.len() >= least, "{}", last.areas.len());
        // Nothing public changed, so neither does the division.
        let cells = |at: usize| -> Vec<_> {
            divisions(&publications)[at].areas.values().map(|area| area.cells.clone()).collect()
        };
        assert_eq!(cells(0), cells(1));
    }
}

#[test]
fn areas_follow_inhabitants_and_not_families() {
    let mut chance = chance(3);
    let reference = country(3, 1, || chance.random_range(500..1500));
    let territory = zorgkaart::care::demand::Territory::of(&reference);
    let plan = partition::Plan { year: 2027, k: 10, planned_for: 200 };
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        // So many that no area holds fewer than k.
        let living = families(&reference, 1500, &mut chance);
        let division = partition::divide(plan, &territory, &counts(&living, &territory), &[]);
        seen.insert(division.areas.values().map(|area| area.cells.clone()).collect::<Vec<_>>());
    }
    assert_eq!(seen.len(), 1);
    assert!(seen.first().unwrap().len() > 3);
}
