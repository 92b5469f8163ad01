//! The history of the map: which field of what changed from what to what, when and by whom.

use entity::map_change;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::{error::StoreError, insert::insert, write::Author};
use crate::care::{
    id::{MapChangeId, ProviderId},
    profile::{Difference, Object},
};

/// An object of the map that changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Changed {
    pub(super) object: Object,
    /// Whose it is.
    pub(super) provider: ProviderId,
    /// The version that this made.
    pub(super) version: i32,
}

/// Keeps what changed in objects. Whatever changes the map calls this, in its transaction.
pub(super) async fn record(
    tx: &DatabaseTransaction,
    changes: impl IntoIterator<Item = (Changed, Difference)>,
    by: &Author<'_>,
) -> Result<(), StoreError> {
    let row = |(changed, one): (Changed, Difference)| map_change::Model {
        id: MapChangeId(Uuid::now_v7()),
        object_type: changed.object.kind(),
        object_id: changed.object.id(),
        provider_id: changed.provider,
        version: changed.version,
        field: one.field,
        from_value: one.from,
        to_value: one.to,
        changed_at: by.now,
        changed_by: by.name.clone(),
    };
    insert::<map_change::Entity>(tx, changes.into_iter().map(row).collect()).await
}
