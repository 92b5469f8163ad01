//! What has opened for whom, against searching the map before and after a change.

use std::collections::BTreeMap;

use proptest::prelude::*;
use zorgkaart::care::{
    alert::{Watch, Watches},
    availability::{Run, slots},
    filter::Moment,
    freshness::FreshnessRule,
    id::PlaceId,
    plan::Search,
    snapshot::{Records, Snapshot},
};

use super::{
    date, days_after, instant, naive,
    world::{NOW, TODAY, filter, records, search},
};

fn moment() -> Moment {
    Moment { now: instant(NOW), freshness: FreshnessRule::default() }
}

/// Other free spots for some of the places: day by day, so that the runs are made of what is meant.
fn changed(records: &Records, free: &[Option<i32>]) -> Records {
    let mut after = records.clone();
    let mut numbers = free.iter().cycle();
    for place in &mut after.places {
        if numbers.next().is_some_and(Option::is_none) {
            continue;
        }
        place.availability.clear();
        for slot in slots(place.care_form) {
            for day in 0..5 {
                let on = days_after(date(TODAY), day);
                if let Some(Some(free)) = numbers.next() {
                    let run = Run { slot: *slot, from: on, to: on, free: *free, stated_at: instant(NOW) };
                    place.availability.push(run);
                }
            }
        }
        place.availability.sort_by_key(|run| (run.slot, run.from));
    }
    after
}

/// The dates from today on with room, by brute force.
fn with_room(records: &Records, id: PlaceId) -> Vec<(String, chrono::NaiveDate)> {
    let place = records.places.iter().find(|place| place.id == id).unwrap();
    let mut all = Vec::new();
    for run in place.availability.iter().filter(|run| run.free > 0) {
        let mut on = run.from;
        while on <= run.to {
            if on >= date(TODAY) {
                all.push((run.slot.code().to_owned(), on));
            }
            on = on.succ_opt().unwrap();
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn opened_is_found_now_and_not_before(
        before in records(0..25),
        searches in prop::collection::vec(search(filter()), 1..6),
        free in prop::collection::vec(prop::option::of(0..3), 1..40),
    ) {
        let after = changed(&before, &free);
        let watches = Watches::new(searches.iter().enumerate().map(|(number, search)| {
            let Search { near, radius_km, filter, .. } = search.clone();
            (number, Watch { near, radius_km, filter })
        }).collect());
        let (was, now) = (Snapshot::build(before.clone(), date(TODAY)), Snapshot::build(after.clone(), date(TODAY)));
        let mut told: BTreeMap<(usize, PlaceId), f64> = BTreeMap::new();
        for number in 0..u32::try_from(now.place_count()).unwrap() {
            let facts = now.facts(number).unwrap();
            let old = was.place(facts.place.id).and_then(|number| was.facts(number));
            for (search, distance_km) in watches.opened(old.as_ref(), &facts, moment()) {
                prop_assert!(told.insert((search, facts.place.id), distance_km).is_none());
            }
        }
        let mut expected = BTreeMap::new();
        for (number, search) in searches.iter().enumerate() {
            let whole = Search { after: None, limit: usize::MAX, ..search.clone() };
            let earlier: Vec<PlaceId> =
                naive::answer(&before, &whole, instant(NOW)).into_iter().map(|(id, _)| id).collect();
            for (id, distance_km) in naive::answer(&after, &whole, instant(NOW)) {
                let known = if earlier.contains(&id) { with_room(&before, id) } else { Vec::new() };
                let opened = if search.filter.asks_availability() {
                    !earlier.contains(&id)
                } else {
                    with_room(&after, id).iter().any(|one| !known.contains(one))
                };
                if opened {
                    expected.insert((number, id), distance_km);
                }
            }
        }
        prop_assert_eq!(told, expected);
    }

    /// What is kept of a search is the search.
    #[test]
    fn a_watch_is_kept_as_it_is(search in search(filter())) {
        let Search { near, radius_km, filter, .. } = search;
        let watch = Watch { near, radius_km, filter };
        let kept = serde_json::to_value(&watch).unwrap();
        prop_assert_eq!(serde_json::from_value::<Watch>(kept).unwrap(), watch);
    }
}
