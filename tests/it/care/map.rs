//! A map with changes over it answers as one that was made with them.

use std::{collections::BTreeSet, sync::Arc};

use proptest::prelude::*;
use uuid::Uuid;
use zorgkaart::care::{
    filter::Moment,
    freshness::FreshnessRule,
    id::{CareGroupId, LocationId, PlaceId, ProviderId, VervoerId},
    map::{Changed, Map},
    place::{Bundle, Place},
    plan::Search,
    snapshot::{Records, Snapshot},
    vocabulary::TripFrom,
};

use super::{
    clusters::{assert_counted, count},
    date, instant, naive,
    world::{NOW, TODAY, filter, records, search},
};

/// The same rows with ids of their own, of the same providers.
fn renumbered(mut records: Records) -> Records {
    let other = |id: Uuid| Uuid::from_u128(id.as_u128() + 1_000_000);
    for location in &mut records.locations {
        location.id = LocationId(other(location.id.0));
    }
    for group in &mut records.groups {
        group.id = CareGroupId(other(group.id.0));
        group.location_id = LocationId(other(group.location_id.0));
    }
    for place in &mut records.places {
        place.id = PlaceId(other(place.id.0));
        place.care_group_id = CareGroupId(other(place.care_group_id.0));
        for vervoer in place.vervoer.iter_mut().flatten() {
            vervoer.id = VervoerId(other(vervoer.id.0));
        }
    }
    records
}

/// What hangs on the providers that `counts`.
fn part(records: &Records, counts: impl Fn(ProviderId) -> bool) -> Records {
    let mut part = records.clone();
    part.providers.retain(|provider| counts(provider.id));
    part.locations.retain(|location| counts(location.provider_id));
    let locations: BTreeSet<_> = part.locations.iter().map(|one| one.id).collect();
    part.groups.retain(|group| locations.contains(&group.location_id));
    let groups: BTreeSet<_> = part.groups.iter().map(|one| one.id).collect();
    part.places.retain(|place| groups.contains(&place.care_group_id));
    part
}

pub(super) fn bundle(records: &Records, id: ProviderId) -> Option<Bundle> {
    let Records { mut providers, locations, groups, places, .. } = part(records, |one| one == id);
    Some(Bundle { provider: providers.pop()?, locations, groups, places })
}

/// Only what hangs on something: a place that hangs on nothing is on no map, and its provider is laid anew with each change.
pub(super) fn whole(mut records: Records) -> Records {
    let Records { reference, providers, locations, groups, places, .. } = &mut records;
    let providers: BTreeSet<_> = providers.iter().map(|one| one.id).collect();
    locations.retain(|one| {
        let known = reference.postcodes.contains_key(&one.postcode.pc4())
            && reference.gemeenten.contains_key(&one.gemeente_code);
        known && providers.contains(&one.provider_id)
    });
    let locations: BTreeSet<_> = locations.iter().map(|one| one.id).collect();
    groups.retain(|one| locations.contains(&one.location_id));
    let groups: BTreeSet<_> = groups.iter().map(|one| one.id).collect();
    places.retain(|one| groups.contains(&one.care_group_id));
    records
}

/// Of `touched` what is new, of the others what was.
fn with(before: &Records, after: &Records, touched: &BTreeSet<ProviderId>) -> Records {
    let mut all = part(before, |id| !touched.contains(&id));
    let new = part(after, |id| touched.contains(&id));
    all.providers.extend(new.providers);
    all.locations.extend(new.locations);
    all.groups.extend(new.groups);
    all.places.extend(new.places);
    all
}

/// Has some places state what others do, of where they are and what they offer nothing; the providers of those.
fn state(records: &mut Records, others: &Records, chosen: &[prop::sample::Index]) -> BTreeSet<ProviderId> {
    let mut providers = BTreeSet::new();
    let linked: Vec<(PlaceId, ProviderId)> =
        naive::linked(records).iter().map(|found| (found.place.id, found.location.provider_id)).collect();
    if linked.is_empty() || others.places.is_empty() {
        return providers;
    }
    for one in chosen {
        let (id, provider) = *one.get(&linked);
        let place = records.places.iter_mut().find(|place| place.id == id).unwrap();
        let Place { care_group_id, care_form, .. } = *place;
        *place = Place { id, care_group_id, care_form, ..one.get(&others.places).clone() };
        providers.insert(provider);
    }
    providers
}

/// What a search answers, by id and distance.
fn answer(map: &Map, search: &Search) -> Vec<(PlaceId, f64)> {
    let moment = Moment { now: instant(NOW), freshness: FreshnessRule::default() };
    let hits = map.search(search, moment).into_iter();
    hits.map(|hit| {
        let id = map.facts(hit.ordinal).unwrap().place.id;
        assert_eq!(id.0.as_u128(), hit.id);
        (id, hit.distance_km)
    })
    .collect()
}

/// Whether the vervoer of what a search finds fetches people there is what all that is stated says.
fn assert_fetched(map: &Map, records: &Records, search: &Search) {
    let moment = Moment { now: instant(NOW), freshness: FreshnessRule::default() };
    let hits = map.search(search, moment);
    let told = map.fetched(hits.iter(), &search.near);
    assert_eq!(told.len(), hits.len());
    let linked = naive::linked(records);
    for (hit, told) in hits.iter().zip(told) {
        let found = linked.iter().find(|found| found.place.id.0.as_u128() == hit.id).unwrap();
        let stated = naive::fetched(found.place, found.point, TripFrom::Home, &search.near);
        assert_eq!(told.known(), stated, "{:?}", found.place.vervoer);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn changes_over_a_map_are_as_if_it_was_made_with_them(
        before in records(0..40),
        after in records(0..40),
        touched in prop::collection::btree_set(0..8_u128, 0..6),
        searches in prop::collection::vec(search(filter()), 4),
        counts in prop::collection::vec(count(), 4),
    ) {
        let after = renumbered(after);
        let touched: BTreeSet<ProviderId> = touched.into_iter().map(|n| ProviderId(Uuid::from_u128(n))).collect();
        let changed: Changed = touched.iter().map(|id| (*id, bundle(&after, *id))).collect();
        let expected = with(&before, &after, &touched);
        let base = Map::new(Arc::new(Snapshot::build(before, date(TODAY))), date(TODAY));
        let layered = base.changed(changed);
        let merged = Map::new(Arc::new(layered.merged(date(TODAY))), date(TODAY));
        let made = Map::new(Arc::new(Snapshot::build(expected.clone(), date(TODAY))), date(TODAY));
        for map in [&layered, &merged, &made] {
            for search in &searches {
                prop_assert_eq!(answer(map, search), naive::answer(&expected, search, instant(NOW)));
                assert_fetched(map, &expected, search);
            }
            for count in &counts {
                assert_counted(map, &expected, count);
            }
            prop_assert_eq!(map.place_count(), naive::linked(&expected).len());
            let by_name: Vec<_> = map.providers_by_name().cloned().collect();
            prop_assert_eq!(by_name, made.providers_by_name().cloned().collect::<Vec<_>>());
            for provider in (0..8).map(|n| ProviderId(Uuid::from_u128(n))) {
                prop_assert_eq!(map.provider(provider), made.provider(provider));
                prop_assert_eq!(map.has_area_location(provider), made.has_area_location(provider));
                let ids = |map: &Map| -> Vec<PlaceId> {
                    map.places_of(provider).map(|place| map.facts(place).unwrap().place.id).collect()
                };
                prop_assert_eq!(ids(map), ids(&made));
            }
            for place in expected.places.iter().chain(&after.places) {
                let found = map.place(place.id).and_then(|at| map.facts(at)).map(|facts| facts.place);
                let there = made.place(place.id).and_then(|at| made.facts(at)).map(|facts| facts.place);
                prop_assert_eq!(found, there);
            }
        }
        prop_assert!(layered.overlay_size() <= layered.place_count() + base.place_count());
        prop_assert_eq!(merged.overlay_size(), 0);
    }

    #[test]
    fn what_places_state_changes_where_they_lie(
        before in records(1..40),
        after in records(0..40),
        touched in prop::collection::btree_set(0..8_u128, 0..4),
        rounds in prop::collection::vec((records(1..40), prop::collection::vec(any::<prop::sample::Index>(), 1..6)), 1..4),
        searches in prop::collection::vec(search(filter()), 4),
        counts in prop::collection::vec(count(), 2),
    ) {
        let touched: BTreeSet<ProviderId> = touched.into_iter().map(|n| ProviderId(Uuid::from_u128(n))).collect();
        let (before, after) = (whole(before), whole(after));
        let mut records = with(&before, &renumbered(after), &touched);
        let changed: Changed = touched.iter().map(|id| (*id, bundle(&records, *id))).collect();
        let mut map = Map::new(Arc::new(Snapshot::build(before, date(TODAY))), date(TODAY)).changed(changed);
        let moved = map.overlay_size();
        // Another large snapshot is begun here, and finished when all has been read.
        let begun = map.clone();
        let mut meanwhile = Changed::new();
        for (other, chosen) in rounds {
            let (old, was) = (map.clone(), records.clone());
            let providers = state(&mut records, &other, &chosen);
            let changed: Changed = providers.iter().map(|id| (*id, bundle(&records, *id))).collect();
            meanwhile.extend(changed.clone());
            map = map.changed(changed);
            prop_assert_eq!(map.overlay_size(), moved, "a place moved");
            for search in &searches {
                prop_assert_eq!(answer(&map, search), naive::answer(&records, search, instant(NOW)));
                assert_fetched(&map, &records, search);
                // Whoever has the map of before still has it.
                prop_assert_eq!(answer(&old, search), naive::answer(&was, search, instant(NOW)));
            }
            for count in &counts {
                assert_counted(&map, &records, count);
            }
            for found in naive::linked(&records) {
                let facts = map.place(found.place.id).and_then(|at| map.facts(at)).unwrap();
                prop_assert_eq!(facts.place, found.place);
            }
        }
        let late = Map::new(Arc::new(begun.merged(date(TODAY))), date(TODAY)).changed(meanwhile);
        let merged = Map::new(Arc::new(map.merged(date(TODAY))), date(TODAY));
        for search in &searches {
            prop_assert_eq!(answer(&late, search), answer(&map, search));
            prop_assert_eq!(answer(&merged, search), answer(&map, search));
        }
    }
}
