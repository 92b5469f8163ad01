//! Proposals where places would help, as they are kept and shown.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::site_suggestion;
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use super::{
    super::{
        Store, View,
        audit::{Access, Event, Reading},
        error::StoreError,
        write::Author,
    },
    suggest::SuggestSites,
};
use crate::{
    auth::{DemandReach, Denied},
    care::{id::SuggestionId, vocabulary::JobState},
    geo::Cell,
};

/// How long a process may say nothing of its work before that counts as stopped.
pub(super) const SILENCE: Duration = Duration::from_secs(30);

/// A proposal where places would help.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteSuggestion {
    /// Its id.
    pub id: SuggestionId,
    /// What was asked.
    pub asked: SuggestSites,
    /// How far it is.
    pub state: JobState,
    /// How much is done, 0 to 1.
    pub progress: f64,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When it ended; none: not yet.
    pub ended_at: Option<DateTime<Utc>>,
    /// The answer; none: not yet.
    pub answer: Option<SiteAnswer>,
}

/// Where places would help.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteAnswer {
    /// What is to be said of it.
    pub note: String,
    /// Families that are unmet, within reach of any spot where a group could be.
    pub unmet_families: f64,
    /// The spots, the one that helps most first.
    pub sites: Vec<SitePick>,
    /// What they do together.
    pub value: f64,
    /// Whether nothing better exists: proven.
    pub optimal: bool,
    /// No choice of so many spots does more: proven.
    pub bound: f64,
    /// How far the best choice can be above the value, as a share of the bound.
    pub gap: f64,
}

/// A spot for a new group.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SitePick {
    /// The cell, of resolution 7.
    pub cell: Cell,
    /// What it adds to those before it.
    pub gain: f64,
}

impl Store {
    /// A proposal that the requester asked for; of the kenniscentrum, any. None: there is none. The read is recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may see none; `Err(_)` when the database does not answer or the read cannot be recorded.
    pub async fn site_suggestion(
        &self,
        view: &View,
        access: &Access,
        id: SuggestionId,
    ) -> Result<Result<Option<SiteSuggestion>, Denied>, StoreError> {
        let all = match view.scope().see_demand() {
            Ok(reach) => reach == DemandReach::Country,
            Err(denied) => return Ok(Err(self.deny(view, access, "siteSuggestion", denied).await)),
        };
        let read = async {
            let reading = Reading::begin(&self.database).await?;
            let row = site_suggestion::Entity::find_by_id(id).one(&reading.tx).await?;
            let own = row.filter(|row| all || row.asked_by == Author::of(view).name);
            let objects = own.iter().map(|row| object(row.id)).collect();
            reading.end(&Event::read(view, access, &self.replica, "siteSuggestion"), objects).await?;
            own.map(|row| shown(row, view.now())).transpose()
        };
        let _turn = self.turn().await?;
        self.database.within(read).await.map(Ok)
    }
}

/// A row as it is shown at `now`.
pub(super) fn shown(row: site_suggestion::Model, now: DateTime<Utc>) -> Result<SiteSuggestion, StoreError> {
    let unreadable = |error: serde_json::Error| StoreError::Corrupt(error.to_string());
    let silent = TimeDelta::from_std(SILENCE).is_ok_and(|silence| now - row.seen_at > silence);
    let state = if row.state == JobState::Running && silent { JobState::Failed } else { row.state };
    Ok(SiteSuggestion {
        id: row.id,
        asked: serde_json::from_value(row.asked).map_err(unreadable)?,
        state,
        progress: row.progress,
        asked_at: row.asked_at,
        ended_at: row.ended_at,
        answer: row.answer.map(serde_json::from_value).transpose().map_err(unreadable)?,
    })
}

/// A proposal, as the audit trail names it.
pub(super) fn object(id: SuggestionId) -> serde_json::Value {
    serde_json::json!({ "type": "siteSuggestion", "id": id.0.simple().to_string() })
}
