//! Time: the one place that asks the machine for it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// A clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The machine's.
    System,
    /// One that stands, for a demo and for tests.
    Standing(DateTime<Utc>),
}

impl Clock {
    /// The clock of a demo that stands at noon (UTC) of a date.
    pub const fn standing_on(date: NaiveDate) -> Self {
        const NOON: NaiveTime = NaiveTime::MIN.overflowing_add_signed(TimeDelta::hours(12)).0;
        Self::Standing(date.and_time(NOON).and_utc())
    }

    /// The instant.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now(),
            Self::Standing(at) => at,
        }
    }
}

/// How far the clock may go back before it is not believed, seconds.
const TOLERANCE: i64 = 5;
/// How often the mark is written down, seconds.
const INTERVAL: i64 = 60;

/// The latest instant ever seen, kept over restarts: with a clock behind it, expired tokens would come to life again
/// (SECURITY.md, "Tokens").
#[derive(Debug)]
pub struct HighWater {
    file: PathBuf,
    written: AtomicI64,
    seen: AtomicI64,
}

impl HighWater {
    /// Reads the mark kept in `directory`; without one there is none yet.
    pub fn open(directory: &Path) -> Self {
        let file = directory.join("clock");
        let mark = fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(i64::MIN);
        Self { file, written: AtomicI64::new(mark), seen: AtomicI64::new(mark) }
    }

    /// Whether a clock that says `now` can be believed; notes the instant if so.
    pub fn believes(&self, now: DateTime<Utc>) -> bool {
        let now = now.timestamp();
        let seen = self.seen.fetch_max(now, Ordering::AcqRel);
        if now < seen.saturating_sub(TOLERANCE) {
            tracing::error!(
                file = %self.file.display(),
                "the clock has gone back, so no token is taken; put the clock right, or remove the file if it was ahead"
            );
            return false;
        }
        let written = self.written.load(Ordering::Acquire);
        let due = now >= written.saturating_add(INTERVAL);
        if due && self.written.compare_exchange(written, now, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            self.write(now);
        }
        true
    }

    fn write(&self, mark: i64) {
        // Written beside and moved, so that a crash leaves the old mark or the new one.
        let beside = self.file.with_extension("new");
        let written = fs::File::create(&beside)
            .and_then(|mut file| writeln!(file, "{mark}").and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&beside, &self.file));
        if let Err(error) = written {
            tracing::warn!(%error, "the latest instant cannot be written down");
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_went_back_is_not_believed_even_after_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let noon = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mark = HighWater::open(directory.path());
        assert!(mark.believes(noon));
        assert!(mark.believes(noon - TimeDelta::seconds(5)));
        assert!(!mark.believes(noon - TimeDelta::seconds(6)));
        let restarted = HighWater::open(directory.path());
        assert!(!restarted.believes(noon - TimeDelta::hours(1)));
        assert!(restarted.believes(noon + TimeDelta::seconds(1)));
    }
}
