//! Stating the vervoer of a place.

use std::convert::Infallible;

use entity::{place, vervoer};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{
    super::{
        Store,
        alerts::note_all,
        error::StoreError,
        history,
        insert::insert,
        load,
        rows::vervoer_rows,
        write::{Author, Done, Request, Write, WriteError},
    },
    PlaceChanged, changed, difference, news, object, taken,
};
use crate::{
    auth::{Denied, Scope},
    care::{
        id::{PlaceId, ProviderId, VervoerId},
        profile::moment,
        vervoer::Vervoer,
        vocabulary::MapField,
    },
};

/// All vervoer of a place.
#[derive(Clone, Debug, Serialize)]
pub struct SetVervoer {
    /// The place.
    pub place: PlaceId,
    /// Its arrangements; they get their ids when they are written. Empty: there is none.
    pub vervoer: Vec<Vervoer>,
    /// The version of the place that this follows on; none: any.
    pub expected_version: Option<i32>,
}

impl Store {
    /// States the vervoer of a place.
    ///
    /// # Errors
    /// When the requester may not, or the place has another version.
    pub async fn set_vervoer(
        &self,
        request: Request<'_>,
        asked: &SetVervoer,
    ) -> Result<PlaceChanged, WriteError<Infallible>> {
        self.write(request, asked).await
    }
}

impl Write for SetVervoer {
    const NAME: &'static str = "setVervoer";
    type Answer = PlaceChanged;
    type Refusal = Infallible;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.may_change_places()
    }

    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        by: &Author<'_>,
    ) -> Result<Done<PlaceChanged>, WriteError<Infallible>> {
        let (place, provider) = taken(tx, self.place, self.expected_version, by).await?;
        let version = place.version;
        note_all(tx, provider).await?;
        let before = moment::vervoer(held(tx, provider, self.place).await?.as_deref());
        let one = difference(MapField::Vervoer, before, moment::vervoer(Some(&self.vervoer)));
        history::record(tx, one.map(|one| (changed(&place, provider), one)), by).await?;
        let mut row: place::ActiveModel = place.into_active_model();
        row.vervoer_known = Set(true);
        row.update(tx).await?;
        // Its postcodes and gemeenten go with it.
        vervoer::Entity::delete_many().filter(vervoer::Column::PlaceId.eq(self.place)).exec(tx).await?;
        let (mut rows, mut postcodes, mut gemeenten) = (Vec::new(), Vec::new(), Vec::new());
        for one in &self.vervoer {
            // Ids of version 7 grow, so the order in which they were stated stays.
            let one = Vervoer { id: VervoerId(Uuid::now_v7()), ..one.clone() };
            let (row, its_postcodes, its_gemeenten) = vervoer_rows(one, self.place);
            rows.push(row);
            postcodes.extend(its_postcodes);
            gemeenten.extend(its_gemeenten);
        }
        insert::<vervoer::Entity>(tx, rows).await?;
        insert::<entity::vervoer_postcode::Entity>(tx, postcodes).await?;
        insert::<entity::vervoer_gemeente::Entity>(tx, gemeenten).await?;
        Ok(Done {
            changes: vec![news(self.place, provider)],
            ..Done::updated(PlaceChanged { version }, vec![object(self.place, "vervoer")])
        })
    }
}

/// What is stated of the vervoer of a place on the map; none: not known.
pub(in crate::store) async fn held(
    tx: &DatabaseTransaction,
    provider: ProviderId,
    place: PlaceId,
) -> Result<Option<Vec<Vervoer>>, StoreError> {
    let bundle = load::bundles(tx, vec![provider]).await?.remove(&provider).flatten();
    let places = bundle.into_iter().flat_map(|bundle| bundle.places);
    Ok(places.filter(|one| one.id == place).find_map(|one| one.vervoer))
}
