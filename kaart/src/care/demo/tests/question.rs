//! The question of the README.

use chrono::TimeDelta;

use super::{DEMO, REFERENCE, noon, start};
use crate::care::{
    availability::Stay,
    filter::{Filter, Moment},
    freshness::FreshnessRule,
    ordinals::Ordinals,
    place::Bundle,
    plan::Search,
    snapshot::{Records, Snapshot},
    vervoer::Destination,
    vocabulary::{CareForm, Homogeneity},
};

#[test]
fn the_question_of_the_readme_has_an_answer() {
    let found = answer(&DEMO.bundles);
    assert!((3..=20).contains(&found), "{found}");
}

/// "Logeerplekken within 60 km of 3511 with two free nights from 12 December, a homogeneous ZEVMB group, and vervoer
/// that reaches us."
fn answer(bundles: &[Bundle]) -> usize {
    let mut records = Records { reference: REFERENCE.clone(), ..Records::default() };
    for bundle in bundles.iter().cloned() {
        records.providers.push(bundle.provider);
        records.locations.extend(bundle.locations);
        records.groups.extend(bundle.groups);
        records.places.extend(bundle.places);
    }
    let snapshot = Snapshot::build(records, start());
    let home = &REFERENCE.postcodes[&"3511".parse().unwrap()];
    let near = Destination { point: home.point, pc4: Some(home.pc4), gemeente_code: Some(home.gemeente_code.clone()) };
    let arrive = start() + TimeDelta::days(11);
    let filter = Filter {
        care_forms: vec![CareForm::Logeren],
        homogeneity: vec![Homogeneity::HomogeneousZevmb],
        stay: Some(Stay { arrive, depart: arrive + TimeDelta::days(2), spots: 1 }),
        vervoer_to: Some(near.clone()),
        ..Filter::default()
    };
    let search = Search { near, radius_km: Some(60.0), filter, wishes: Vec::new(), after: None, limit: 100 };
    search.run(&snapshot, Moment { now: noon(), freshness: FreshnessRule::default() }, &Ordinals::default()).len()
}
