//! Changes of places by those whose they are.

mod availability;
mod capacity;
mod claims;
mod confirm;
mod vervoer;
mod voices;
mod waiting_list;

use chrono::{DateTime, Utc};
use entity::{availability as availability_row, care_group, location, place};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) use availability::state;
pub use availability::{AvailabilitySet, SetAvailability};
pub use capacity::{CapacityError, SetCapacity};
pub use claims::StateClaim;
pub(in crate::store) use claims::claimed;
pub use confirm::{ConfirmPlaces, Confirming, PlacesConfirmed};
pub use vervoer::SetVervoer;
pub(in crate::store) use vervoer::held as held_vervoer;
pub use voices::VoiceClaim;
pub use waiting_list::SetWaitingList;

use super::{
    error::StoreError,
    feed::Change,
    history::Changed,
    rows::FromRow,
    write::{Author, WriteError},
};
use crate::care::{
    availability::{Run, stated::above},
    calendar::dutch_date,
    id::{PlaceId, ProviderId},
    profile::{Difference, Object},
    vocabulary::{ChangeKind, MapField},
};

/// The place that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceChanged {
    /// The version that it has now.
    pub version: i32,
}

/// Takes a place for this transaction: nobody else changes it until that ends. Whose it is comes from the database, and the
/// scope decides; its version is one higher in the row that is answered.
async fn taken<R>(
    tx: &DatabaseTransaction,
    id: PlaceId,
    expected: Option<i32>,
    by: &Author<'_>,
) -> Result<(place::Model, ProviderId), WriteError<R>> {
    // First of all, so that the row is held, and SQLite begins the transaction as a writer.
    touch(tx, id, by).await?;
    let (place, provider) = shown(tx, id).await?.ok_or(WriteError::Unknown)?;
    by.scope.change_place_of(provider)?;
    let before = place.version - 1;
    match expected {
        Some(expected) if expected != before => Err(WriteError::Conflict { version: before }),
        _ => Ok((place, provider)),
    }
}

/// Says in the row of a place that it changes: its version is one higher.
pub(super) async fn touch(tx: &DatabaseTransaction, id: PlaceId, by: &Author<'_>) -> Result<(), StoreError> {
    place::Entity::update_many()
        .col_expr(place::Column::Version, Expr::col(place::Column::Version).add(1))
        .col_expr(place::Column::UpdatedAt, Expr::value(by.now))
        .col_expr(place::Column::UpdatedBy, Expr::value(by.name.as_str()))
        .filter(place::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// A place that is on the map, and whose it is.
async fn shown(tx: &DatabaseTransaction, id: PlaceId) -> Result<Option<(place::Model, ProviderId)>, StoreError> {
    let Some(place) = place::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
    let Some(group) = care_group::Entity::find_by_id(place.care_group_id).one(tx).await? else { return Ok(None) };
    let Some(location) = location::Entity::find_by_id(group.location_id).one(tx).await? else { return Ok(None) };
    let shown = place.withdrawn_at.is_none() && group.withdrawn_at.is_none() && location.withdrawn_at.is_none();
    Ok(shown.then_some((place, location.provider_id)))
}

/// A place, as the audit trail names it.
pub(super) fn object(id: PlaceId, field: &str) -> Value {
    json!({ "type": "place", "id": id.0.simple().to_string(), "fields": [field] })
}

/// A place, as those hear of it who follow.
pub(super) fn news(id: PlaceId, provider: ProviderId) -> Change {
    Change { kind: ChangeKind::Place, id: id.0.simple().to_string(), provider: Some(provider) }
}

/// A place that was taken, as the history names it.
const fn changed(place: &place::Model, provider: ProviderId) -> Changed {
    Changed { object: Object::Place(place.id), provider, version: place.version }
}

/// A field of a place that changed; none: it did not.
fn difference(field: MapField, from: Value, to: Value) -> Option<Difference> {
    (from != to).then_some(Difference { field, from, to })
}

/// The runs from today on of which more spots are stated to be free than `capacity`, in the order of date.
pub(super) async fn above_capacity(
    tx: &DatabaseTransaction,
    place: PlaceId,
    capacity: i32,
    now: DateTime<Utc>,
) -> Result<Vec<Run>, StoreError> {
    let of = availability_row::Column::PlaceId.eq(place);
    let rows = availability_row::Entity::find().filter(of).all(tx).await?;
    let mut runs: Vec<Run> = rows.into_iter().map(Run::from_row).collect();
    runs.sort_by_key(|run| (run.from, run.slot));
    Ok(above(&runs, capacity, dutch_date(now)))
}
