//! What providers and the kenniscentrum change on the map.

use async_graphql::{ID, InputObject};

use super::{
    super::{
        error::{ApiError, Result},
        id,
    },
    contact::Read,
    idempotency_key,
    profile_fields::{CareGroupFieldsInput, LocationFieldsInput, PlaceFieldsInput, ProviderFieldsInput},
    text,
};
use crate::{
    care::profile::Object,
    store::{AddObject, EditProfile, IdempotencyKey, ShowPlace, View},
};

/// The argument of what is stated.
pub(in crate::graphql) const SET: &str = "input.set";

/// Reads what the kenniscentrum should know.
pub(super) fn note(note: Option<String>) -> Result<Option<String>> {
    note.map(|note| text("input.note", &note)).transpose()
}

/// A new building.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct AddLocationInput {
    /// The provider; left out: your own.
    provider: Option<ID>,
    /// What is stated of it.
    set: LocationFieldsInput,
    /// What the kenniscentrum should know: at most 200 characters.
    note: Option<String>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl AddLocationInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<AddObject> {
        let provider = self.provider.as_ref().map(|provider| id::provider("input.provider", provider)).transpose()?;
        let Some(provider) = provider.or_else(|| view.scope().provider()) else {
            return Err(ApiError::input("input.provider", "Say of which provider it is."));
        };
        let parent = Object::Provider(provider);
        let statement = self.set.read(SET, view.reference())?;
        Ok((AddObject { parent, statement, note: note(self.note)? }, idempotency_key(self.idempotency_key)?))
    }
}

/// A new group.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct AddCareGroupInput {
    /// The building; one that still waits for review will do.
    location: ID,
    /// What is stated of it.
    set: CareGroupFieldsInput,
    /// What the kenniscentrum should know: at most 200 characters.
    note: Option<String>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl AddCareGroupInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<AddObject> {
        let parent = Object::Location(id::location("input.location", &self.location)?);
        let statement = self.set.read(SET, view.reference())?;
        Ok((AddObject { parent, statement, note: note(self.note)? }, idempotency_key(self.idempotency_key)?))
    }
}

/// A new place.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct AddPlaceInput {
    /// The group that offers it; one that still waits for review will do.
    care_group: ID,
    /// What is stated of it.
    set: PlaceFieldsInput,
    /// What the kenniscentrum should know: at most 200 characters.
    note: Option<String>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl AddPlaceInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<AddObject> {
        let parent = Object::CareGroup(id::care_group("input.careGroup", &self.care_group)?);
        let statement = self.set.read(SET, view.reference())?;
        Ok((AddObject { parent, statement, note: note(self.note)? }, idempotency_key(self.idempotency_key)?))
    }
}

/// Another statement of a provider.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct EditProviderInput {
    /// Which: your own, unless you are the kenniscentrum.
    provider: ID,
    /// The `version` of it that you have seen. If it has another by now, nothing changes and the error `CONFLICT` says which.
    /// Left out: the change is made whatever others did.
    expected_version: Option<i32>,
    /// What is stated now.
    set: ProviderFieldsInput,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl EditProviderInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<EditProfile> {
        let object = Object::Provider(id::provider("input.provider", &self.provider)?);
        let statement = self.set.read(SET, view.reference())?;
        let asked = EditProfile { object, expected_version: self.expected_version, statement, note: None };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

/// Another statement of a building.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct EditLocationInput {
    /// Which: your own, unless you are the kenniscentrum.
    location: ID,
    /// The `version` of it that you have seen. If it has another by now, nothing changes and the error `CONFLICT` says which.
    /// Left out: the change is made whatever others did.
    expected_version: Option<i32>,
    /// What is stated now.
    set: LocationFieldsInput,
    /// What the kenniscentrum should know: at most 200 characters.
    note: Option<String>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl EditLocationInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<EditProfile> {
        let object = Object::Location(id::location("input.location", &self.location)?);
        let statement = self.set.read(SET, view.reference())?;
        let asked = EditProfile { object, expected_version: self.expected_version, statement, note: note(self.note)? };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

/// Another statement of a group.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct EditCareGroupInput {
    /// Which: your own, unless you are the kenniscentrum.
    care_group: ID,
    /// The `version` of it that you have seen. If it has another by now, nothing changes and the error `CONFLICT` says which.
    /// Left out: the change is made whatever others did.
    expected_version: Option<i32>,
    /// What is stated now.
    set: CareGroupFieldsInput,
    /// What the kenniscentrum should know: at most 200 characters.
    note: Option<String>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl EditCareGroupInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<EditProfile> {
        let object = Object::CareGroup(id::care_group("input.careGroup", &self.care_group)?);
        let statement = self.set.read(SET, view.reference())?;
        let asked = EditProfile { object, expected_version: self.expected_version, statement, note: note(self.note)? };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

/// Another statement of a place.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct EditPlaceInput {
    /// Which: your own, unless you are the kenniscentrum.
    place: ID,
    /// The `version` of it that you have seen. If it has another by now, nothing changes and the error `CONFLICT` says which.
    /// Left out: the change is made whatever others did.
    expected_version: Option<i32>,
    /// What is stated now.
    set: PlaceFieldsInput,
    /// What the kenniscentrum should know: at most 200 characters.
    note: Option<String>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl EditPlaceInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<EditProfile> {
        if self.set.states_capacity() {
            return Err(ApiError::input("input.set.capacity", "`setCapacity` changes this; leave it out."));
        }
        let object = Object::Place(id::place("input.place", &self.place)?);
        let statement = self.set.read(SET, view.reference())?;
        let asked = EditProfile { object, expected_version: self.expected_version, statement, note: note(self.note)? };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

/// A place that goes off the map, or comes back.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct ShowPlaceInput {
    /// The place.
    place: ID,
    /// The `version` of it that you have seen. If it has another by now, nothing changes and the error `CONFLICT` says which.
    /// Left out: the change is made whatever others did.
    expected_version: Option<i32>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl ShowPlaceInput {
    /// Reads which; `on_map`: whether it comes back.
    pub(in crate::graphql) fn read(self, on_map: bool) -> Result<(ShowPlace, Option<IdempotencyKey>)> {
        let place = id::place("input.place", &self.place)?;
        let asked = ShowPlace { place, on_map, expected_version: self.expected_version };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}
