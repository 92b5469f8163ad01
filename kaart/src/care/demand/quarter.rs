//! Quarters of a year as texts: `2026-Q4`.

use std::{fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

use super::Quarter;

/// A text that is no quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a quarter looks like 2026-Q4")]
pub struct NoQuarter;

impl Quarter {
    /// The quarter of a date.
    pub fn of(date: NaiveDate) -> Self {
        // Four at most.
        Self { year: date.year(), quarter: u8::try_from(date.quarter()).unwrap_or(4) }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.quarter)
    }
}

impl FromStr for Quarter {
    type Err = NoQuarter;

    fn from_str(text: &str) -> Result<Self, NoQuarter> {
        let (year, quarter) = text.split_once("-Q").ok_or(NoQuarter)?;
        let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(quarter, 1) {
            return Err(NoQuarter);
        }
        let read =
            Self { year: year.parse().map_err(|_| NoQuarter)?, quarter: quarter.parse().map_err(|_| NoQuarter)? };
        if (1..=4).contains(&read.quarter) { Ok(read) } else { Err(NoQuarter) }
    }
}
