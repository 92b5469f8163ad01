//! What came of stating free spots.

use async_graphql::SimpleObject;

use super::place::Place;
use crate::{
    care::{availability::Change, id::PlaceId},
    graphql::{enums::Slot, scalars::Date},
    store::{AvailabilitySet, View},
};

/// What came of stating free spots.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SetAvailabilityPayload {
    /// The place as it is now.
    place: Place,
    /// The version that the change gave it.
    version: i32,
    /// The dates of which another number is stated than before, in the order of the periods and then of date; empty: the
    /// same was stated already.
    changed: Vec<AvailabilityChange>,
}

/// Dates of which another number of free spots is stated than before.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AvailabilityChange {
    /// The part of each day.
    slot: Slot,
    /// The first date.
    from: Date,
    /// The last date, included.
    to: Date,
    /// How many spots were stated to be free; null: nothing was stated.
    before: Option<i32>,
    /// How many are stated now.
    free: i32,
}

impl SetAvailabilityPayload {
    /// None where the place is no longer on the map, which a change after this one can bring about.
    pub(in crate::graphql) fn new(view: &View, place: PlaceId, set: AvailabilitySet) -> Option<Self> {
        let place = Place::new(view, view.place(place)?);
        Some(Self { place, version: set.version, changed: set.changed.into_iter().map(Into::into).collect() })
    }
}

impl From<Change> for AvailabilityChange {
    fn from(change: Change) -> Self {
        Self {
            slot: change.slot.into(),
            from: change.from.into(),
            to: change.to.into(),
            before: change.before,
            free: change.free,
        }
    }
}
