//! Profiles and their rows.

use entity::{
    care_group, care_group_capability, location, location_facility, place, place_leveringsvorm, postcode, provider,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::super::error::StoreError;
use crate::store::rows::TryFromRow;
use crate::{
    care::{
        id::{CareGroupId, LocationId, PlaceId, ProviderId},
        profile::{
            CareGroupProfile, Coordinates, LocationProfile, Object, PlaceProfile, Profile, ProviderProfile,
            is_night_care,
        },
        reference::Postcode,
        vocabulary::MapObject,
    },
    geo::{Cell, Point},
};

/// An object of the map as its row has it.
#[derive(Clone, Debug)]
pub(in crate::store) struct Row {
    pub(in crate::store) object: Object,
    /// Whose it is.
    pub(in crate::store) provider: ProviderId,
    pub(in crate::store) profile: Profile,
    pub(in crate::store) version: i32,
    /// Whether it is on the map, as far as it says itself.
    pub(in crate::store) on_map: bool,
    /// What it hangs on; a provider on nothing.
    pub(in crate::store) parent: Option<Object>,
}

/// Reads an object; none: there is none with this id.
pub(in crate::store) async fn find(tx: &DatabaseTransaction, object: Object) -> Result<Option<Row>, StoreError> {
    match object {
        Object::Provider(id) => find_provider(tx, id).await,
        Object::Location(id) => find_location(tx, id).await,
        Object::CareGroup(id) => find_group(tx, id).await,
        Object::Place(id) => find_place(tx, id).await,
    }
}

async fn find_provider(tx: &DatabaseTransaction, id: ProviderId) -> Result<Option<Row>, StoreError> {
    let Some(row) = provider::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
    let profile = ProviderProfile {
        name: row.name,
        kind: row.kind,
        phone: row.phone,
        email: row.email,
        website: row.website,
        kvk_number: row.kvk_number,
        agb_code: row.agb_code,
        fieldlab: row.fieldlab,
    };
    Ok(Some(Row {
        object: Object::Provider(id),
        provider: id,
        profile: Profile::Provider(profile),
        version: row.version,
        on_map: row.withdrawn_at.is_none(),
        parent: None,
    }))
}

async fn find_location(tx: &DatabaseTransaction, id: LocationId) -> Result<Option<Row>, StoreError> {
    let Some(row) = location::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
    let facilities = location_facility::Entity::find().filter(location_facility::Column::LocationId.eq(id));
    let facilities = facilities.all(tx).await?.into_iter().map(|one| (one.facility, one.present));
    let profile = LocationProfile {
        street: row.street,
        house_number: row.house_number,
        postcode: row.postcode,
        city: row.city,
        gemeente: row.gemeente_code,
        point: Coordinates { lat: row.lat, lng: row.lng },
        precision: row.precision,
        facilities: facilities.collect(),
    };
    Ok(Some(Row {
        object: Object::Location(id),
        provider: row.provider_id,
        profile: Profile::Location(profile),
        version: row.version,
        on_map: row.withdrawn_at.is_none(),
        parent: Some(Object::Provider(row.provider_id)),
    }))
}

async fn find_group(tx: &DatabaseTransaction, id: CareGroupId) -> Result<Option<Row>, StoreError> {
    let Some(row) = care_group::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
    let Some(location) = location::Entity::find_by_id(row.location_id).one(tx).await? else { return Ok(None) };
    let known = care_group_capability::Entity::find().filter(care_group_capability::Column::CareGroupId.eq(id));
    let known = known.all(tx).await?.into_iter().map(|one| (one.capability, one.offered));
    let (night_care, capabilities) = known.partition(|(capability, _)| is_night_care(*capability));
    let profile = CareGroupProfile {
        name: row.name,
        homogeneity: row.homogeneity,
        size: row.size,
        staff_per_ten: row.staff_per_ten,
        nurses: row.nurses,
        challenging_behaviour_excluded: row.challenging_behaviour_excluded,
        capabilities,
        night_care,
    };
    Ok(Some(Row {
        object: Object::CareGroup(id),
        provider: location.provider_id,
        profile: Profile::CareGroup(profile),
        version: row.version,
        on_map: row.withdrawn_at.is_none(),
        parent: Some(Object::Location(row.location_id)),
    }))
}

async fn find_place(tx: &DatabaseTransaction, id: PlaceId) -> Result<Option<Row>, StoreError> {
    let Some(row) = place::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
    let Some(group) = care_group::Entity::find_by_id(row.care_group_id).one(tx).await? else { return Ok(None) };
    let Some(location) = location::Entity::find_by_id(group.location_id).one(tx).await? else { return Ok(None) };
    let known = place_leveringsvorm::Entity::find().filter(place_leveringsvorm::Column::PlaceId.eq(id));
    let profile = PlaceProfile {
        name: row.name,
        care_form: row.care_form,
        capacity: row.capacity,
        phone: row.phone,
        email: row.email,
        min_age: row.min_age,
        max_age: row.max_age,
        leveringsvormen: known.all(tx).await?.into_iter().map(|one| one.leveringsvorm).collect(),
    };
    Ok(Some(Row {
        object: Object::Place(id),
        provider: location.provider_id,
        profile: Profile::Place(profile),
        version: row.version,
        on_map: row.withdrawn_at.is_none(),
        parent: Some(Object::CareGroup(row.care_group_id)),
    }))
}

/// The postcode that a location with this postcode lies in.
pub(super) async fn area(tx: &DatabaseTransaction, postcode: &str) -> Result<Option<Postcode>, StoreError> {
    let pc4 = postcode.get(..4).unwrap_or_default();
    postcode::Entity::find_by_id(pc4).one(tx).await?.map(Postcode::try_from_row).transpose()
}

/// The H3 cell in which the row of a location keeps its point.
pub(super) fn cell(at: Coordinates) -> Result<i64, StoreError> {
    let point = Point::new(at.lat, at.lng).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(Cell::stored(point))
}

/// An object with a parent as its ids say: what hangs on another kind of thing cannot be.
pub(super) fn misplaced(kind: MapObject) -> StoreError {
    StoreError::Corrupt(format!("a {} hangs on another kind of object", kind.code()))
}
