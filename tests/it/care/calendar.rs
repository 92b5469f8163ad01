//! The Dutch calendar: midnight in Amsterdam.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use zorgkaart::care::calendar::{DateError, askable, dutch_date, horizon, iso_text};

use super::{date, days_after, instant};

/// The last Sunday of a month, at 01:00 UTC: when the clock changes (directive 2000/84/EC).
fn change(year: i32, month: u32) -> DateTime<Utc> {
    let last = NaiveDate::from_ymd_opt(year, month, 31).unwrap();
    let sunday = last - TimeDelta::days(i64::from(last.weekday().num_days_from_sunday()));
    sunday.and_hms_opt(1, 0, 0).unwrap().and_utc()
}

/// Two hours ahead of UTC in summer, one in winter.
fn naive_dutch_date(at: DateTime<Utc>) -> NaiveDate {
    let summer = change(at.year(), 3) <= at && at < change(at.year(), 10);
    (at + TimeDelta::hours(if summer { 2 } else { 1 })).date_naive()
}

proptest! {
    #[test]
    fn the_date_is_that_of_the_rule(seconds in 1_577_836_800..2_145_916_800_i64) {
        let at = DateTime::from_timestamp(seconds, 0).unwrap();
        prop_assert_eq!(dutch_date(at), naive_dutch_date(at));
    }

    #[test]
    fn a_date_is_written_as_chrono_writes_it(days in -5_000_000..5_000_000_i32, near in 700_000..800_000_i32) {
        for days in [days, near] {
            let date = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
            prop_assert_eq!(iso_text(date).to_string(), date.to_string());
        }
    }

    #[test]
    fn what_can_be_asked_is_today_up_to_the_horizon(after in -500..900_i64) {
        let today = date("2027-11-20");
        let asked = today + TimeDelta::days(after);
        let answer = askable(asked, today);
        match after {
            ..0 => prop_assert_eq!(answer, Err(DateError::Past { date: asked, today })),
            0..=400 => prop_assert_eq!(answer, Ok(asked)),
            _ => prop_assert_eq!(answer, Err(DateError::BeyondHorizon { date: asked, last: horizon(today) })),
        }
    }
}

#[test]
fn a_day_begins_at_midnight_in_amsterdam() {
    for (at, expected) in [
        // Winter.
        ("2026-12-11T22:59:59.999999999Z", "2026-12-11"),
        ("2026-12-11T23:00:00Z", "2026-12-12"),
        // Summer.
        ("2026-07-01T21:59:59.999999999Z", "2026-07-01"),
        ("2026-07-01T22:00:00Z", "2026-07-02"),
        // The day of 23 hours.
        ("2026-03-28T22:59:59Z", "2026-03-28"),
        ("2026-03-28T23:00:00Z", "2026-03-29"),
        ("2026-03-29T01:00:00Z", "2026-03-29"),
        ("2026-03-29T21:59:59Z", "2026-03-29"),
        ("2026-03-29T22:00:00Z", "2026-03-30"),
        // The day of 25 hours.
        ("2026-10-24T21:59:59Z", "2026-10-24"),
        ("2026-10-24T22:00:00Z", "2026-10-25"),
        ("2026-10-25T22:59:59Z", "2026-10-25"),
        ("2026-10-25T23:00:00Z", "2026-10-26"),
        // Leap days, and a year that has none.
        ("2028-02-28T23:00:00Z", "2028-02-29"),
        ("2028-02-29T22:59:59Z", "2028-02-29"),
        ("2028-02-29T23:00:00Z", "2028-03-01"),
        ("2027-02-28T23:00:00Z", "2027-03-01"),
        ("2100-02-28T23:00:00Z", "2100-03-01"),
        // The year.
        ("2026-12-31T22:59:59Z", "2026-12-31"),
        ("2026-12-31T23:00:00Z", "2027-01-01"),
    ] {
        assert_eq!(dutch_date(instant(at)), date(expected), "{at}");
    }
}

#[test]
fn the_horizon_is_400_days_ahead() {
    assert_eq!(horizon(date("2026-12-01")), date("2028-01-05"));
    assert_eq!(horizon(date("2027-03-01")), days_after(date("2027-03-01"), 400), "over a leap day");
    assert_eq!(horizon(NaiveDate::MAX), NaiveDate::MAX);
}

#[test]
fn the_errors_say_what_would_be_right() {
    let today = date("2026-12-01");
    let message = |asked| askable(date(asked), today).unwrap_err().to_string();
    assert!(message("2026-11-30").contains("2026-12-01"));
    assert!(message("2028-01-06").contains("2028-01-05"));
    let reversed = |or_same| DateError::Reversed { later: today, earlier: date("2026-12-05"), or_same }.to_string();
    assert_eq!(reversed(false), "2026-12-01 must come after 2026-12-05");
    assert_eq!(reversed(true), "2026-12-01 must come on or after 2026-12-05");
}
