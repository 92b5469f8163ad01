//! Where somebody works, as a file says it: a provider, and a place in its building.

use serde_json::json;

use super::{
    super::{Contact, stated::Statement},
    Column, Reason,
};
use crate::care::{
    id::{LocationId, ProviderId},
    map::Map,
    vocabulary::ContactField,
};

/// What a file says of something.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Said<T> {
    /// The file has no such column.
    #[default]
    Nothing,
    /// That there is none.
    Nobody,
    /// This.
    This(T),
}

/// What a row says of where somebody works.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Work {
    pub(super) provider: Said<ProviderId>,
    /// The location of the place, and whose it is.
    pub(super) place: Said<(LocationId, ProviderId)>,
}

impl Work {
    /// Adds to `statement` where somebody works from now on who has worked where `before` says.
    pub(super) fn state(self, before: &Contact, map: &Map, statement: &mut Statement) -> Result<(), (Column, Reason)> {
        let provider = match (self.provider, self.place) {
            (Said::This(provider), Said::This((_, of))) if provider != of => {
                return Err((Column::Provider, Reason::OtherProvider));
            }
            (_, Said::This((location, provider))) => {
                statement.work(Some(provider), Some(location));
                return Ok(());
            }
            // One that has left the map can stay where it is, and comes to nobody new.
            (Said::This(provider), _) if map.provider(provider).is_none() && before.provider_id != Some(provider) => {
                return Err((Column::Provider, Reason::NoProvider));
            }
            (Said::This(provider), _) => Some(provider),
            (Said::Nobody, _) => None,
            (Said::Nothing, _) => before.provider_id,
        };
        if !matches!(self.provider, Said::Nothing) {
            statement.0.insert(ContactField::Provider, json!(provider));
        }
        // A building without a place on the map cannot be written, so that its cell is empty says nothing.
        let unspeakable = provider == before.provider_id && before.location_id.is_some() && before.place(map).is_none();
        if matches!(self.place, Said::Nobody) && !unspeakable {
            statement.0.insert(ContactField::Location, json!(None::<LocationId>));
        }
        Ok(())
    }
}
