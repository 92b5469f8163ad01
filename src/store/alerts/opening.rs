//! What a change leaves behind for those who wait: what was there before, so that it can be told what is new.

use std::collections::BTreeSet;

use entity::opening;
use sea_orm::{
    ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr,
};
use serde::{Deserialize, Serialize};

use super::super::{error::StoreError, load};
use crate::care::{
    availability::Run,
    id::{PlaceId, ProviderId},
    place::Bundle,
    vocabulary::Slot,
};

/// What was there before a change.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) enum Before {
    /// What was stated of the free spots of one place in these slots; nothing else has changed.
    Room {
        /// The slots.
        slots: BTreeSet<Slot>,
        /// What was stated, in the order of slot and date.
        runs: Vec<Run>,
    },
    /// The provider with all that hung on it; none: it was not on the map.
    All(Option<Box<Bundle>>),
}

impl Before {
    /// Takes the change back in what is there now.
    pub(super) fn restore(self, place: Option<PlaceId>, now: &mut Option<Bundle>) {
        match self {
            Self::All(before) => *now = before.map(|bundle| *bundle),
            Self::Room { slots, runs } => {
                let places = now.iter_mut().flat_map(|bundle| &mut bundle.places);
                if let Some(place) = places.into_iter().find(|one| Some(one.id) == place) {
                    place.availability.retain(|run| !slots.contains(&run.slot));
                    place.availability.extend(runs);
                    place.availability.sort_by_key(|run| (run.slot, run.from));
                }
            }
        }
    }
}

/// Leaves word, before a provider's part of the map is changed, of what is there: anything may come to fit.
pub(in crate::store) async fn note_all(tx: &DatabaseTransaction, provider: ProviderId) -> Result<(), StoreError> {
    // What lies there unmatched tells of what was before that too. A write, so that whoever matches it at this moment begins
    // anew, and sees this change.
    let lies_there = opening::Entity::update_many()
        .col_expr(opening::Column::ProviderId, Expr::col(opening::Column::ProviderId))
        .filter(opening::Column::ProviderId.eq(provider))
        .filter(opening::Column::PlaceId.is_null())
        .exec(tx)
        .await?;
    if lies_there.rows_affected > 0 {
        return Ok(());
    }
    let now = load::bundles(tx, vec![provider]).await?.remove(&provider).flatten();
    note(tx, provider, None, &Before::All(now.map(Box::new))).await
}

/// Leaves word, in the transaction of a change, that there may be room where there was none.
pub(in crate::store) async fn note(
    tx: &DatabaseTransaction,
    provider: ProviderId,
    place: Option<PlaceId>,
    before: &Before,
) -> Result<(), StoreError> {
    let before = serde_json::to_value(before).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let row =
        opening::ActiveModel { seq: NotSet, provider_id: Set(provider), place_id: Set(place), before: Set(before) };
    opening::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}
