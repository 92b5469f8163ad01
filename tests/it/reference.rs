//! The tables that ship in the binary: complete, consistent, and as right as they were.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use chrono::NaiveDate;
use serde::Deserialize;
use zorgkaart::{
    care::{
        postcode::Pc4,
        reference::{Postcode, Reference},
        shipped,
        snapshot::{Records, Snapshot},
        vocabulary::AgreementKind,
    },
    geo::{Point, distance::distance_km},
};

fn reference() -> Reference {
    shipped::reference().unwrap()
}

fn pc4(text: &str) -> Pc4 {
    text.parse().unwrap()
}

#[test]
fn there_are_31_regions() {
    let regions = reference().regions;
    assert_eq!(regions.len(), 31);
    // Statistics Netherlands numbers them to 33, without 5 and 15.
    let numbered = (1..=33).filter(|number| ![5, 15].contains(number)).map(|number| format!("ZK{number:02}"));
    assert_eq!(regions.keys().cloned().collect::<Vec<_>>(), numbered.collect::<Vec<_>>());
    for (code, region) in &regions {
        assert_eq!(code, &region.code);
        assert!(!region.name.is_empty() && !region.concession_holder.is_empty(), "{code}");
        assert!(region.valid_to.is_none_or(|last| last > region.valid_from), "{code}");
    }
    assert_eq!(regions.values().map(|region| &region.name).collect::<BTreeSet<_>>().len(), 31);
}

#[test]
fn every_gemeente_lies_in_a_region() {
    let Reference { regions, gemeenten, .. } = reference();
    assert_eq!(gemeenten.len(), 342);
    for (code, gemeente) in &gemeenten {
        assert_eq!(code, &gemeente.code);
        assert!(code.strip_prefix("GM").is_some_and(|number| number.len() == 4 && number.parse::<u16>().is_ok()));
        assert!(!gemeente.name.is_empty(), "{code}");
        assert!(regions.contains_key(&gemeente.region_code), "{code} lies in {}", gemeente.region_code);
        assert!(gemeente.valid_to.is_none_or(|last| last > gemeente.valid_from), "{code}");
    }
    let used: BTreeSet<&String> = gemeenten.values().map(|gemeente| &gemeente.region_code).collect();
    assert_eq!(used.len(), 31, "every region has a gemeente");
}

#[test]
fn every_postcode_lies_in_a_gemeente_and_in_the_country() {
    let Reference { gemeenten, postcodes, .. } = reference();
    assert_eq!(postcodes.len(), 4_086);
    for (number, postcode) in &postcodes {
        assert_eq!(number, &postcode.pc4);
        assert!(!postcode.place_name.is_empty(), "{number}");
        assert!(gemeenten.contains_key(&postcode.gemeente_code), "{number} lies in {}", postcode.gemeente_code);
        let at = postcode.point;
        assert!((50.7..=53.6).contains(&at.lat()) && (3.3..=7.3).contains(&at.lng()), "{number} is at {at:?}");
    }
    let used: BTreeSet<&String> = postcodes.values().map(|postcode| &postcode.gemeente_code).collect();
    assert_eq!(used.len(), gemeenten.len(), "every gemeente has a postcode");
}

#[test]
fn the_19_postcodes_that_are_no_area_have_no_inhabitants() {
    let postcodes = reference().postcodes;
    let marked: Vec<&Postcode> = postcodes.values().filter(|postcode| !postcode.cbs_area).collect();
    assert_eq!(marked.len(), 19);
    assert!(marked.iter().all(|postcode| postcode.population == 0));
}

#[test]
fn the_population_is_about_the_countrys() {
    let postcodes = reference().postcodes;
    let total: u32 = postcodes.values().map(|postcode| postcode.population).sum();
    assert!((15_000_000..=18_500_000).contains(&total), "{total}");
    assert!(postcodes.values().all(|postcode| postcode.population <= 30_000));
}

#[test]
fn the_kwaliteitseisen_are_aefs_in_its_order() {
    let eisen = reference().kwaliteitseisen;
    let in_order = [
        "1.a", "2.a", "3.a", "3.b", "3.c", "3.d", "3.e", "3.f", "3.g", "3.h", "4.a", "4.b", "4.c", "5.a", "6.a", "6.b",
        "7.a", "8",
    ];
    assert_eq!(eisen.keys().collect::<Vec<_>>(), in_order);
    assert!(eisen.iter().all(|(code, eis)| code == &eis.code && !eis.title.is_empty() && !eis.theme.is_empty()));
}

#[test]
fn passports_open_four_afspraken_and_two_regelingen() {
    let agreements = shipped::agreements().unwrap();
    let of = |kind| agreements.iter().filter(|agreement| agreement.kind == kind).count();
    assert_eq!((of(AgreementKind::Afspraak), of(AgreementKind::Regeling)), (4, 2));
    assert_eq!(agreements.iter().map(|agreement| &agreement.code).collect::<BTreeSet<_>>().len(), 6);
    for agreement in &agreements {
        let said = [&agreement.title, &agreement.organisation, &agreement.description];
        assert!(said.iter().all(|text| !text.is_empty()), "{}", agreement.code);
    }
}

#[test]
fn the_nearest_number_is_the_lower_of_two_that_are_as_near() {
    let known = |numbers: &[&str]| {
        let all = reference().postcodes;
        let some = all.into_iter().filter(|(pc4, _)| numbers.contains(&pc4.to_string().as_str()));
        Reference { postcodes: some.collect(), ..Reference::default() }
    };
    let few = known(&["1011", "1013", "9999"]);
    for (asked, nearest) in [("1000", "1011"), ("1011", "1011"), ("1012", "1011"), ("1014", "1013"), ("9000", "9999")] {
        assert_eq!(few.nearest_pc4(pc4(asked)), Some(pc4(nearest)), "{asked}");
    }
    assert_eq!(Reference::default().nearest_pc4(pc4("3511")), None);
}

#[test]
fn the_postcode_nearest_to_a_point_is_the_one_that_looking_at_each_finds() {
    let reference = reference();
    let records = Records { reference: reference.clone(), ..Records::default() };
    let snapshot = Snapshot::build(records, NaiveDate::from_ymd_opt(2026, 12, 1).unwrap());
    let antwerpen = Point::new(51.22, 4.40).unwrap();
    assert_eq!(snapshot.ground().nearest_postcode(antwerpen), None);
    for (number, postcode) in reference.postcodes.values().enumerate().step_by(97) {
        let off = f64::from(u8::try_from(number % 7).unwrap()) / 100.0;
        let point = Point::new(postcode.point.lat() + off, postcode.point.lng() - off).unwrap();
        let distance = |other: &&Postcode| distance_km(point, other.point);
        // Post boxes are nowhere, and abroad is no Dutch postcode.
        let areas = reference.postcodes.values().filter(|postcode| postcode.cbs_area);
        let nearest = areas.min_by(|a, b| distance(a).total_cmp(&distance(b))).filter(|near| distance(near) <= 10.0);
        let found = snapshot.ground().nearest_postcode(point).map(|postcode| postcode.pc4);
        assert_eq!(found, nearest.map(|postcode| postcode.pc4), "ties go to the lower number");
    }
}

#[derive(Deserialize)]
struct Counted {
    pc4: String,
    lat_cbs_centroid: f64,
    lon_cbs_centroid: f64,
    gm_code_2025: String,
    zk_code: String,
}

/// The nearest-rank percentile of values in order.
fn percentile(sorted: &[f64], per_cent: usize) -> f64 {
    sorted[(per_cent * sorted.len()).div_ceil(100) - 1]
}

#[expect(clippy::cast_precision_loss, reason = "4,067 rows")]
fn share(right: usize, of: usize) -> f64 {
    right as f64 / of as f64
}

/// Against the PC4 table of Statistics Netherlands, which is test input and no part of the project. The limits are
/// those of `seed/check_reference.py`: what is reached, loosened by a hair.
#[test]
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a measurement for people: `cargo test -- --nocapture`")]
fn the_postcode_table_is_as_right_as_it_was() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pc4_cbs_check.csv");
    if !path.is_file() {
        assert!(std::env::var("REQUIRE_SHARED").as_deref() != Ok("1"), "required, but absent: {}", path.display());
        eprintln!("SKIPPED: no table of Statistics Netherlands at {}", path.display());
        return;
    }
    let rows: Vec<Counted> = csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect();
    let Reference { gemeenten, postcodes, .. } = reference();
    let pairs: Vec<(&Postcode, &Counted)> = rows.iter().map(|row| (&postcodes[&pc4(&row.pc4)], row)).collect();
    let areas: BTreeMap<Pc4, bool> = pairs.iter().map(|(ours, _)| (ours.pc4, ours.cbs_area)).collect();
    assert_eq!(areas.len(), 4_067);
    assert!(areas.values().all(|is_area| *is_area), "marked as no area, but it is one");

    let mut off: Vec<f64> = pairs
        .iter()
        .map(|(ours, row)| distance_km(ours.point, Point::new(row.lat_cbs_centroid, row.lon_cbs_centroid).unwrap()))
        .collect();
    off.sort_by(f64::total_cmp);
    let (median, last) = (percentile(&off, 50), percentile(&off, 99));
    let right = |is: &dyn Fn(&Postcode, &Counted) -> bool| {
        share(pairs.iter().filter(|(ours, row)| is(ours, row)).count(), pairs.len())
    };
    let gemeente = right(&|ours, row| ours.gemeente_code == row.gm_code_2025);
    let region = right(&|ours, row| gemeenten[&ours.gemeente_code].region_code == row.zk_code);
    println!("distance: median {median:.3} km, 99th percentile {last:.3} km");
    println!("right gemeente {:.2}%, right region {:.2}%", 100.0 * gemeente, 100.0 * region);
    assert!(median <= 0.461, "median {median} km");
    assert!(last <= 2.71, "99th percentile {last} km");
    assert!(gemeente >= 0.9395, "right gemeente: {gemeente}");
    assert!(region >= 0.9905, "right region: {region}");
}
