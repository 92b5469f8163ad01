//! Synthetic places, spread like the people, and where people ask from.

use std::process::Command;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rand::{SeedableRng, distr::weighted::WeightedIndex, prelude::Distribution};
use rand_chacha::ChaCha8Rng;
use zorgkaart::{
    care::{
        availability::Stay,
        demo,
        filter::{Filter, Moment},
        freshness::FreshnessRule,
        plan::Search,
        reference::Reference,
        shipped,
        snapshot::Records,
        vervoer::Destination,
        vocabulary::{CareForm, Homogeneity},
    },
    clock::Clock,
};

use crate::PAGE;

pub(crate) const START: NaiveDate = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
const ORIGINS: usize = 512;

pub(crate) fn now() -> DateTime<Utc> {
    Clock::standing_on(START).now()
}

pub(crate) fn moment() -> Moment {
    Moment { now: now(), freshness: FreshnessRule::default() }
}

pub(crate) fn records(places: u64) -> Records {
    let reference = shipped::reference().unwrap();
    let mut records = Records { agreements: shipped::agreements().unwrap(), ..Records::default() };
    for bundle in demo::synthetic(&reference, 7, START, places).unwrap() {
        records.providers.push(bundle.provider);
        records.locations.extend(bundle.locations);
        records.groups.extend(bundle.groups);
        records.places.extend(bundle.places);
    }
    records.reference = reference;
    records
}

/// Postcodes, as often as people live there.
pub(crate) fn origins(reference: &Reference) -> Vec<Destination> {
    let postcodes: Vec<_> = reference.postcodes.values().collect();
    let by_population = WeightedIndex::new(postcodes.iter().map(|postcode| postcode.population)).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    (0..ORIGINS)
        .map(|_| {
            let postcode = postcodes[by_population.sample(&mut rng)];
            Destination {
                point: postcode.point,
                pc4: Some(postcode.pc4),
                gemeente_code: Some(postcode.gemeente_code.clone()),
            }
        })
        .collect()
}

/// The first and last night of the stay that is asked for.
pub(crate) fn nights() -> (NaiveDate, NaiveDate) {
    (START + TimeDelta::days(11), START + TimeDelta::days(12))
}

pub(crate) fn search(kind: usize, home: &Destination) -> Search {
    let mut filter = Filter::default();
    if kind >= 1 {
        filter.care_forms = vec![CareForm::Logeren];
        filter.homogeneity = vec![Homogeneity::HomogeneousZevmb];
    }
    if kind >= 2 {
        let (arrive, last) = nights();
        filter.stay = Some(Stay { arrive, depart: last + TimeDelta::days(1), spots: 1 });
    }
    if kind >= 3 {
        filter.vervoer_to = Some(home.clone());
    }
    Search { near: home.clone(), radius_km: None, filter, wishes: Vec::new(), after: None, limit: PAGE }
}

/// What the processor calls itself.
pub(crate) fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": an unknown processor");
    name.trim_start_matches([' ', '\t', ':']).to_owned()
}

pub(crate) fn compiler() -> String {
    let said = Command::new("rustc").arg("--version").output();
    let said = said.map(|said| String::from_utf8_lossy(&said.stdout).into_owned()).unwrap_or_default();
    said.split_whitespace().nth(1).unwrap_or("unknown").to_owned()
}
