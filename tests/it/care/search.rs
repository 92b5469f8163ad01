//! The search plan against the naive matcher: every field alone and together, in pages, for one provider, and on a
//! map that has grown old.

use std::sync::Arc;

use proptest::{prelude::*, test_runner::TestRunner};
use uuid::Uuid;
use zorgkaart::{
    care::{
        filter::{Filter, Moment},
        freshness::FreshnessRule,
        id::PlaceId,
        ordinals::Ordinals,
        place::Place,
        plan::Search,
        snapshot::{Records, Snapshot},
        vocabulary::{CareForm, Homogeneity, LocationPrecision},
    },
    geo::index::{After, Hit},
};

use super::{
    at,
    clusters::count,
    date, instant,
    map::{bundle, whole},
    naive,
    world::{FIELDS, Field, NOW, TODAY, base, filter, filter_of, records, sample, search},
};

fn moment() -> Moment {
    Moment { now: instant(NOW), freshness: FreshnessRule::default() }
}

/// What the search answers; every hit is the place that it says it is.
fn run(snapshot: &Snapshot, search: &Search) -> Vec<(PlaceId, f64)> {
    let check = |hit: Hit| {
        let id = snapshot.facts(hit.ordinal).unwrap().place.id;
        assert_eq!(id.0.as_u128(), hit.id);
        (id, hit.distance_km)
    };
    search.run(snapshot, moment(), &Ordinals::default()).into_iter().map(check).collect()
}

fn pages(snapshot: &Snapshot, search: &Search, sizes: &[usize]) -> Vec<(PlaceId, f64)> {
    let mut all: Vec<(PlaceId, f64)> = Vec::new();
    for size in sizes.iter().cycle() {
        let after = all.last().map(|(id, distance_km)| After { distance_km: *distance_km, id: id.0.as_u128() });
        let page = run(snapshot, &Search { after, limit: *size, ..search.clone() });
        assert!(page.len() <= *size);
        if page.is_empty() {
            break;
        }
        all.extend(page);
        assert!(all.len() <= snapshot.place_count(), "pages repeat");
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_search_is_the_naive_answer(records in records(0..30), search in search(filter()), base in base()) {
        let expected = naive::answer(&records, &search, instant(NOW));
        prop_assert_eq!(run(&Snapshot::build(records, base), &search), expected);
    }

    #[test]
    fn pages_together_are_the_whole(
        records in records(0..60),
        search in search(filter()),
        sizes in prop::collection::vec(1..8_usize, 1..5),
    ) {
        let expected = naive::answer(&records, &search, instant(NOW));
        prop_assert_eq!(pages(&Snapshot::build(records, date(TODAY)), &search, &sizes), expected);
    }

    /// For one provider the search looks at its places; for all it asks the index. Both must say the same of them.
    #[test]
    fn one_providers_places_are_those_of_the_index(
        records in records(0..60),
        search in search(filter()),
        sizes in prop::collection::vec(1..8_usize, 1..5),
    ) {
        let snapshot = Snapshot::build(records, date(TODAY));
        let all = Search { filter: Filter { provider: None, ..search.filter.clone() }, ..search.clone() };
        let everybodys = run(&snapshot, &all);
        for (_, provider) in snapshot.providers_by_name() {
            let whose = |id| snapshot.facts(snapshot.place(id).unwrap()).unwrap().location.provider_id;
            let expected: Vec<_> = everybodys.iter().copied().filter(|(id, _)| whose(*id) == *provider).collect();
            let own = Search { filter: Filter { provider: Some(*provider), ..all.filter.clone() }, ..all.clone() };
            prop_assert_eq!(&run(&snapshot, &own), &expected);
            prop_assert_eq!(&pages(&snapshot, &own, &sizes), &expected);
        }
    }

    /// The date from which the index keeps days is nobody's business: the answer is the same.
    #[test]
    fn an_old_map_answers_as_a_new_one(records in records(0..60), search in search(filter()), base in base()) {
        let (new, old) = (Snapshot::build(records.clone(), date(TODAY)), Snapshot::build(records, base));
        prop_assert_eq!(run(&new, &search), run(&old, &search));
    }

    /// With precision AREA no answer depends on the true address.
    #[test]
    fn a_home_may_be_anywhere_in_its_postcode(
        before in records(0..60), search in search(filter()), north in -0.3..0.3_f64, east in -0.3..0.3_f64, count in count(),
    ) {
        let mut after = before.clone();
        for home in after.locations.iter_mut().filter(|location| location.precision == LocationPrecision::Area) {
            home.point = at(home.point.lat() + north, home.point.lng() + east);
            home.gemeente_code = "GM0004".into();
            home.city = "Elders".into();
            home.postcode = format!("{}ZZ", home.postcode.pc4()).parse().unwrap();
        }
        let (before, after) = (Snapshot::build(before, date(TODAY)), Snapshot::build(after, date(TODAY)));
        prop_assert_eq!(run(&before, &search), run(&after, &search));
        let counted = |snapshot: &Snapshot| count.run(snapshot, moment(), &Ordinals::default());
        prop_assert_eq!(counted(&before), counted(&after));
    }
}

/// Several hundred places, so that the index has many blocks; the same worlds and questions every time.
#[test]
fn every_field_alone_is_the_naive_answer_on_large_maps() {
    let mut runner = TestRunner::deterministic();
    let worlds: Vec<Records> = (0..2).map(|_| sample(&records(600), &mut runner)).collect();
    for records in worlds {
        let base = sample(&base(), &mut runner);
        let snapshot = Snapshot::build(records.clone(), base);
        for field in FIELDS {
            let (mut some, mut unknown) = (0, 0);
            for _ in 0..12 {
                let search = Search { radius_km: None, ..sample(&search(filter_of(field)), &mut runner) };
                let answers = [false, true].map(|include_unknown| {
                    let filter = Filter { include_unknown, ..search.filter.clone() };
                    let search = Search { filter, ..search.clone() };
                    let expected = naive::answer(&records, &search, instant(NOW));
                    assert_eq!(run(&snapshot, &search), expected, "{search:?}");
                    expected.len()
                });
                some += usize::from(0 < answers[0] && answers[0] < snapshot.place_count());
                unknown += usize::from(answers[0] < answers[1]);
            }
            assert!(some > 0, "{field:?} told places apart");
            let decided = [Field::CareForms, Field::Homogeneity, Field::Age, Field::Freshness];
            let always_known = decided.contains(&field) || [Field::Region, Field::Provider].contains(&field);
            assert_eq!(unknown > 0, !always_known, "{field:?} is unknown of some places, or of none");
        }
    }
}

/// Enough places of one kind that whole nodes of the index are passed over: as they were indexed, and when some state other
/// vervoer since.
#[test]
fn vervoer_is_the_naive_answer_where_hardly_any_comes() {
    let mut runner = TestRunner::deterministic();
    let mut records = whole(sample(&records(600), &mut runner));
    records.groups.iter_mut().for_each(|group| group.homogeneity = Homogeneity::HomogeneousZevmb);
    let coming: Vec<Place> = records.places.iter().filter(|place| place.vervoer.is_some()).cloned().collect();
    let again = (0..5_000_u128).zip(coming.iter().cycle()).map(|(number, place)| Place {
        id: PlaceId(Uuid::from_u128(number)),
        care_form: CareForm::Wonen,
        availability: Vec::new(),
        // One in a hundred comes.
        vervoer: place.vervoer.clone().map(|all| if number % 100 == 0 { all } else { Vec::new() }),
        ..place.clone()
    });
    records.places = again.collect();
    let mut snapshot = Arc::new(Snapshot::build(records.clone(), date(TODAY)));
    assert_eq!(snapshot.place_count(), 5_000);
    assert_vervoer_is_naive(&snapshot, &records, &mut runner);

    for (number, place) in records.places.iter_mut().enumerate() {
        match number % 200 {
            0 => place.vervoer = Some(Vec::new()),
            50 => place.vervoer.clone_from(&coming[number % coming.len()].vervoer),
            _ => {}
        }
    }
    for provider in &records.providers {
        assert!(snapshot.restate(&bundle(&records, provider.id).unwrap()), "a place moved");
    }
    assert_vervoer_is_naive(&snapshot, &records, &mut runner);
}

fn assert_vervoer_is_naive(snapshot: &Snapshot, records: &Records, runner: &mut TestRunner) {
    for field in [Field::VervoerTo, Field::VervoerFrom] {
        let searches = search(filter_of(field));
        let mut some = 0;
        for _ in 0..30 {
            let search = Search { radius_km: None, limit: 1_000, ..sample(&searches, runner) };
            let expected = naive::answer(records, &search, instant(NOW));
            assert_eq!(run(snapshot, &search), expected, "{search:?}");
            some += usize::from(!expected.is_empty() && expected.len() < 50);
        }
        assert!(some > 5, "{field:?}: {some} of 30 found a few");
    }
}

#[test]
fn fields_together_are_the_naive_answer_on_a_large_map() {
    let mut runner = TestRunner::deterministic();
    let records = sample(&records(500), &mut runner);
    let snapshot = Snapshot::build(records.clone(), date(TODAY));
    let searches = search(filter());
    let mut some = 0;
    for _ in 0..400 {
        let search = sample(&searches, &mut runner);
        let expected = naive::answer(&records, &search, instant(NOW));
        assert_eq!(run(&snapshot, &search), expected, "{search:?}");
        some += usize::from(!expected.is_empty());
    }
    assert!(some > 50, "{some} of 400 found anything");
}
