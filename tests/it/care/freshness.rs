//! Freshness, at its borders.

use chrono::TimeDelta;
use proptest::prelude::*;
use zorgkaart::care::{
    freshness::{Freshness, FreshnessRule},
    looks,
};

use super::instant;

#[test]
fn fresh_ends_after_14_days_and_aging_after_45() {
    let rule = FreshnessRule::default();
    let confirmed = instant("2026-10-20T09:30:00Z");
    let later = |days, nanoseconds| confirmed + TimeDelta::days(days) + TimeDelta::nanoseconds(nanoseconds);
    for (now, expected) in [
        (later(0, -1), Freshness::Fresh),
        (later(0, 0), Freshness::Fresh),
        (later(14, -1), Freshness::Fresh),
        (later(14, 0), Freshness::Fresh),
        (later(14, 1), Freshness::Aging),
        (later(45, 0), Freshness::Aging),
        (later(45, 1), Freshness::Stale),
        (later(10_000, 0), Freshness::Stale),
    ] {
        assert_eq!(rule.freshness(Some(confirmed), now), expected, "{now}");
    }
    assert_eq!(rule.freshness(None, confirmed), Freshness::Stale, "never confirmed");
}

#[test]
fn phone_first_after_90_days_or_when_never_confirmed() {
    let rule = FreshnessRule::default();
    let confirmed = instant("2026-10-20T09:30:00Z");
    assert!(!rule.phone_first(Some(confirmed), confirmed + TimeDelta::days(90)));
    assert!(rule.phone_first(Some(confirmed), confirmed + TimeDelta::days(90) + TimeDelta::nanoseconds(1)));
    assert!(rule.phone_first(None, confirmed));
}

#[test]
fn what_parents_look_at_is_confirmed_first_and_a_few_looks_tell_nothing() {
    assert_eq!([0, 1, 2, 3, 400].map(looks::shown), [None, None, None, Some(3), Some(400)]);
    for (days, shown, expected) in [
        (Some(20), None, 20),
        (Some(20), Some(3), 80),
        (None, None, 365),
        (None, Some(9), 3_650),
        (Some(0), Some(9), 0),
    ] {
        assert_eq!(looks::score(days, shown), expected);
    }
}

proptest! {
    #[test]
    fn any_rule_is_kept(fresh_days in 0..100_u16, more in 0..100_u16, seconds in 0..20_000_000_i64) {
        let rule = FreshnessRule { fresh_days, aging_days: fresh_days + more };
        let confirmed = instant("2026-03-28T23:30:00Z");
        let expected = match seconds {
            s if s <= 86_400 * i64::from(rule.fresh_days) => Freshness::Fresh,
            s if s <= 86_400 * i64::from(rule.aging_days) => Freshness::Aging,
            _ => Freshness::Stale,
        };
        prop_assert_eq!(rule.freshness(Some(confirmed), confirmed + TimeDelta::seconds(seconds)), expected);
    }
}
