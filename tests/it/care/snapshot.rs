//! The map in memory: every row hangs on its parents, and a home is shown as its area.

use std::collections::BTreeSet;

use proptest::prelude::*;
use uuid::Uuid;
use zorgkaart::care::{
    id::{PlaceId, ProviderId},
    snapshot::{SeenLocation, Snapshot},
    vocabulary::LocationPrecision,
};

use super::{date, naive, world};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_place_hangs_on_its_own_parents(records in world::records(0..80)) {
        let snapshot = Snapshot::build(records.clone(), date(world::TODAY));
        let expected = naive::linked(&records);
        prop_assert_eq!(snapshot.place_count(), expected.len());
        prop_assert_eq!(snapshot.index().len(), expected.len());
        for found in &expected {
            let facts = snapshot.facts(snapshot.place(found.place.id).unwrap()).unwrap();
            prop_assert_eq!(facts.place, found.place);
            prop_assert_eq!(facts.group, found.group);
            prop_assert_eq!(facts.location, found.location);
            prop_assert_eq!(facts.provider.id, found.location.provider_id);
            prop_assert_eq!((facts.point(), facts.region_code()), (found.point, found.region));
        }
    }

    #[test]
    fn a_provider_has_its_places_by_id(records in world::records(0..80)) {
        let snapshot = Snapshot::build(records.clone(), date(world::TODAY));
        for provider in &records.providers {
            let own: BTreeSet<PlaceId> = naive::linked(&records)
                .iter()
                .filter(|found| found.location.provider_id == provider.id)
                .map(|found| found.place.id)
                .collect();
            let listed = snapshot.places_of(provider.id);
            let ids: Vec<PlaceId> = listed.iter().map(|place| snapshot.facts(*place).unwrap().place.id).collect();
            prop_assert_eq!(ids, own.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(snapshot.provider(provider.id), Some(provider));
            let has_area = records.locations.iter().any(|location| {
                location.provider_id == provider.id
                    && location.precision == LocationPrecision::Area
                    && records.reference.postcodes.contains_key(&location.postcode.pc4())
            });
            prop_assert_eq!(snapshot.has_area_location(provider.id), has_area);
        }
    }

    #[test]
    fn a_home_is_shown_as_its_area(records in world::records(1..80)) {
        let snapshot = Snapshot::build(records, date(world::TODAY));
        let ordinals = 0..u32::try_from(snapshot.place_count()).unwrap();
        for facts in ordinals.filter_map(|ordinal| snapshot.facts(ordinal)) {
            let (location, reference) = (facts.location, &snapshot.ground().reference);
            let public = SeenLocation::by_everybody(location, reference).unwrap();
            let area = &reference.postcodes[&location.postcode.pc4()];
            prop_assert_eq!(facts.point(), public.point());
            match location.precision {
                LocationPrecision::Area => {
                    prop_assert_eq!((public.street(), public.house_number()), (None, None));
                    prop_assert_eq!(&*public.postcode().text(), area.pc4.to_string());
                    prop_assert_eq!((public.city(), public.point()), (area.place_name.as_str(), area.point));
                    prop_assert_eq!(public.gemeente_code(), &area.gemeente_code);
                }
                LocationPrecision::Exact => {
                    prop_assert_eq!(public.street(), location.street.as_deref());
                    prop_assert_eq!(public.house_number(), location.house_number.as_deref());
                    prop_assert_eq!(public.postcode(), location.postcode);
                    prop_assert_eq!((public.city(), public.point()), (location.city.as_str(), location.point));
                    prop_assert_eq!(public.gemeente_code(), &location.gemeente_code);
                }
            }
        }
    }
}

#[test]
fn nothing_is_known_of_what_is_not_there() {
    let snapshot = Snapshot::build(zorgkaart::care::snapshot::Records::default(), date(world::TODAY));
    let nobody = ProviderId(Uuid::from_u128(77));
    assert!(snapshot.facts(0).is_none());
    assert!(snapshot.place(PlaceId(Uuid::from_u128(77))).is_none());
    assert!(snapshot.provider(nobody).is_none());
    assert!(snapshot.places_of(nobody).is_empty());
    assert!(!snapshot.has_area_location(nobody));
}
