//! Reading the map, whole or in parts, as of one moment of the database.

mod details;

use std::collections::HashMap;

use entity::{
    care_group, gemeente, kwaliteitseis, location, passport_agreement, place, postcode, provider, vervoer,
    zorgkantoor_region,
};
use sea_orm::{
    AccessMode, ColumnTrait, Condition, DatabaseConnection, DatabaseTransaction, EntityTrait, IsolationLevel,
    QueryFilter, QuerySelect, QueryTrait, Select, TransactionTrait, sea_query::SelectStatement,
};

use super::{
    error::StoreError,
    feed::{self, Position},
};
use crate::care::{
    id::ProviderId,
    map::Changed,
    place::{Bundle, CareGroup, Location, Place, Provider},
    reference::Reference,
    snapshot::Records,
    vocabulary::LocationPrecision,
};
use details::{all, all_checked, building_details, group_details, place_details, vervoer_details};

/// The whole map, and the position in the change feed that it stands for.
pub(super) struct Loaded {
    pub(super) records: Records,
    pub(super) position: Position,
}

/// Begins a transaction that sees one moment of the database.
pub(super) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    // PostgreSQL shows each statement its own moment unless it is told otherwise; SQLite's transactions see one.
    let isolation = feed::is_postgres(db).then_some((IsolationLevel::RepeatableRead, AccessMode::ReadOnly));
    Ok(db.begin_with_config(isolation.map(|(level, _)| level), isolation.map(|(_, mode)| mode)).await?)
}

/// Everything that is on the map: nothing that was withdrawn.
pub(super) async fn whole(db: &DatabaseConnection) -> Result<Loaded, StoreError> {
    let tx = begin(db).await?;
    let position = feed::position(&tx).await?;
    let mut records = Records {
        reference: reference(&tx).await?,
        agreements: all(passport_agreement::Entity::find(), &tx).await?,
        ..Records::default()
    };
    // Afspraken before regelingen; neither database has an order of its own.
    records.agreements.sort_unstable_by(|a, b| (a.kind, &a.code).cmp(&(b.kind, &b.code)));
    (records.providers, records.locations, records.groups, records.places) = providers(&tx, &Whose::All).await?;
    tx.commit().await?;
    Ok(Loaded { records, position })
}

/// What providers are on the map and all that hangs on them, by provider; none: it is not on the map (any more).
pub(super) async fn bundles(tx: &DatabaseTransaction, ids: Vec<ProviderId>) -> Result<Changed, StoreError> {
    let mut changed: Changed = ids.iter().map(|id| (*id, None)).collect();
    let (rows, locations, groups, places) = providers(tx, &Whose::Of(ids)).await?;
    for provider in rows {
        changed.insert(provider.id, Some(Bundle::new(provider)));
    }
    let mut provider_of_group = HashMap::new();
    let provider_of_location: HashMap<_, _> = locations.iter().map(|one| (one.id, one.provider_id)).collect();
    for location in locations {
        if let Some(Some(bundle)) = changed.get_mut(&location.provider_id) {
            bundle.locations.push(location);
        }
    }
    for group in groups {
        let Some(provider) = provider_of_location.get(&group.location_id) else { continue };
        provider_of_group.insert(group.id, *provider);
        if let Some(Some(bundle)) = changed.get_mut(provider) {
            bundle.groups.push(group);
        }
    }
    for place in places {
        let provider = provider_of_group.get(&place.care_group_id);
        if let Some(Some(bundle)) = provider.and_then(|provider| changed.get_mut(provider)) {
            bundle.places.push(place);
        }
    }
    Ok(changed)
}

/// Whose part of the map is read.
enum Whose {
    All,
    Of(Vec<ProviderId>),
}

impl Whose {
    /// Only rows whose `column` is one of `owners`, where not all are read.
    fn narrow<E: EntityTrait>(
        &self,
        select: Select<E>,
        column: E::Column,
        owners: fn(&[ProviderId]) -> SelectStatement,
    ) -> Select<E> {
        match self {
            Self::All => select,
            Self::Of(providers) => select.filter(column.in_subquery(owners(providers))),
        }
    }
}

fn location_ids(providers: &[ProviderId]) -> SelectStatement {
    location::Entity::find()
        .select_only()
        .column(location::Column::Id)
        .filter(location::Column::ProviderId.is_in(providers.iter().copied()))
        .into_query()
}

fn group_ids(providers: &[ProviderId]) -> SelectStatement {
    care_group::Entity::find()
        .select_only()
        .column(care_group::Column::Id)
        .filter(care_group::Column::LocationId.in_subquery(location_ids(providers)))
        .into_query()
}

fn place_ids(providers: &[ProviderId]) -> SelectStatement {
    place::Entity::find()
        .select_only()
        .column(place::Column::Id)
        .filter(place::Column::CareGroupId.in_subquery(group_ids(providers)))
        .into_query()
}

fn vervoer_ids(providers: &[ProviderId]) -> SelectStatement {
    vervoer::Entity::find()
        .select_only()
        .column(vervoer::Column::Id)
        .filter(vervoer::Column::PlaceId.in_subquery(place_ids(providers)))
        .into_query()
}

async fn providers(
    tx: &DatabaseTransaction,
    whose: &Whose,
) -> Result<(Vec<Provider>, Vec<Location>, Vec<CareGroup>, Vec<Place>), StoreError> {
    let mut shown = provider::Entity::find().filter(provider::Column::WithdrawnAt.is_null());
    let mut locations = shown_locations();
    if let Whose::Of(ids) = whose {
        shown = shown.filter(provider::Column::Id.is_in(ids.iter().copied()));
        locations = locations.filter(location::Column::ProviderId.is_in(ids.iter().copied()));
    }
    let places = place::Entity::find().filter(place::Column::WithdrawnAt.is_null());
    let providers = all(shown, tx).await?;
    let mut locations = all_checked(locations, tx).await?;
    let mut groups = all(whose.narrow(shown_groups(), care_group::Column::LocationId, location_ids), tx).await?;
    let mut places = all(whose.narrow(places, place::Column::CareGroupId, group_ids), tx).await?;
    building_details(&mut locations, tx, whose).await?;
    group_details(&mut groups, tx, whose).await?;
    place_details(&mut places, tx, whose).await?;
    vervoer_details(&mut places, tx, whose).await?;
    Ok((providers, locations, groups, places))
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

/// All reference data.
pub(super) async fn reference(tx: &DatabaseTransaction) -> Result<Reference, StoreError> {
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
