//! One publication after another.

use rand::RngCore;
use zorgkaart::care::{
    demand::{
        Family, Publication, PublishError,
        noise::{EPSILON_FAMILIES, noise, shown},
        publish,
    },
    reference::Reference,
};

use super::{chance, country, counts, families, held, quarter};

fn next(
    number: u8,
    living: &[Family],
    reference: &Reference,
    publications: &[Publication],
) -> Result<Publication, PublishError> {
    let mut keys = chance(100 + u64::from(number));
    publish(quarter(2027, number), 10, living, reference, publications, &mut || keys.next_u64())
}

#[test]
fn what_cannot_be_published() {
    let reference = country(2, 1, || 1000);
    let one = next(2, &[], &reference, &[]).unwrap();
    let by =
        |year, number, k| publish(quarter(year, number), k, &[], &reference, std::slice::from_ref(&one), &mut || 1);
    assert_eq!(by(2028, 1, 9), Err(PublishError::K));
    assert_eq!(by(2028, 0, 10), Err(PublishError::Quarter));
    assert_eq!(by(2028, 5, 10), Err(PublishError::Quarter));
    for earlier in [(2027, 2), (2027, 1), (2026, 4)] {
        assert_eq!(by(earlier.0, earlier.1, 10), Err(PublishError::NotLater(quarter(2027, 2))));
    }
    let text = by(2027, 1, 10).unwrap_err().to_string();
    assert_eq!(text, "quarter 2 of 2027 is published; only a later one can be");
}

#[test]
fn each_quarter_adds_the_noise_of_its_own_key() {
    let reference = country(3, 2, || 1000);
    let mut chance = chance(5);
    let mut living = families(&reference, 200, &mut chance);
    let mut publications: Vec<Publication> = Vec::new();
    for number in 1..=4 {
        publications.push(next(number, &living, &reference, &publications).unwrap());
        let division = publications[0].division.as_ref().unwrap();
        let counts = counts(&living, &division.territory);
        for (code, area) in &division.areas {
            let noise: i64 = publications.iter().map(|p| noise(p.areas[code].key, EPSILON_FAMILIES)).sum();
            let true_count = i64::try_from(held(&area.cells, &counts)).unwrap();
            assert_eq!(publications.last().unwrap().areas[code].families, shown(true_count + noise, 10));
        }
        living.drain(..20);
        living.extend(families(&reference, 25, &mut chance));
    }
    assert!(publications[1..].iter().all(|p| p.division.is_none() && p.forms_key == publications[0].forms_key));
}

#[test]
fn what_is_suppressed_stays_so_for_the_year_and_what_shrinks_keeps_k() {
    let reference = country(2, 2, || 1000);
    let in_the_west = |family: &Family| reference.postcodes[&family.home].gemeente_code == "GM0000";
    let everybody = families(&reference, 400, &mut chance(8));
    let (west, east): (Vec<Family>, Vec<Family>) = everybody.into_iter().partition(in_the_west);
    let some = |west: &[Family], east: &[Family]| [west, east].concat();

    let few = next(1, &some(&west[..9], &east[..60]), &reference, &[]).unwrap();
    let none = next(1, &east[..60], &reference, &[]).unwrap();
    assert_eq!(few.regions["ZK00"], none.regions["ZK00"]);
    assert_eq!(few.regions["ZK00"].families, None);
    assert!(few.regions["ZK01"].families.is_some());

    let more = next(2, &some(&west, &east[..60]), &reference, std::slice::from_ref(&few)).unwrap();
    assert_eq!(more.regions["ZK00"].families, None);

    let less = next(3, &[], &reference, &[few.clone(), more.clone()]).unwrap();
    assert_eq!(less.areas.len(), few.areas.len());
    assert!(less.areas.values().all(|area| area.families >= 10));
    assert_eq!(
        less.regions.values().map(|r| &r.forms).collect::<Vec<_>>(),
        few.regions.values().map(|r| &r.forms).collect::<Vec<_>>()
    );

    let mut keys = chance(1);
    let year =
        publish(quarter(2028, 1), 10, &some(&west, &east), &reference, &[few, more, less], &mut || keys.next_u64());
    assert!(year.unwrap().regions.values().all(|said| said.families.is_some()));
}

#[test]
fn the_k_of_a_year_is_that_of_its_first_publication() {
    let reference = country(2, 1, || 1000);
    let living = families(&reference, 300, &mut chance(2));
    let mut keys = chance(3);
    let mut make = |number, k, before: &[Publication]| {
        publish(quarter(2027, number), k, &living, &reference, before, &mut || keys.next_u64()).unwrap()
    };
    let first = make(1, 13, &[]);
    assert!(first.areas.values().all(|area| area.families >= 15));
    assert_eq!(make(2, 20, &[first]).parameters.k, 13);
}

#[test]
fn shares_are_near_the_truth_where_many_are_counted_and_the_same_for_the_same_families() {
    let reference = country(3, 2, || 1000);
    let mut living = families(&reference, 2000, &mut chance(4));
    let one = next(1, &living, &reference, &[]).unwrap();
    living.reverse();
    assert_eq!(next(1, &living, &reference, &[]).unwrap(), one);
    let mut off = 0.0_f64;
    for said in one.regions.values().chain([&one.country]) {
        for share in said.forms.values() {
            off = off.max((f64::from(share.unwrap()) - 50.0).abs());
        }
    }
    assert!(off <= 15.0, "{off}");

    // Another key of the year, other shares: the noise is not only of those who are counted.
    let of = |seed| {
        let mut keys = chance(seed);
        publish(quarter(2027, 1), 10, &living[..150], &reference, &[], &mut || keys.next_u64()).unwrap().country.forms
    };
    assert!((0..8).map(of).collect::<std::collections::BTreeSet<_>>().len() > 1);
    // Too few for their noise: only the country's.
    assert!(
        next(1, &living[..150], &reference, &[])
            .unwrap()
            .regions
            .values()
            .all(|said| said.forms.values().all(Option::is_none))
    );
}

#[test]
fn a_random_source_that_repeats_itself_is_refused() {
    let reference = country(3, 2, || 1000);
    let living = families(&reference, 200, &mut chance(9));
    let refused = publish(quarter(2027, 1), 10, &living, &reference, &[], &mut || 1).unwrap_err();
    assert_eq!(refused.to_string(), "the publish gate refuses: a key of noise is used twice");
}
