//! Confirming that what places state is still true.

use std::convert::Infallible;

use entity::{care_group, location, place};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    super::{
        Store,
        alerts::note_all,
        history::{self, Changed},
        write::{Author, Done, Request, Write, WriteError},
    },
    news, object, shown,
};
use crate::{
    auth::{Denied, Scope},
    care::{
        id::{LocationId, PlaceId, ProviderId},
        profile::{Difference, Object},
        vocabulary::MapField,
    },
};

/// What is still true.
#[derive(Clone, Copy, Debug, Serialize)]
pub enum Confirming {
    /// One place.
    Place(PlaceId),
    /// Every place in the building of this one.
    BuildingOf(PlaceId),
    /// Every place of a provider.
    Provider(ProviderId),
}

/// A confirmation.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ConfirmPlaces(pub Confirming);

/// The places that were confirmed, in the order of id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacesConfirmed(pub Vec<PlaceId>);

impl Store {
    /// Confirms places.
    ///
    /// # Errors
    /// When the requester may not, or there is no such place.
    pub async fn confirm_places(
        &self,
        request: Request<'_>,
        asked: &ConfirmPlaces,
    ) -> Result<PlacesConfirmed, WriteError<Infallible>> {
        self.write(request, asked).await
    }
}

impl Write for ConfirmPlaces {
    const NAME: &'static str = "confirmPlaces";
    type Answer = PlacesConfirmed;
    type Refusal = Infallible;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.may_change_places()
    }

    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        by: &Author<'_>,
    ) -> Result<Done<PlacesConfirmed>, WriteError<Infallible>> {
        // A write, so that SQLite begins the transaction as a writer; of nothing yet, since whose it is is read first.
        place::Entity::update_many()
            .col_expr(place::Column::Version, Expr::col(place::Column::Version))
            .filter(Expr::value(false))
            .exec(tx)
            .await?;
        let (provider, mut places) = match self.0 {
            Confirming::Place(id) => {
                let (_, provider) = shown(tx, id).await?.ok_or(WriteError::Unknown)?;
                (provider, vec![id])
            }
            Confirming::BuildingOf(id) => {
                let (place, provider) = shown(tx, id).await?.ok_or(WriteError::Unknown)?;
                let group = care_group::Entity::find_by_id(place.care_group_id).one(tx).await?;
                let building = group.ok_or(WriteError::Unknown)?.location_id;
                (provider, of_provider(tx, provider, Some(building)).await?)
            }
            Confirming::Provider(provider) => (provider, of_provider(tx, provider, None).await?),
        };
        by.scope.change_place_of(provider)?;
        if places.is_empty() {
            return Err(WriteError::Unknown);
        }
        places.sort_unstable();
        // What is fresh may be what somebody waits for.
        note_all(tx, provider).await?;
        // So that nobody else changes them from here on.
        place::Entity::update_many()
            .col_expr(place::Column::Version, Expr::col(place::Column::Version))
            .filter(place::Column::Id.is_in(places.iter().copied()))
            .exec(tx)
            .await?;
        let rows = place::Entity::find().filter(place::Column::Id.is_in(places.iter().copied())).all(tx).await?;
        let confirmed = rows.into_iter().map(|row| {
            let changed = Changed { object: Object::Place(row.id), provider, version: row.version + 1 };
            let (from, to) = (json!(row.confirmed_at), json!(by.now));
            (changed, Difference { field: MapField::ConfirmedAt, from, to })
        });
        history::record(tx, confirmed, by).await?;
        place::Entity::update_many()
            .col_expr(place::Column::Version, Expr::col(place::Column::Version).add(1))
            .col_expr(place::Column::ConfirmedAt, Expr::value(by.now))
            .col_expr(place::Column::UpdatedAt, Expr::value(by.now))
            .col_expr(place::Column::UpdatedBy, Expr::value(by.name.as_str()))
            .filter(place::Column::Id.is_in(places.iter().copied()))
            .exec(tx)
            .await?;
        let objects = places.iter().map(|id| object(*id, "confirmedAt")).collect();
        // One entry is enough: whose part of the map it is, that is read again.
        let changes = places.first().map(|id| news(*id, provider)).into_iter().collect();
        Ok(Done { changes, ..Done::updated(PlacesConfirmed(places), objects) })
    }
}

/// The places of a provider that are on the map, in one building or in all.
async fn of_provider(
    tx: &DatabaseTransaction,
    provider: ProviderId,
    building: Option<LocationId>,
) -> Result<Vec<PlaceId>, sea_orm::DbErr> {
    let mut buildings = location::Entity::find()
        .select_only()
        .column(location::Column::Id)
        .filter(location::Column::ProviderId.eq(provider))
        .filter(location::Column::WithdrawnAt.is_null());
    if let Some(building) = building {
        buildings = buildings.filter(location::Column::Id.eq(building));
    }
    let groups = care_group::Entity::find()
        .select_only()
        .column(care_group::Column::Id)
        .filter(care_group::Column::LocationId.in_subquery(buildings.into_query()))
        .filter(care_group::Column::WithdrawnAt.is_null());
    place::Entity::find()
        .select_only()
        .column(place::Column::Id)
        .filter(place::Column::CareGroupId.in_subquery(groups.into_query()))
        .filter(place::Column::WithdrawnAt.is_null())
        .into_tuple()
        .all(tx)
        .await
}
