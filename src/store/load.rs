//! Reading the whole map, as of one moment of the database.

use std::{collections::HashMap, hash::Hash};

use entity::{
    availability, care_group, care_group_capability, gemeente, kwaliteitseis, kwaliteitseis_claim, location,
    location_facility, passport_agreement, place, place_leveringsvorm, postcode, provider, vervoer, vervoer_gemeente,
    vervoer_postcode, zorgkantoor_region,
};
use futures::TryStreamExt;
use sea_orm::{
    AccessMode, ColumnTrait, Condition, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait,
    IsolationLevel, QueryFilter, QuerySelect, QueryTrait, Select, TransactionTrait,
};

use super::{error::StoreError, rows::pc4};
use crate::care::{
    id::VervoerId,
    place::{CareGroup, Location, Place},
    reference::Reference,
    snapshot::Records,
    vervoer::Vervoer,
    vocabulary::LocationPrecision,
};

/// Everything that is on the map: nothing that was withdrawn.
pub(super) async fn records(db: &DatabaseConnection) -> Result<Records, StoreError> {
    // PostgreSQL shows each statement its own moment unless it is told otherwise; SQLite's transactions see one.
    let isolation = (db.get_database_backend() == DbBackend::Postgres)
        .then_some((IsolationLevel::RepeatableRead, AccessMode::ReadOnly));
    let tx = db.begin_with_config(isolation.map(|(level, _)| level), isolation.map(|(_, mode)| mode)).await?;
    let mut records = Records {
        reference: reference(&tx).await?,
        agreements: all(passport_agreement::Entity::find(), &tx).await?,
        providers: all(provider::Entity::find().filter(provider::Column::WithdrawnAt.is_null()), &tx).await?,
        locations: all_checked(shown_locations(), &tx).await?,
        groups: all(shown_groups(), &tx).await?,
        places: all(place::Entity::find().filter(place::Column::WithdrawnAt.is_null()), &tx).await?,
    };
    // Afspraken before regelingen; neither database has an order of its own.
    records.agreements.sort_unstable_by(|a, b| (a.kind, &a.code).cmp(&(b.kind, &b.code)));
    building_details(&mut records.locations, &tx).await?;
    group_details(&mut records.groups, &tx).await?;
    place_details(&mut records.places, &tx).await?;
    vervoer_details(&mut records.places, &tx).await?;
    tx.commit().await?;
    Ok(records)
}

/// Those that are shown, and homes that were withdrawn: somebody still lives there, so what would give a home away (the
/// registry number and web site of its provider) stays hidden. No group leads to them.
fn shown_locations() -> Select<location::Entity> {
    use location::Column;
    let home = Column::Precision.eq(LocationPrecision::Area);
    location::Entity::find().filter(Condition::any().add(Column::WithdrawnAt.is_null()).add(home))
}

/// Those that are shown, in locations that are.
fn shown_groups() -> Select<care_group::Entity> {
    let open = location::Entity::find()
        .select_only()
        .column(location::Column::Id)
        .filter(location::Column::WithdrawnAt.is_null());
    care_group::Entity::find()
        .filter(care_group::Column::WithdrawnAt.is_null())
        .filter(care_group::Column::LocationId.in_subquery(open.into_query()))
}

async fn reference(tx: &DatabaseTransaction) -> Result<Reference, StoreError> {
    let regions: Vec<crate::care::reference::Region> = all(zorgkantoor_region::Entity::find(), tx).await?;
    let gemeenten: Vec<crate::care::reference::Gemeente> = all(gemeente::Entity::find(), tx).await?;
    let postcodes: Vec<crate::care::reference::Postcode> = all_checked(postcode::Entity::find(), tx).await?;
    let kwaliteitseisen: Vec<crate::care::reference::Kwaliteitseis> = all(kwaliteitseis::Entity::find(), tx).await?;
    Ok(Reference {
        regions: regions.into_iter().map(|region| (region.code.clone(), region)).collect(),
        gemeenten: gemeenten.into_iter().map(|gemeente| (gemeente.code.clone(), gemeente)).collect(),
        postcodes: postcodes.into_iter().map(|postcode| (postcode.pc4, postcode)).collect(),
        kwaliteitseisen: kwaliteitseisen.into_iter().map(|eis| (eis.code.clone(), eis)).collect(),
    })
}

async fn all<E, T>(select: Select<E>, tx: &DatabaseTransaction) -> Result<Vec<T>, StoreError>
where
    E: EntityTrait,
    T: From<E::Model>,
{
    Ok(select.stream(tx).await?.map_ok(T::from).try_collect().await?)
}

async fn all_checked<E, T>(select: Select<E>, tx: &DatabaseTransaction) -> Result<Vec<T>, StoreError>
where
    E: EntityTrait,
    T: TryFrom<E::Model, Error = StoreError>,
{
    select
        .stream(tx)
        .await?
        .map_err(StoreError::from)
        .and_then(|row| std::future::ready(T::try_from(row)))
        .try_collect()
        .await
}

/// Puts each row of a detail table into the owner that `owner_id` names; rows of what is not on the map are skipped.
async fn each<E, I, T>(
    select: Select<E>,
    tx: &DatabaseTransaction,
    owners: &mut [T],
    id: impl Fn(&T) -> I,
    owner_id: impl Fn(&E::Model) -> I,
    mut put: impl FnMut(&mut T, E::Model) -> Result<(), StoreError>,
) -> Result<(), StoreError>
where
    E: EntityTrait,
    I: Eq + Hash,
{
    let positions: HashMap<I, usize> = owners.iter().enumerate().map(|(at, owner)| (id(owner), at)).collect();
    let mut rows = select.stream(tx).await?;
    while let Some(row) = rows.try_next().await? {
        if let Some(owner) = positions.get(&owner_id(&row)).and_then(|at| owners.get_mut(*at)) {
            put(owner, row)?;
        }
    }
    Ok(())
}

async fn building_details(locations: &mut [Location], tx: &DatabaseTransaction) -> Result<(), StoreError> {
    each(
        location_facility::Entity::find(),
        tx,
        locations,
        |location| location.id,
        |row| row.location_id,
        |location, row| {
            location.facilities.push((row.facility, row.present));
            Ok(())
        },
    )
    .await?;
    for location in locations {
        location.facilities.sort_unstable();
    }
    Ok(())
}

async fn group_details(groups: &mut [CareGroup], tx: &DatabaseTransaction) -> Result<(), StoreError> {
    each(
        care_group_capability::Entity::find(),
        tx,
        groups,
        |group| group.id,
        |row| row.care_group_id,
        |group, row| {
            group.capabilities.push((row.capability, row.offered));
            Ok(())
        },
    )
    .await?;
    for group in groups {
        group.capabilities.sort_unstable();
    }
    Ok(())
}

async fn place_details(places: &mut [Place], tx: &DatabaseTransaction) -> Result<(), StoreError> {
    each(
        place_leveringsvorm::Entity::find(),
        tx,
        places,
        |place| place.id,
        |row| row.place_id,
        |place, row| {
            place.leveringsvormen.get_or_insert_default().push(row.leveringsvorm);
            Ok(())
        },
    )
    .await?;
    each(
        kwaliteitseis_claim::Entity::find(),
        tx,
        places,
        |place| place.id,
        |row| row.place_id,
        |place, row| {
            place.claims.push(row.into());
            Ok(())
        },
    )
    .await?;
    each(
        availability::Entity::find(),
        tx,
        places,
        |place| place.id,
        |row| row.place_id,
        |place, row| {
            place.availability.push(row.into());
            Ok(())
        },
    )
    .await?;
    for place in places {
        // The words of a vocabulary order as they are declared, which no database's collation knows.
        place.leveringsvormen.iter_mut().for_each(|known| known.sort_unstable());
        place.claims.sort_unstable_by(|a, b| (&a.code, a.source).cmp(&(&b.code, b.source)));
        place.availability.sort_unstable_by_key(|run| (run.slot, run.from));
    }
    Ok(())
}

async fn vervoer_details(places: &mut [Place], tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let rows = vervoer::Entity::find().all(tx).await?;
    let mut owners = HashMap::new();
    let mut all: Vec<Vervoer> = Vec::with_capacity(rows.len());
    for row in rows {
        owners.insert(row.id, row.place_id);
        all.push(row.into());
    }
    let id = |one: &Vervoer| -> VervoerId { one.id };
    each(
        vervoer_postcode::Entity::find(),
        tx,
        &mut all,
        id,
        |row| row.vervoer_id,
        |one, row| {
            one.postcodes.get_or_insert_default().push(pc4(&row.pc4)?);
            Ok(())
        },
    )
    .await?;
    each(
        vervoer_gemeente::Entity::find(),
        tx,
        &mut all,
        id,
        |row| row.vervoer_id,
        |one, row| {
            one.gemeenten.get_or_insert_default().push(row.gemeente_code);
            Ok(())
        },
    )
    .await?;
    all.sort_unstable_by_key(|one| one.id);
    let positions: HashMap<_, usize> = places.iter().enumerate().map(|(at, place)| (place.id, at)).collect();
    for mut one in all {
        one.postcodes.iter_mut().for_each(|list| list.sort_unstable());
        one.gemeenten.iter_mut().for_each(|list| list.sort_unstable());
        if let Some(place) =
            owners.get(&one.id).and_then(|owner| positions.get(owner)).and_then(|at| places.get_mut(*at))
        {
            place.vervoer.get_or_insert_default().push(one);
        }
    }
    Ok(())
}
