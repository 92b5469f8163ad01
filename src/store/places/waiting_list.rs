//! Stating how long the waiting list of a place is.

use std::convert::Infallible;

use chrono::{DateTime, Utc};
use entity::place;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel, Set};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    super::{
        Store, history,
        write::{Author, Done, Request, Write, WriteError},
    },
    PlaceChanged, changed, difference, news, object, taken,
};
use crate::{
    auth::{Denied, Scope},
    care::{id::PlaceId, vocabulary::MapField},
};

/// What a provider states of a waiting list.
#[derive(Clone, Debug, Serialize)]
pub struct SetWaitingList {
    /// The place.
    pub place: PlaceId,
    /// How many people wait; none: not known.
    pub length: Option<i32>,
    /// How many weeks it is expected to take; none: not known.
    pub expected_weeks: Option<i32>,
    /// The version of the place that this follows on; none: any.
    pub expected_version: Option<i32>,
}

impl Store {
    /// States how long the waiting list of a place is.
    ///
    /// # Errors
    /// When the requester may not, or the place has another version.
    pub async fn set_waiting_list(
        &self,
        request: Request<'_>,
        asked: &SetWaitingList,
    ) -> Result<PlaceChanged, WriteError<Infallible>> {
        self.write(request, asked).await
    }
}

impl Write for SetWaitingList {
    const NAME: &'static str = "setWaitingList";
    type Answer = PlaceChanged;
    type Refusal = Infallible;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.may_change_places()
    }

    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        by: &Author<'_>,
    ) -> Result<Done<PlaceChanged>, WriteError<Infallible>> {
        let (place, provider) = taken(tx, self.place, self.expected_version, by).await?;
        let version = place.version;
        let stated = |length: Option<i32>, weeks: Option<i32>, at: DateTime<Utc>| json!({ "length": length, "expectedWeeks": weeks, "updatedAt": at });
        let held = |at| stated(place.waiting_list_length, place.waiting_list_weeks, at);
        let held = place.waiting_list_updated_at.map_or(Value::Null, held);
        let one = difference(MapField::WaitingList, held, stated(self.length, self.expected_weeks, by.now));
        history::record(tx, one.map(|one| (changed(&place, provider), one)), by).await?;
        let mut row: place::ActiveModel = place.into_active_model();
        row.waiting_list_length = Set(self.length);
        row.waiting_list_weeks = Set(self.expected_weeks);
        row.waiting_list_updated_at = Set(Some(by.now));
        row.update(tx).await?;
        Ok(Done {
            changes: vec![news(self.place, provider)],
            ..Done::updated(PlaceChanged { version }, vec![object(self.place, "waitingList")])
        })
    }
}
