//! The gate finds what is wrong, whoever made it.

use std::collections::BTreeMap;

use rand::RngCore;
use zorgkaart::{
    care::demand::{
        Division, Publication, Territory,
        gate::{self, Reason},
        partition::{Plan, divide},
        publish,
    },
    geo::Cell,
};

use super::{chance, country, counts, families, quarter};

struct Case {
    good: Division,
    counts: BTreeMap<Cell, u64>,
    publications: Vec<Publication>,
}

fn case() -> Case {
    let mut chance = chance(11);
    let reference = country(3, 2, || 1000);
    let living = families(&reference, 300, &mut chance);
    let mut keys = chance;
    let mut publications = Vec::new();
    for number in [1, 2] {
        let next = publish(quarter(2027, number), 10, &living, &reference, &publications, &mut || keys.next_u64());
        publications.push(next.unwrap());
    }
    let good = publications[0].division.clone().unwrap();
    let counts = counts(&living, &good.territory);
    Case { good, counts, publications }
}

impl Case {
    fn refused(&self, division: &Division, earlier: &[&Division]) -> Vec<Reason> {
        gate::division(division, 10, &self.counts, earlier).into_iter().map(|refusal| refusal.reason).collect()
    }

    fn sums(&self, change: impl Fn(&mut Publication)) -> Vec<Reason> {
        let mut candidate = self.publications[1].clone();
        change(&mut candidate);
        gate::sums(&candidate, &self.publications[..1]).into_iter().map(|refusal| refusal.reason).collect()
    }
}

#[test]
fn a_right_division_passes() {
    let case = case();
    assert!(case.good.areas.len() > 4);
    assert_eq!(case.refused(&case.good, &[]), []);
    assert_eq!(case.refused(&case.good, &[&case.good]), []);
}

#[test]
fn wrong_divisions_are_refused() {
    let case = case();
    let (first, last) =
        (case.good.areas.keys().next().unwrap().clone(), case.good.areas.keys().last().unwrap().clone());
    let changed = |change: &dyn Fn(&mut Division)| {
        let mut division = case.good.clone();
        change(&mut division);
        case.refused(&division, &[])
    };
    assert!(changed(&|d| d.areas.get_mut(&first).unwrap().cells.truncate(1)).contains(&Reason::Uncovered));
    assert!(changed(&|d| drop(d.areas.remove(&first))).contains(&Reason::Uncovered));
    let far = case.good.areas[&last].cells[0];
    let taken = changed(&|d| d.areas.get_mut(&first).unwrap().cells.push(far));
    assert!([Reason::Apart, Reason::Outside, Reason::Shared].iter().all(|reason| taken.contains(reason)), "{taken:?}");
    assert!(changed(&|d| d.areas.get_mut(&first).unwrap().cells.clear()).contains(&Reason::TooFew));
    assert!(changed(&|d| d.areas.get_mut(&first).unwrap().region = "ZK01".into()).contains(&Reason::Outside));
    // Each cell an area of its own.
    let alone = changed(&|d| {
        let cells: Vec<Cell> = d.areas.values().flat_map(|area| area.cells.clone()).collect();
        d.areas = cells
            .into_iter()
            .enumerate()
            .map(|(at, cell)| {
                let region = d.territory.cells[&cell].clone();
                (at.to_string(), zorgkaart::care::demand::publication::DivisionArea { region, cells: vec![cell] })
            })
            .collect();
    });
    assert!(alone.contains(&Reason::TooFew) && alone.contains(&Reason::Difference), "{alone:?}");
}

#[test]
fn differences_of_years_are_refused() {
    let case = case();
    let mut moved = case.good.clone();
    *moved.territory.cells.values_mut().next().unwrap() = "ZK99".into();
    assert!(case.refused(&moved, &[&case.good]).contains(&Reason::Moved));
    let mut smaller = case.good.clone();
    smaller.territory.cells.pop_first();
    assert!(case.refused(&case.good, &[&smaller]).contains(&Reason::Moved));

    // The same ground with other inhabitants, divided as if there had been no year before.
    let mut found = 0;
    for seed in 0..20 {
        let mut chance = chance(seed);
        let territory = Territory {
            homes: case
                .good
                .territory
                .homes
                .iter()
                .map(|(pc4, home)| {
                    (*pc4, zorgkaart::care::demand::Home { inhabitants: chance.next_u32() % 3000, ..*home })
                })
                .collect(),
            ..case.good.territory.clone()
        };
        let plan = Plan { year: 2028, k: 10, planned_for: 300 };
        let anew = divide(plan, &territory, &case.counts, &[]);
        assert_eq!(case.refused(&anew, &[]), []);
        found += usize::from(case.refused(&anew, &[&case.good]).contains(&Reason::Difference));
        let fitting = divide(plan, &territory, &case.counts, &[&case.good]);
        assert_eq!(case.refused(&fitting, &[&case.good]), []);
    }
    assert!(found > 10, "{found}");
}

#[test]
fn wrong_sums_are_refused() {
    let case = case();
    assert_eq!(case.sums(|_| ()), []);
    let first = case.good.areas.keys().next().unwrap();
    assert!(case.sums(|p| p.areas.get_mut(first).unwrap().families += 5).contains(&Reason::Sum));
    assert!(case.sums(|p| p.areas.get_mut(first).unwrap().families += 1).contains(&Reason::Rounding));
    assert!(case.sums(|p| p.areas.get_mut(first).unwrap().families = 5).contains(&Reason::Rounding));
    assert!(case.sums(|p| p.areas.retain(|code, _| code != first)).contains(&Reason::Areas));
    assert!(case.sums(|p| p.country.families = Some(1000)).contains(&Reason::Sum));
    assert!(case.sums(|p| p.regions.values_mut().next().unwrap().families = None).contains(&Reason::Sum));
    assert!(case.sums(|p| drop(p.regions.pop_first())).contains(&Reason::Sum));
    assert!(case.sums(|p| *p.country.forms.values_mut().next().unwrap() = Some(33)).contains(&Reason::Share));
    assert!(case.sums(|p| p.quarter.year = 2028).contains(&Reason::Areas));
    let used = case.publications[0].areas[first].key;
    assert!(case.sums(|p| p.areas.get_mut(first).unwrap().key = used).contains(&Reason::Key));
    assert!(case.sums(|p| p.areas.values_mut().for_each(|area| area.key = 7)).contains(&Reason::Key));
}
