//! Dutch calendar dates: a day begins and ends at midnight in Amsterdam, whatever the clock of the machine says.

use std::fmt::Write as _;

use arrayvec::ArrayString;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use chrono_tz::Europe::Amsterdam;
use thiserror::Error;

/// Reads `2026-12-31` and nothing else: chrono also takes `2026-1-1` and years of six digits.
pub fn iso_date(text: &str) -> Option<NaiveDate> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| match at {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    shaped.then(|| text.parse().ok()).flatten()
}

/// A date as [`iso_date`] reads it: what chrono writes, at once.
pub fn iso_text(date: NaiveDate) -> ArrayString<LONGEST> {
    let mut text = ArrayString::new();
    let Ok(year @ 0..=9_999) = u32::try_from(date.year()) else {
        let written = write!(text, "{date}");
        debug_assert!(written.is_ok(), "there is room for any year of chrono's");
        return text;
    };
    let (month, day) = (date.month(), date.day());
    for two in [year / 100, year % 100, month, day] {
        if text.len() >= 4 {
            text.push('-');
        }
        text.push(digit(two / 10));
        text.push(digit(two % 10));
    }
    text
}

fn digit(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or('0')
}

/// Bytes that the longest date takes: years of six digits have a sign.
const LONGEST: usize = 16;

/// How many days ahead a date may lie: as far as availability is kept.
pub const HORIZON_DAYS: u64 = 400;

/// The Dutch calendar date at an instant.
pub fn dutch_date(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&Amsterdam).date_naive()
}

/// The last date that may be asked about on `today`.
pub fn horizon(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(HORIZON_DAYS)).unwrap_or(NaiveDate::MAX)
}

/// Why a date or a pair of dates cannot be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DateError {
    /// Before today.
    #[error("{date} is in the past; the first date that can be asked about is today, {today}")]
    Past {
        /// What was asked.
        date: NaiveDate,
        /// Today.
        today: NaiveDate,
    },
    /// After the horizon.
    #[error("{date} is too far ahead; the last date that can be asked about is {last}, {HORIZON_DAYS} days from today")]
    BeyondHorizon {
        /// What was asked.
        date: NaiveDate,
        /// The last date that may be asked.
        last: NaiveDate,
    },
    /// The end is not after the beginning.
    #[error("{later} must come {} {earlier}", if *.or_same { "on or after" } else { "after" })]
    Reversed {
        /// The end that was asked.
        later: NaiveDate,
        /// The beginning that was asked.
        earlier: NaiveDate,
        /// Whether the same date would do.
        or_same: bool,
    },
}

/// Takes a date from today up to the horizon.
///
/// # Errors
/// When it lies in the past or beyond the horizon.
pub fn askable(date: NaiveDate, today: NaiveDate) -> Result<NaiveDate, DateError> {
    let last = horizon(today);
    if date < today {
        Err(DateError::Past { date, today })
    } else if date > last {
        Err(DateError::BeyondHorizon { date, last })
    } else {
        Ok(date)
    }
}

/// The dates from `first` to `last`, both included; none when reversed.
pub fn dates(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    first.iter_days().take_while(move |date| *date <= last)
}
