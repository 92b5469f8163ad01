//! Stating how many spots a place has.

use entity::place;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel, Set};
use serde::Serialize;
use serde_json::json;

use super::{
    super::{
        Store, history,
        write::{Author, Done, Request, Write, WriteError},
    },
    PlaceChanged, above_capacity, changed, difference, news, object, taken,
};
use crate::{
    auth::{Denied, Scope},
    care::{availability::Run, id::PlaceId, vocabulary::MapField},
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
        let above = above_capacity(tx, self.place, self.capacity, by.now).await?;
        if !above.is_empty() {
            return Err(WriteError::Refused(CapacityError(above)));
        }
        let version = place.version;
        let one = difference(MapField::Capacity, json!(place.capacity), json!(self.capacity));
        history::record(tx, one.map(|one| (changed(&place, provider), one)), by).await?;
        let mut row: place::ActiveModel = place.into_active_model();
        row.capacity = Set(self.capacity);
        row.update(tx).await?;
        Ok(Done {
            changes: vec![news(self.place, provider)],
            ..Done::updated(PlaceChanged { version }, vec![object(self.place, "capacity")])
        })
    }
}
