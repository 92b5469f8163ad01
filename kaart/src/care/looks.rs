//! How often parents look at places, and what that makes of work that waits. Only how often is known, never who.

use chrono::{DateTime, Utc};

/// Over how many dates looks are counted, the last one included.
pub const DAYS: u64 = 30;
/// The least number that is shown: a small count names a family (DESIGN, section 8).
pub const LEAST_SHOWN: i64 = 3;
/// As how old counts what was never confirmed, days.
const NEVER: i64 = 365;

/// A number of looks as it may be shown; none: too few to say.
pub fn shown(looks: i64) -> Option<i32> {
    i32::try_from(looks).ok().filter(|_| looks >= LEAST_SHOWN)
}

/// How many days, of 24 hours, ago something was confirmed.
pub fn days_since(confirmed_at: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    (now - confirmed_at).num_days().max(0)
}

/// How much it would help parents to confirm a place: its age in days (a year if it never was) times one more than its
/// looks. Looks that are too few to be shown count as none, so that the order says no more than the number.
pub fn score(days_since_confirmed: Option<i64>, shown_looks: Option<i32>) -> i64 {
    days_since_confirmed.unwrap_or(NEVER) * (1 + i64::from(shown_looks.unwrap_or(0)))
}
