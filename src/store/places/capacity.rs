//! Stating how many spots a place has.

use entity::{availability, place};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde::Serialize;

use super::{
    super::{
        Store,
        write::{Author, Done, Request, Write, WriteError},
    },
    PlaceChanged, news, object, taken,
};
use crate::{
    auth::{Denied, Scope},
    care::{
        availability::{Run, stated::above},
        calendar::dutch_date,
        id::PlaceId,
    },
};

/// How many spots a place has from now on.
#[derive(Clone, Debug, Serialize)]
pub struct SetCapacity {
    /// The place.
    pub place: PlaceId,
    /// How many.
    pub capacity: i32,
    /// The version of the place that this follows on; none: any.
    pub expected_version: Option<i32>,
}

/// More spots are stated to be free on these dates than the place would have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapacityError(pub Vec<Run>);

impl Store {
    /// States how many spots a place has.
    ///
    /// # Errors
    /// When the requester may not, the place has another version, or more spots are stated to be free from today on.
    pub async fn set_capacity(
        &self,
        request: Request<'_>,
        asked: &SetCapacity,
    ) -> Result<PlaceChanged, WriteError<CapacityError>> {
        self.write(request, asked).await
    }
}

impl Write for SetCapacity {
    const NAME: &'static str = "setCapacity";
    type Answer = PlaceChanged;
    type Refusal = CapacityError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.may_change_places()
    }

    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        by: &Author<'_>,
    ) -> Result<Done<PlaceChanged>, WriteError<CapacityError>> {
        let (place, provider) = taken(tx, self.place, self.expected_version, by).await?;
        let rows = availability::Entity::find().filter(availability::Column::PlaceId.eq(self.place)).all(tx).await?;
        let mut runs: Vec<Run> = rows.into_iter().map(Run::from).collect();
        runs.sort_by_key(|run| (run.from, run.slot));
        let above = above(&runs, self.capacity, dutch_date(by.now));
        if !above.is_empty() {
            return Err(WriteError::Refused(CapacityError(above)));
        }
        let version = place.version;
        let mut row: place::ActiveModel = place.into_active_model();
        row.capacity = Set(self.capacity);
        row.update(tx).await?;
        Ok(Done {
            changes: vec![news(self.place, provider)],
            ..Done::updated(PlaceChanged { version }, vec![object(self.place, "capacity")])
        })
    }
}
