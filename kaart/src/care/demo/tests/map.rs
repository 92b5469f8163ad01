//! Providers, buildings, groups and the reach of their vervoer.

use std::collections::{BTreeMap, HashSet};

use super::{DEMO, REFERENCE, groups, locations, places, start, tally};
use crate::{
    care::{
        demo::synthetic,
        place::{Bundle, CareGroup, Location, Place},
        postcode::Pc4,
        vervoer::Vervoer,
        vocabulary::{CareForm, Facility, Homogeneity, LocationPrecision, ProviderKind, TripFrom},
    },
    geo::distance::distance_km,
};

#[test]
fn there_are_enough_of_every_kind() {
    assert!(DEMO.bundles.len() >= 80);
    assert!(tally(ProviderKind::ALL, DEMO.bundles.iter().map(|b| b.provider.kind)).iter().all(|count| *count >= 15));
    assert_eq!(places().count(), 500);
    assert!(tally(CareForm::ALL, places().map(|place| place.care_form)).iter().all(|count| *count >= 50));
    assert!(tally(Homogeneity::ALL, groups().map(|group| group.homogeneity)).iter().all(|count| *count >= 50));
    let large = DEMO.bundles.iter().filter(|bundle| bundle.provider.kind == ProviderKind::Instelling);
    assert!(large.clone().all(|bundle| bundle.locations.len() >= 3));
}

#[test]
fn everything_is_plainly_fictional() {
    for Bundle { provider, locations, places, .. } in &DEMO.bundles {
        assert!(provider.name.starts_with("Demo ") && !provider.fieldlab);
        assert!(provider.website.iter().all(|site| site.ends_with(".example")));
        assert!(provider.kvk_number.iter().all(|number| number.len() == 8 && number.starts_with("00000")));
        assert!(provider.agb_code.iter().all(|code| code.len() == 8 && code.starts_with("00")));
        let mails = places.iter().filter_map(|place| place.email.as_ref()).chain(&provider.email);
        assert!(mails.clone().all(|mail| mail.contains('@') && mail.ends_with(".example")));
        let phones = places.iter().filter_map(|place| place.phone.as_ref()).chain(&provider.phone);
        assert!(phones.clone().all(|phone| phone.starts_with("088 000 ") && phone.len() == 13));
        assert!(locations.iter().all(|location| location.postcode.text().len() == 6 && location.street.is_some()));
    }
    let names: HashSet<&str> = DEMO.bundles.iter().map(|bundle| bundle.provider.name.as_str()).collect();
    assert_eq!(names.len(), DEMO.bundles.len());
}

#[test]
fn zzpers_and_nobody_else_work_at_home() {
    for bundle in &DEMO.bundles {
        let home = bundle.provider.kind == ProviderKind::Zzp;
        assert!(bundle.locations.iter().all(|location| (location.precision == LocationPrecision::Area) == home));
    }
}

/// What migrations check of a provider's rows, and what foreign keys ask.
pub(super) fn obeys_the_database(bundle: &Bundle) {
    for location in &bundle.locations {
        let area = &REFERENCE.postcodes[&location.postcode.pc4()];
        assert!(area.population > 0);
        assert_eq!((&*location.gemeente_code, &*location.city), (&*area.gemeente_code, &*area.place_name));
        assert!(distance_km(location.point, area.point) <= 1.51);
        assert_eq!(location.provider_id, bundle.provider.id);
    }
    for CareGroup { location_id, size, staff_per_ten, nurses, .. } in &bundle.groups {
        assert!(bundle.locations.iter().any(|location| location.id == *location_id));
        assert!(*size > 0 && staff_per_ten.is_none_or(|staff| staff >= 0.0) && nurses.is_none_or(|nurses| nurses >= 0));
    }
    for place in &bundle.places {
        let group = super::group_of(bundle, place);
        assert!((1..=group.size).contains(&place.capacity));
        assert!(place.min_age.zip(place.max_age).is_none_or(|(youngest, oldest)| youngest <= oldest));
        assert!(place.leveringsvormen.as_ref().is_none_or(|forms| !forms.is_empty()));
        assert!(place.vervoer.iter().flatten().all(|one| one.radius_km.is_none_or(|km| km > 0.0 && km <= 200.0)));
        assert!(place.claims.is_sorted_by(|a, b| (&a.code, a.source) < (&b.code, b.source)));
        assert!(place.claims.iter().all(|claim| REFERENCE.kwaliteitseisen.contains_key(&claim.code)));
    }
}

#[test]
fn the_database_takes_it() {
    DEMO.bundles.iter().for_each(obeys_the_database);
    for Vervoer { postcodes, gemeenten, .. } in places().flat_map(|place| place.vervoer.iter().flatten()) {
        assert!(postcodes.iter().flatten().all(|pc4| REFERENCE.postcodes.contains_key(pc4)));
        assert!(postcodes.iter().all(|list| list.is_sorted_by(|a, b| a < b)));
        assert!(gemeenten.iter().flatten().all(|code| REFERENCE.gemeenten.contains_key(code)));
    }
}

/// How far the spread over regions is from that of people: 0 is the same, 2 has nothing in common.
pub(super) fn strangeness(pc4s: impl Iterator<Item = Pc4>) -> f64 {
    let region = |pc4: Pc4| &REFERENCE.gemeenten[&REFERENCE.postcodes[&pc4].gemeente_code].region_code;
    let share = |weights: &mut dyn Iterator<Item = (Pc4, u32)>| {
        let mut sums: BTreeMap<&String, f64> = BTreeMap::new();
        weights.for_each(|(pc4, weight)| *sums.entry(region(pc4)).or_default() += f64::from(weight));
        let total: f64 = sums.values().sum();
        sums.into_iter().map(|(region, sum)| (region, sum / total)).collect::<BTreeMap<_, _>>()
    };
    let people = share(&mut REFERENCE.postcodes.values().map(|area| (area.pc4, area.population)));
    let found = share(&mut pc4s.map(|pc4| (pc4, 1)));
    people.iter().map(|(region, share)| (share - found.get(region).unwrap_or(&0.0)).abs()).sum()
}

#[test]
fn places_are_spread_as_people_are() {
    let demo = strangeness(locations().map(|location| location.postcode.pc4()));
    let bundles: Vec<Bundle> = synthetic(&REFERENCE, 1, start(), 5000).unwrap().collect();
    let large =
        strangeness(bundles.iter().flat_map(|bundle| &bundle.locations).map(|location| location.postcode.pc4()));
    // Chance alone makes about 0.45 of the demo's 98 providers, since buildings of one provider keep together.
    assert!(demo < 0.6 && large < 0.25, "{demo} {large}");
}

#[test]
fn buildings_hold_several_groups_and_two_uses() {
    let of = |location: &Location| -> Vec<Homogeneity> {
        groups().filter(|group| group.location_id == location.id).map(|group| group.homogeneity).collect()
    };
    let three = [Homogeneity::HomogeneousZevmb, Homogeneity::MixedEmbZevmb, Homogeneity::MixedEmbZevmb];
    assert!(locations().filter(|location| of(location) == three).count() >= 10);
    let forms = |group: &CareGroup| -> Vec<CareForm> {
        places().filter(|place| place.care_group_id == group.id).map(|place| place.care_form).collect()
    };
    let two = [CareForm::Dagbesteding, CareForm::Logeren];
    assert!(groups().filter(|group| forms(group) == two).count() >= 10);
}

#[test]
fn what_is_known_differs() {
    for facility in Facility::ALL {
        let said: Vec<Option<bool>> = locations()
            .map(|location| location.facilities.iter().find(|(one, _)| one == facility).map(|(_, present)| *present))
            .collect();
        assert!(tally(&[None, Some(true), Some(false)], said.into_iter()).iter().all(|count| *count >= 20));
    }
    let three = |said: &mut dyn Iterator<Item = Option<bool>>| tally(&[None, Some(true), Some(false)], said);
    let excluded = three(&mut groups().map(|group| group.challenging_behaviour_excluded));
    let enough_staff = three(&mut groups().map(|group| group.staff_per_ten.map(|staff| staff >= 6.0)));
    let nurses = three(&mut groups().map(|group| group.nurses.map(|nurses| nurses > 0)));
    let paid = three(&mut places().map(|place| place.leveringsvormen.as_ref().map(|forms| forms.len() > 1)));
    assert!([excluded, enough_staff, nurses, paid].concat().iter().all(|count| *count >= 20));
}

#[test]
fn vervoer_is_of_every_kind() {
    let count =
        |kind: &dyn Fn(&Vervoer) -> bool| places().filter(|place| place.vervoer.iter().flatten().any(kind)).count();
    let stated = |one: &Vervoer| (one.radius_km.is_some(), one.postcodes.is_some(), one.gemeenten.is_some());
    let ways =
        [(true, false, false), (false, true, false), (false, false, true), (true, false, true), (false, true, true)];
    for way in ways.into_iter().chain([(false, false, false)]) {
        assert!(count(&|one| stated(one) == way) >= 5, "{way:?}");
    }
    assert!(count(&|one| one.area.is_some()) >= 10);
    let makes = |one: &Vervoer, from| one.trips.iter().flatten().any(|trip| trip.from == from);
    for from in TripFrom::ALL {
        assert!(count(&|one| makes(one, *from)) >= 50 && count(&|one| !makes(one, *from)) >= 5, "{from:?}");
    }
    assert!(count(&|one| one.trips.iter().flatten().any(|trip| trip.pick_up.is_empty())) >= 20);
    assert!(count(&|one| one.trips.iter().flatten().any(|trip| trip.pick_up.len() == 2)) >= 20);
    let with = |kind: fn(&Place) -> bool| places().filter(|place| kind(place)).count();
    assert!(with(|place| place.vervoer.is_none()) >= 40);
    assert!(with(|place| place.vervoer.as_ref().is_some_and(Vec::is_empty)) >= 40);
    assert!(with(|place| place.vervoer.as_ref().is_some_and(|all| all.len() == 2)) >= 10);
}
