//! Synthetic places, spread like the people, and where people ask from.

use chrono::NaiveDate;
use kaart::care::{demo, reference::Reference, shipped, snapshot::Records, vervoer::Destination};
use rand::{SeedableRng, distr::weighted::WeightedIndex, prelude::Distribution};
use rand_chacha::ChaCha8Rng;

pub(crate) const START: NaiveDate = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
const ORIGINS: usize = 512;

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
