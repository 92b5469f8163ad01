//! Surfaces of publications and of the estimate.

use std::collections::BTreeMap;

use rand::RngCore;
use zorgkaart::care::{
    demand::{DemandSource, ShareOf, Surface, Territory, estimate, publish, surface},
    shipped,
    vocabulary::CareForm,
};

use super::{chance, country, families, one_piece, quarter};

/// By each area, and each region without one: the shares of its cells.
fn shares_add_up(surface: &Surface) {
    let mut sums: BTreeMap<_, f64> = BTreeMap::new();
    for cell in &surface.cells {
        *sums.entry((cell.area, &cell.region)).or_default() += cell.share;
        if let Some(area) = cell.area {
            assert_eq!(surface.areas[area].region, cell.region);
        } else {
            assert_eq!(surface.regions[&cell.region].families, None);
        }
    }
    assert!(sums.values().all(|sum| (sum - 1.0).abs() < 1e-12));
    assert!((0..surface.areas.len()).all(|area| sums.keys().any(|(at, _)| *at == Some(area))));
    assert!(surface.cells.is_sorted_by(|a, b| a.cell < b.cell));
    assert!(surface.areas.is_sorted_by(|a, b| a.code < b.code));
}

#[test]
fn a_surface_is_what_was_published() {
    let mut chance = chance(21);
    let reference = shipped::reference().unwrap();
    let living = families(&reference, 420, &mut chance);
    let one = publish(quarter(2027, 3), 10, &living, &reference, &[], &mut || chance.next_u64()).unwrap();
    let surface = surface(one.division.as_ref().unwrap(), &one);
    shares_add_up(&surface);
    assert_eq!((surface.source, surface.quarter), (DemandSource::Passports, Some(quarter(2027, 3))));
    for area in &surface.areas {
        assert!((area.families - f64::from(one.areas[&area.code].families)).abs() < 1e-9);
    }
    for (code, region) in &surface.regions {
        let sum: f64 = surface.areas.iter().filter(|area| area.region == *code).map(|area| area.families).sum();
        assert!((region.families.unwrap_or_default() - sum).abs() < 1e-9);
        let (share, of) = surface.share(code, CareForm::Logeren).unwrap();
        assert_eq!(of, ShareOf::Country);
        assert!((share - f64::from(one.country.forms[&CareForm::Logeren].unwrap()) / 100.0).abs() < 1e-9);
    }
}

#[test]
fn a_share_is_the_regions_own_where_it_has_one() {
    let reference = country(2, 2, || 1000);
    let mut chance = chance(22);
    let living = families(&reference, 1000, &mut chance);
    let mut one = publish(quarter(2027, 1), 10, &living, &reference, &[], &mut || chance.next_u64()).unwrap();
    one.regions.get_mut("ZK00").unwrap().forms.insert(CareForm::Wonen, Some(35));
    one.regions.get_mut("ZK01").unwrap().forms.insert(CareForm::Wonen, None);
    one.country.forms.insert(CareForm::Wonen, Some(45));
    let shown = surface(one.division.as_ref().unwrap(), &one);
    assert_eq!(shown.share("ZK00", CareForm::Wonen), Some((0.35, ShareOf::Region)));
    assert_eq!(shown.share("ZK01", CareForm::Wonen), Some((0.45, ShareOf::Country)));
    one.country.forms.insert(CareForm::Wonen, None);
    assert_eq!(surface(one.division.as_ref().unwrap(), &one).share("ZK01", CareForm::Wonen), None);
}

#[test]
fn where_nobody_lives_each_cell_counts_alike() {
    let mut reference = country(1, 1, || 0);
    let surface = estimate(&Territory::of(&reference));
    assert!(surface.cells.iter().all(|cell| (cell.share - 1.0 / 7.0).abs() < 1e-12));
    reference.postcodes.values_mut().next().unwrap().population = 5;
    let surface = estimate(&Territory::of(&reference));
    assert_eq!(surface.cells.len(), 1);
}

#[test]
fn the_estimate_spreads_two_thousand_families() {
    let surface = estimate(&Territory::of(&shipped::reference().unwrap()));
    shares_add_up(&surface);
    assert_eq!((surface.source, surface.quarter), (DemandSource::Estimate, None));
    let sum: f64 = surface.areas.iter().map(|area| area.families).sum();
    assert!((sum - 2000.0).abs() < 1e-9);
    assert_eq!(surface.regions.len(), 31);
    for area in &surface.areas {
        assert!(one_piece(&area.cells));
        let alone = surface.areas.iter().filter(|other| other.region == area.region).count() == 1;
        assert!(area.families >= 10.0 || alone, "{}", area.code);
    }
    assert!(surface.areas.len() > 60);
    assert!(surface.regions.values().all(|said| said.forms.values().all(|share| *share == Some(1.0))));
}
