//! Reading rows, and what hangs on them in tables of its own.

use std::{collections::HashMap, hash::Hash};

use entity::{
    availability, care_group_capability, claim_voice, kwaliteitseis_claim, location_facility, place_leveringsvorm,
    vervoer, vervoer_gemeente, vervoer_postcode,
};
use futures::TryStreamExt;
use sea_orm::{DatabaseTransaction, EntityTrait, Select};

use super::{Whose, group_ids, location_ids, place_ids, vervoer_ids};
use crate::{
    care::{
        availability::Run,
        id::VervoerId,
        place::{CareGroup, Claim, Location, Place},
        vervoer::Vervoer,
    },
    store::{
        error::StoreError,
        rows::{FromRow, TryFromRow, pc4},
    },
};

pub(super) async fn all<E, T>(select: Select<E>, tx: &DatabaseTransaction) -> Result<Vec<T>, StoreError>
where
    E: EntityTrait,
    T: FromRow<E::Model>,
{
    Ok(select.stream(tx).await?.map_ok(T::from_row).try_collect().await?)
}

pub(super) async fn all_checked<E, T>(select: Select<E>, tx: &DatabaseTransaction) -> Result<Vec<T>, StoreError>
where
    E: EntityTrait,
    T: TryFromRow<E::Model>,
{
    select
        .stream(tx)
        .await?
        .map_err(StoreError::from)
        .and_then(|row| std::future::ready(T::try_from_row(row)))
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

pub(super) async fn building_details(
    locations: &mut [Location],
    tx: &DatabaseTransaction,
    whose: &Whose,
) -> Result<(), StoreError> {
    each(
        whose.narrow(location_facility::Entity::find(), location_facility::Column::LocationId, location_ids),
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

pub(super) async fn group_details(
    groups: &mut [CareGroup],
    tx: &DatabaseTransaction,
    whose: &Whose,
) -> Result<(), StoreError> {
    each(
        whose.narrow(care_group_capability::Entity::find(), care_group_capability::Column::CareGroupId, group_ids),
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

pub(super) async fn place_details(
    places: &mut [Place],
    tx: &DatabaseTransaction,
    whose: &Whose,
) -> Result<(), StoreError> {
    each(
        whose.narrow(place_leveringsvorm::Entity::find(), place_leveringsvorm::Column::PlaceId, place_ids),
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
        whose.narrow(kwaliteitseis_claim::Entity::find(), kwaliteitseis_claim::Column::PlaceId, place_ids),
        tx,
        places,
        |place| place.id,
        |row| row.place_id,
        |place, row| {
            place.claims.push(Claim::from_row(row));
            Ok(())
        },
    )
    .await?;
    each(
        whose.narrow(claim_voice::Entity::find(), claim_voice::Column::PlaceId, place_ids),
        tx,
        places,
        |place| place.id,
        |row| row.place_id,
        |place, row| {
            let about =
                |claim: &&mut Claim| claim.code == row.code && claim.source == row.source && claim.status == row.status;
            if let Some(claim) = place.claims.iter_mut().find(about) {
                *(if row.agrees { &mut claim.voices.confirming } else { &mut claim.voices.disputing }) += 1;
            }
            Ok(())
        },
    )
    .await?;
    each(
        whose.narrow(availability::Entity::find(), availability::Column::PlaceId, place_ids),
        tx,
        places,
        |place| place.id,
        |row| row.place_id,
        |place, row| {
            place.availability.push(Run::from_row(row));
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

pub(super) async fn vervoer_details(
    places: &mut [Place],
    tx: &DatabaseTransaction,
    whose: &Whose,
) -> Result<(), StoreError> {
    let rows = whose.narrow(vervoer::Entity::find(), vervoer::Column::PlaceId, place_ids).all(tx).await?;
    let mut owners = HashMap::new();
    let mut all: Vec<Vervoer> = Vec::with_capacity(rows.len());
    for row in rows {
        owners.insert(row.id, row.place_id);
        all.push(Vervoer::try_from_row(row)?);
    }
    let id = |one: &Vervoer| -> VervoerId { one.id };
    each(
        whose.narrow(vervoer_postcode::Entity::find(), vervoer_postcode::Column::VervoerId, vervoer_ids),
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
        whose.narrow(vervoer_gemeente::Entity::find(), vervoer_gemeente::Column::VervoerId, vervoer_ids),
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
