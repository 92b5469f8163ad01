//! What is stated of places: free spots, confirmations, waiting lists, claims.

use chrono::{Datelike, Weekday};

use super::{DEMO, noon, places, start, tally};
use crate::care::{
    availability::{Run, run_on, slots},
    calendar::{dates, horizon},
    freshness::{Freshness, FreshnessRule},
    place::Place,
    vocabulary::{CareForm, ClaimSource, ClaimStatus, Slot},
};

/// Runs in order, without overlap, as long as they can be, in the slots of the care form and within what there is.
pub(super) fn obeys_the_calendar(place: &Place) {
    let midnight = super::super::midnight(start());
    for Run { slot, from, to, free, stated_at } in &place.availability {
        assert!(slots(place.care_form).contains(slot) && (0..=place.capacity).contains(free));
        assert!(start() <= *from && from <= to && *to <= horizon(start()) && *stated_at <= midnight);
        assert!(place.confirmed_at.is_none_or(|at| *stated_at <= at));
    }
    for pair in place.availability.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        assert!((a.slot, a.to) < (b.slot, b.from));
        let adjacent = a.slot == b.slot && a.to.succ_opt() == Some(b.from);
        assert!(!adjacent || (a.free, a.stated_at) != (b.free, b.stated_at), "{a:?} and {b:?} are one run");
    }
    assert!(place.confirmed_at.is_none_or(|at| at <= midnight));
    assert!(place.waiting_list.is_none_or(|list| list.updated_at <= midnight));
    assert!(place.claims.iter().all(|claim| claim.assessed_at < midnight));
}

#[test]
fn availability_is_in_order() {
    places().for_each(obeys_the_calendar);
}

#[test]
fn most_places_state_every_day_of_the_horizon() {
    let days = |place: &Place| -> i64 {
        place.availability.iter().map(|run| (run.to - run.from).num_days() + 1).sum::<i64>()
            / i64::try_from(slots(place.care_form).len()).unwrap()
    };
    assert!(places().filter(|place| days(place) == 401).count() >= 350);
    assert!(places().filter(|place| (1..401).contains(&days(place))).count() >= 30);
    assert!(places().filter(|place| days(place) == 0).count() >= 10);
}

#[test]
fn weekday_dagbesteding_and_weekend_logeren_share_a_building() {
    let mut shared = 0;
    for bundle in &DEMO.bundles {
        let days = bundle.places.iter().filter(|place| place.care_form == CareForm::Dagbesteding);
        for day in days {
            let nights = bundle
                .places
                .iter()
                .find(|place| place.care_group_id == day.care_group_id && place.care_form == CareForm::Logeren);
            let Some(nights) = nights else { continue };
            shared += 1;
            for date in dates(start(), horizon(start())) {
                let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
                let party = matches!(date.weekday(), Weekday::Fri | Weekday::Sat);
                let free = |place: &Place, slot| run_on(&place.availability, slot, date).map_or(0, |run| run.free);
                assert!(!weekend || free(day, Slot::Morning) + free(day, Slot::Afternoon) == 0);
                assert!(party || free(nights, Slot::Night) == 0);
            }
        }
    }
    assert!(shared >= 10);
}

#[test]
fn places_are_fresh_aging_and_stale() {
    let rule = FreshnessRule::default();
    let kinds = [Freshness::Fresh, Freshness::Aging, Freshness::Stale];
    let counts = tally(&kinds, places().map(|place| rule.freshness(place.confirmed_at, noon())));
    assert!(counts.iter().all(|count| *count >= 80), "{counts:?}");
    assert!(places().any(|place| place.confirmed_at.is_none()));
}

#[test]
fn some_have_a_waiting_list_and_some_an_age() {
    let listed = places().filter(|place| place.waiting_list.is_some()).count();
    assert!((100..400).contains(&listed), "{listed}");
    let bounded = places().filter(|place| place.min_age.or(place.max_age).is_some()).count();
    assert!((100..400).contains(&bounded), "{bounded}");
}

#[test]
fn claims_have_every_status_and_every_source() {
    let pairs: Vec<(ClaimSource, ClaimStatus)> =
        ClaimSource::ALL.iter().flat_map(|source| ClaimStatus::ALL.iter().map(|status| (*source, *status))).collect();
    let claims = || places().flat_map(|place| &place.claims);
    let counts = tally(&pairs, claims().map(|claim| (claim.source, claim.status)));
    assert!(counts.iter().all(|count| *count >= 20), "{counts:?}");
    assert!(claims().any(|claim| claim.explanation.is_some()) && claims().any(|claim| claim.explanation.is_none()));
    assert!(places().any(|place| place.claims.is_empty()));
}
