//! Writing profiles, each with its history: the one place that makes and changes rows of the map.

use entity::{
    availability, care_group, care_group_capability, location, location_facility, place, place_leveringsvorm, provider,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set, Unchanged},
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use serde_json::{Value, json};

use super::{
    super::{
        alerts::note_all,
        error::StoreError,
        feed::Change,
        history::{self, Changed},
        insert::insert,
        places::above_capacity,
        write::{Author, WriteError},
    },
    rows::{self, Row, area, cell, misplaced},
};
use crate::care::{
    availability::{Run, slots},
    id::{PlaceId, ProviderId},
    profile::{
        CareGroupProfile, Difference, LocationProfile, Object, PlaceProfile, Profile, ProviderProfile, moment,
        stated::{Refusal, StatedError, Statement},
    },
    vocabulary::{CareForm, ChangeKind, MapField, MapObject},
};
use crate::store::rows::FromRow;

/// What is left to do of an object that was written: news for those who follow, and its entry in the audit trail.
#[derive(Clone, Debug)]
pub(in crate::store) struct Saved {
    /// The version that it has now.
    pub(in crate::store) version: i32,
    pub(in crate::store) change: Change,
    pub(in crate::store) object: Value,
}

impl Saved {
    fn new(changed: Changed, fields: impl Iterator<Item = MapField>) -> Self {
        let id = changed.object.id().simple().to_string();
        let kind = changed.object.kind().code().to_ascii_lowercase();
        let fields: Vec<&str> = fields.map(MapField::code).collect();
        Self {
            version: changed.version,
            object: json!({ "type": kind, "id": id, "fields": fields }),
            change: Change { kind: ChangeKind::Place, id, provider: Some(changed.provider) },
        }
    }
}

/// Takes an object for this transaction: nobody else changes it until that ends. Its version stays as it is. A write, so
/// that `SQLite` begins the transaction as a writer.
pub(in crate::store) async fn held(tx: &DatabaseTransaction, object: Object) -> Result<Option<Row>, StoreError> {
    macro_rules! hold {
        ($table:ident, $id:expr) => {
            $table::Entity::update_many()
                .col_expr($table::Column::Version, Expr::col($table::Column::Version))
                .filter($table::Column::Id.eq($id))
                .exec(tx)
                .await?
        };
    }
    match object {
        Object::Provider(id) => hold!(provider, id),
        Object::Location(id) => hold!(location, id),
        Object::CareGroup(id) => hold!(care_group, id),
        Object::Place(id) => hold!(place, id),
    };
    rows::find(tx, object).await
}

/// What an object is once `statement` is made of it; `before`: it is there.
pub(in crate::store) async fn stated(
    tx: &DatabaseTransaction,
    kind: MapObject,
    before: Option<&Profile>,
    statement: &Statement,
) -> Result<Profile, WriteError<Refusal>> {
    let held = before.map(|before| before.value(MapField::Postcode));
    let postcode = statement.0.get(&MapField::Postcode).or(held.as_ref()).and_then(Value::as_str);
    let area = match postcode {
        Some(postcode) if kind == MapObject::Location => area(tx, postcode).await?,
        _ => None,
    };
    Profile::stated(kind, before, statement, area.as_ref()).map_err(WriteError::Refused)
}

/// Writes an object that was held, as it is from now on; its version is one higher. Nothing is written where nothing
/// changes.
pub(in crate::store) async fn save(
    tx: &DatabaseTransaction,
    before: &Row,
    next: &Profile,
    by: &Author<'_>,
) -> Result<Option<Saved>, WriteError<Refusal>> {
    let mut differences = Profile::differences(Some(&before.profile), next);
    if differences.is_empty() {
        return Ok(None);
    }
    if let (Object::Place(id), Profile::Place(held), Profile::Place(place)) = (before.object, &before.profile, next) {
        if place.capacity < held.capacity && !above_capacity(tx, id, place.capacity, by.now).await?.is_empty() {
            return Err(WriteError::Refused(Refusal(MapField::Capacity, StatedError::Capacity)));
        }
        if place.care_form != held.care_form {
            differences.extend(unstated(tx, id, place.care_form).await?);
        }
    }
    if !matches!(before.object, Object::Provider(_)) {
        note_all(tx, before.provider).await?;
    }
    let changed = Changed { object: before.object, provider: before.provider, version: before.version + 1 };
    write(tx, changed, before.parent, next, false, by).await?;
    let saved = Saved::new(changed, differences.iter().map(|one| one.field));
    history::record(tx, differences.into_iter().map(|one| (changed, one)), by).await?;
    Ok(Some(saved))
}

/// Makes an object on its parent, which is there; a provider has none.
pub(in crate::store) async fn create(
    tx: &DatabaseTransaction,
    object: Object,
    parent: Option<Object>,
    provider: ProviderId,
    profile: &Profile,
    by: &Author<'_>,
) -> Result<Saved, StoreError> {
    if matches!(object, Object::Place(_)) {
        note_all(tx, provider).await?;
    }
    let changed = Changed { object, provider, version: 1 };
    write(tx, changed, parent, profile, true, by).await?;
    let made = Difference { field: MapField::OnMap, from: Value::Null, to: json!(true) };
    let differences: Vec<_> = Profile::differences(None, profile).into_iter().chain([made]).collect();
    let saved = Saved::new(changed, differences.iter().map(|one| one.field));
    history::record(tx, differences.into_iter().map(|one| (changed, one)), by).await?;
    Ok(saved)
}

/// Takes a place that was held off the map, or puts it back.
pub(in crate::store) async fn show(
    tx: &DatabaseTransaction,
    place: PlaceId,
    before: &Row,
    on_map: bool,
    by: &Author<'_>,
) -> Result<Saved, StoreError> {
    let changed = Changed { object: before.object, provider: before.provider, version: before.version + 1 };
    note_all(tx, before.provider).await?;
    let row = place::ActiveModel {
        id: Unchanged(place),
        withdrawn_at: Set((!on_map).then_some(by.now)),
        version: Set(changed.version),
        updated_at: Set(by.now),
        updated_by: Set(by.name.clone()),
        ..Default::default()
    };
    row.update(tx).await?;
    let difference = Difference { field: MapField::OnMap, from: json!(before.on_map), to: json!(on_map) };
    let saved = Saved::new(changed, [MapField::OnMap].into_iter());
    history::record(tx, [(changed, difference)], by).await?;
    Ok(saved)
}

/// Takes away what is stated of parts of the day that a care form has not; what changed.
async fn unstated(
    tx: &DatabaseTransaction,
    place: PlaceId,
    care_form: CareForm,
) -> Result<Option<Difference>, StoreError> {
    use availability::Column;
    let foreign = || Column::PlaceId.eq(place).and(Column::Slot.is_not_in(slots(care_form).iter().copied()));
    let mut runs: Vec<Run> =
        availability::Entity::find().filter(foreign()).all(tx).await?.into_iter().map(Run::from_row).collect();
    runs.sort_by_key(|run| (run.slot, run.from));
    availability::Entity::delete_many().filter(foreign()).exec(tx).await?;
    Ok(moment::unstated(&runs))
}

async fn write(
    tx: &DatabaseTransaction,
    changed: Changed,
    parent: Option<Object>,
    profile: &Profile,
    new: bool,
    by: &Author<'_>,
) -> Result<(), StoreError> {
    let version = changed.version;
    match (changed.object, parent, profile) {
        (Object::Provider(id), None, Profile::Provider(profile)) => {
            let row = provider_row(profile, version, by);
            put(tx, provider::ActiveModel { id: key(id, new), ..row }, new).await
        }
        (Object::Location(id), Some(Object::Provider(provider)), Profile::Location(profile)) => {
            let row = location_row(profile, version, by)?;
            put(tx, location::ActiveModel { id: key(id, new), provider_id: Set(provider), ..row }, new).await?;
            let of = location_facility::Column::LocationId.eq(id);
            location_facility::Entity::delete_many().filter(of).exec(tx).await?;
            let facts = profile.facilities.iter();
            let facts =
                facts.map(|(one, fact)| location_facility::Model { location_id: id, facility: *one, present: *fact });
            insert::<location_facility::Entity>(tx, facts.collect()).await
        }
        (Object::CareGroup(id), Some(Object::Location(location)), Profile::CareGroup(profile)) => {
            let row = group_row(profile, version, by);
            put(tx, care_group::ActiveModel { id: key(id, new), location_id: Set(location), ..row }, new).await?;
            let of = care_group_capability::Column::CareGroupId.eq(id);
            care_group_capability::Entity::delete_many().filter(of).exec(tx).await?;
            let facts = profile.capabilities.iter().chain(&profile.night_care).map(|(one, fact)| {
                care_group_capability::Model { care_group_id: id, capability: *one, offered: *fact }
            });
            insert::<care_group_capability::Entity>(tx, facts.collect()).await
        }
        (Object::Place(id), Some(Object::CareGroup(group)), Profile::Place(profile)) => {
            let row = place_row(profile, version, by);
            let vervoer_known = if new { Set(false) } else { NotSet };
            let row = place::ActiveModel { id: key(id, new), care_group_id: Set(group), vervoer_known, ..row };
            put(tx, row, new).await?;
            let of = place_leveringsvorm::Column::PlaceId.eq(id);
            place_leveringsvorm::Entity::delete_many().filter(of).exec(tx).await?;
            let known = profile.leveringsvormen.iter();
            let known = known.map(|one| place_leveringsvorm::Model { place_id: id, leveringsvorm: *one });
            insert::<place_leveringsvorm::Entity>(tx, known.collect()).await
        }
        (object, ..) => Err(misplaced(object.kind())),
    }
}

/// The key of a row: of a new one it is a value like others.
fn key<T: Into<sea_orm::Value>>(id: T, new: bool) -> sea_orm::ActiveValue<T> {
    if new { Set(id) } else { Unchanged(id) }
}

async fn put<A>(tx: &DatabaseTransaction, row: A, new: bool) -> Result<(), StoreError>
where
    A: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: sea_orm::IntoActiveModel<A>,
{
    if new {
        A::Entity::insert(row).exec_without_returning(tx).await?;
    } else {
        row.update(tx).await?;
    }
    Ok(())
}

fn provider_row(profile: &ProviderProfile, version: i32, by: &Author<'_>) -> provider::ActiveModel {
    let profile = profile.clone();
    provider::ActiveModel {
        name: Set(profile.name),
        kind: Set(profile.kind),
        phone: Set(profile.phone),
        email: Set(profile.email),
        website: Set(profile.website),
        kvk_number: Set(profile.kvk_number),
        agb_code: Set(profile.agb_code),
        fieldlab: Set(profile.fieldlab),
        version: Set(version),
        updated_at: Set(by.now),
        updated_by: Set(by.name.clone()),
        ..Default::default()
    }
}

fn location_row(profile: &LocationProfile, version: i32, by: &Author<'_>) -> Result<location::ActiveModel, StoreError> {
    let profile = profile.clone();
    Ok(location::ActiveModel {
        street: Set(profile.street),
        house_number: Set(profile.house_number),
        pc4: Set(profile.postcode.chars().take(4).collect()),
        postcode: Set(profile.postcode),
        city: Set(profile.city),
        gemeente_code: Set(profile.gemeente),
        lat: Set(profile.point.lat),
        lng: Set(profile.point.lng),
        precision: Set(profile.precision),
        h3_cell: Set(cell(profile.point)?),
        version: Set(version),
        updated_at: Set(by.now),
        updated_by: Set(by.name.clone()),
        ..Default::default()
    })
}

fn group_row(profile: &CareGroupProfile, version: i32, by: &Author<'_>) -> care_group::ActiveModel {
    care_group::ActiveModel {
        name: Set(profile.name.clone()),
        homogeneity: Set(profile.homogeneity),
        size: Set(profile.size),
        staff_per_ten: Set(profile.staff_per_ten),
        nurses: Set(profile.nurses),
        challenging_behaviour_excluded: Set(profile.challenging_behaviour_excluded),
        version: Set(version),
        updated_at: Set(by.now),
        updated_by: Set(by.name.clone()),
        ..Default::default()
    }
}

fn place_row(profile: &PlaceProfile, version: i32, by: &Author<'_>) -> place::ActiveModel {
    let profile = profile.clone();
    place::ActiveModel {
        name: Set(profile.name),
        care_form: Set(profile.care_form),
        capacity: Set(profile.capacity),
        phone: Set(profile.phone),
        email: Set(profile.email),
        min_age: Set(profile.min_age),
        max_age: Set(profile.max_age),
        version: Set(version),
        updated_at: Set(by.now),
        updated_by: Set(by.name.clone()),
        ..Default::default()
    }
}
