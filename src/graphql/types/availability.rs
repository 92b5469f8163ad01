//! What came of stating free spots.

use async_graphql::SimpleObject;

use super::place::Place;
use crate::{
    care::{availability::stated::Change, id::PlaceId},
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
    /// The dates of which another number is stated than before, in the order of slot and date; empty: the same was stated
    /// already.
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

/// The place that was changed.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PlacePayload {
    /// The place as it is now.
    place: Place,
    /// The version that the change gave it.
    version: i32,
}

impl PlacePayload {
    /// None where the place is no longer on the map, which a change after this one can bring about.
    pub(in crate::graphql) fn new(view: &View, place: PlaceId, version: i32) -> Option<Self> {
        Some(Self { place: Place::new(view, view.place(place)?), version })
    }
}

/// The places that were confirmed.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ConfirmPlacesPayload {
    /// How many.
    count: i32,
    /// The first hundred of them as they are now, by id.
    places: Vec<Place>,
}

/// How many places are answered in full.
const SHOWN: usize = 100;

impl ConfirmPlacesPayload {
    pub(in crate::graphql) fn new(view: &View, confirmed: &[PlaceId]) -> Self {
        let shown = confirmed.iter().take(SHOWN).filter_map(|id| view.place(*id));
        Self {
            count: i32::try_from(confirmed.len()).unwrap_or(i32::MAX),
            places: shown.map(|place| Place::new(view, place)).collect(),
        }
    }
}
