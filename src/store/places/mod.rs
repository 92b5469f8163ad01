//! Changes of places by those whose they are.

mod availability;
mod capacity;
mod confirm;
mod vervoer;
mod waiting_list;

use entity::{care_group, location, place};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use availability::{AvailabilitySet, SetAvailability};
pub use capacity::{CapacityError, SetCapacity};
pub use confirm::{ConfirmPlaces, Confirming, PlacesConfirmed};
pub use vervoer::SetVervoer;
pub use waiting_list::SetWaitingList;

use super::{
    error::StoreError,
    feed::Change,
    write::{Author, WriteError},
};
use crate::care::{
    id::{PlaceId, ProviderId},
    vocabulary::ChangeKind,
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
    place::Entity::update_many()
        .col_expr(place::Column::Version, Expr::col(place::Column::Version).add(1))
        .col_expr(place::Column::UpdatedAt, Expr::value(by.now))
        .col_expr(place::Column::UpdatedBy, Expr::value(by.name.as_str()))
        .filter(place::Column::Id.eq(id))
        .exec(tx)
        .await?;
    let (place, provider) = shown(tx, id).await?.ok_or(WriteError::Unknown)?;
    by.scope.change_place_of(provider)?;
    let before = place.version - 1;
    match expected {
        Some(expected) if expected != before => Err(WriteError::Conflict { version: before }),
        _ => Ok((place, provider)),
    }
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
fn object(id: PlaceId, field: &str) -> Value {
    json!({ "type": "place", "id": id.0.simple().to_string(), "fields": [field] })
}

/// A place, as those hear of it who follow.
fn news(id: PlaceId, provider: ProviderId) -> Change {
    Change { kind: ChangeKind::Place, id: id.0.simple().to_string(), provider: Some(provider) }
}
