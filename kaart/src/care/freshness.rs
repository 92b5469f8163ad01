//! How old a provider's last confirmation is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How far what a place states can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Freshness {
    /// Confirmed lately.
    Fresh,
    /// Confirmed a while ago.
    Aging,
    /// Confirmed long ago or never.
    Stale,
}

impl Freshness {
    /// All of them, what can be relied on most first.
    pub const ALL: [Self; 3] = [Self::Fresh, Self::Aging, Self::Stale];
}

/// Up to how many days after the provider's last confirmation a place is fresh, and aging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreshnessRule {
    /// Fresh up to so many days (of 24 hours) after confirmation, inclusive.
    pub fresh_days: u16,
    /// Aging up to so many days after confirmation, inclusive; then stale.
    pub aging_days: u16,
}

impl Default for FreshnessRule {
    fn default() -> Self {
        Self { fresh_days: 14, aging_days: 45 }
    }
}

impl FreshnessRule {
    /// The freshness at `now` of what was confirmed at `confirmed_at`; never confirmed is stale.
    pub fn freshness(self, confirmed_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Freshness {
        let within = |days: u16, at| now - at <= chrono::TimeDelta::days(i64::from(days));
        match confirmed_at {
            Some(at) if within(self.fresh_days, at) => Freshness::Fresh,
            Some(at) if within(self.aging_days, at) => Freshness::Aging,
            _ => Freshness::Stale,
        }
    }

    /// Whether what was confirmed at `confirmed_at` is so old at `now` that parents had better phone before they count on
    /// it: twice as old as what is aging, or never confirmed.
    pub fn phone_first(self, confirmed_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        confirmed_at.is_none_or(|at| now - at > chrono::TimeDelta::days(2 * i64::from(self.aging_days)))
    }
}
