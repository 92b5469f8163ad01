//! What a passport is worth, by the second.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::{option, prelude::*};
use uuid::Uuid;
use zorgkaart::care::{
    calendar::dutch_date,
    id::PassportId,
    passport::{
        Passport,
        PassportStatus::{self, Active, Expired, Revoked},
    },
    vocabulary::PassportOutcome,
};

use super::{date, instant};

fn passport(from: NaiveDate, until: Option<NaiveDate>, revoked_at: Option<DateTime<Utc>>) -> Passport {
    Passport {
        id: PassportId(Uuid::from_u128(1)),
        outcome: PassportOutcome::ZevmbMetHerbeoordeling,
        valid_from: from,
        valid_until: until,
        revoked_at,
    }
}

#[test]
fn the_last_day_ends_at_midnight_in_amsterdam() {
    for (last, active, expired) in [
        ("2026-12-12", "2026-12-12T22:59:59.999999999Z", "2026-12-12T23:00:00Z"),
        ("2026-07-01", "2026-07-01T21:59:59.999999999Z", "2026-07-01T22:00:00Z"),
        ("2026-03-28", "2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z"),
        ("2026-03-29", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"),
        ("2026-10-25", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"),
        ("2028-02-29", "2028-02-29T22:59:59Z", "2028-02-29T23:00:00Z"),
    ] {
        let passport = passport(date("2020-01-01"), Some(date(last)), None);
        assert_eq!(passport.status(instant(active)), Active, "{active}");
        assert_eq!(passport.status(instant(expired)), Expired, "{expired}");
    }
}

#[test]
fn the_first_day_begins_at_midnight_in_amsterdam() {
    let passport = passport(date("2026-12-12"), None, None);
    assert_eq!(passport.status(instant("2026-12-11T22:59:59.999999999Z")), Expired);
    assert_eq!(passport.status(instant("2026-12-11T23:00:00Z")), Active);
    assert_eq!(passport.status(instant("2126-12-11T23:00:00Z")), Active, "for life");
}

#[test]
fn one_day_is_a_term() {
    let passport = passport(date("2026-12-12"), Some(date("2026-12-12")), None);
    assert_eq!(passport.status(instant("2026-12-12T12:00:00Z")), Active);
    assert_eq!(passport.status(instant("2026-12-13T12:00:00Z")), Expired);
}

#[test]
fn revocation_counts_from_its_instant_and_comes_first() {
    let revoked_at = instant("2026-12-12T12:00:00Z");
    let passport = passport(date("2026-01-01"), Some(date("2026-12-31")), Some(revoked_at));
    assert_eq!(passport.status(revoked_at - TimeDelta::nanoseconds(1)), Active);
    assert_eq!(passport.status(revoked_at), Revoked);
    assert_eq!(passport.status(instant("2027-06-01T12:00:00Z")), Revoked, "expired too");
    assert_eq!(passport.status(instant("2025-06-01T12:00:00Z")), Expired, "before its first day");
}

proptest! {
    #[test]
    fn the_status_is_what_the_dates_say(
        first in -30..30_i64,
        term in option::of(0..60_i64),
        revoked in option::of(-2_000_000..2_000_000_i64),
        seconds in -8_000_000..8_000_000_i64,
    ) {
        let noon = instant("2026-10-25T12:00:00Z");
        let from = noon.date_naive() + TimeDelta::days(first);
        let until = term.map(|days| from + TimeDelta::days(days));
        let revoked_at = revoked.map(|after| noon + TimeDelta::seconds(after));
        let now = noon + TimeDelta::seconds(seconds);
        let today = dutch_date(now);
        let expected: PassportStatus = match revoked {
            Some(after) if after <= seconds => Revoked,
            _ if today < from => Expired,
            _ if until.is_some_and(|last| last < today) => Expired,
            _ => Active,
        };
        prop_assert_eq!(passport(from, until, revoked_at).status(now), expected);
    }
}
