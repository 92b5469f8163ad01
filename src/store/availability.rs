//! Stating how many spots of a place are free.

use entity::{availability, care_group, location, place};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Store,
    error::StoreError,
    feed::Change as FeedEntry,
    write::{Author, Done, Request, Write, WriteError},
};
use crate::auth::{Denied, Scope};
use crate::care::{
    availability::{Change, Period, PeriodError, Run, changes, check},
    id::{PlaceId, ProviderId},
    vocabulary::ChangeKind,
};

/// What a provider states of the free spots of a place.
#[derive(Clone, Debug, Serialize)]
pub struct SetAvailability {
    /// The place.
    pub place: PlaceId,
    /// What is stated; dates in none of these stay as they are.
    pub periods: Vec<Period>,
    /// The version of the place that this follows on; none: any.
    pub expected_version: Option<i32>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvailabilitySet {
    /// The version that the place has now.
    pub version: i32,
    /// The dates of which something else is stated than before, in the order of the periods and then of date.
    pub changed: Vec<Change>,
}

impl Store {
    /// States how many spots of a place are free.
    ///
    /// # Errors
    /// When the requester may not, the place has another version, or a period breaks a rule (which is named by its
    /// number); when the database does not answer. Nothing is changed then.
    pub async fn set_availability(
        &self,
        request: Request<'_>,
        asked: &SetAvailability,
    ) -> Result<AvailabilitySet, WriteError<(usize, PeriodError)>> {
        self.write(request, asked).await
    }
}

impl Write for SetAvailability {
    const NAME: &'static str = "setAvailability";
    type Answer = AvailabilitySet;
    type Refusal = (usize, PeriodError);

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.may_change_places()
    }

    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        by: &Author<'_>,
    ) -> Result<Done<AvailabilitySet>, WriteError<(usize, PeriodError)>> {
        // First of all, so that nobody else changes the place until this is done.
        place::Entity::update_many()
            .col_expr(place::Column::Version, Expr::col(place::Column::Version).add(1))
            .col_expr(place::Column::UpdatedAt, Expr::value(by.now))
            .col_expr(place::Column::UpdatedBy, Expr::value(by.name.as_str()))
            .filter(place::Column::Id.eq(self.place))
            .exec(tx)
            .await?;
        let (place, provider) = shown(tx, self.place).await?.ok_or(WriteError::Unknown)?;
        by.scope.change_place_of(provider)?;
        let before = place.version - 1;
        if self.expected_version.is_some_and(|expected| expected != before) {
            return Err(WriteError::Conflict { version: before });
        }
        check(&self.periods, place.care_form, place.capacity).map_err(WriteError::Refused)?;
        let changed = state(tx, self.place, &self.periods, by).await?;
        let id = self.place.0.simple().to_string();
        let objects = vec![json!({ "type": "place", "id": id, "fields": ["availability"] })];
        Ok(Done {
            changes: vec![FeedEntry { kind: ChangeKind::Place, id, provider: Some(provider) }],
            ..Done::updated(AvailabilitySet { version: place.version, changed }, objects)
        })
    }
}

/// A place that is on the map, and whose it is.
async fn shown(tx: &DatabaseTransaction, id: PlaceId) -> Result<Option<(place::Model, ProviderId)>, StoreError> {
    let Some(place) = place::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
    let Some(group) = care_group::Entity::find_by_id(place.care_group_id).one(tx).await? else { return Ok(None) };
    let Some(location) = location::Entity::find_by_id(group.location_id).one(tx).await? else { return Ok(None) };
    let shown = place.withdrawn_at.is_none() && group.withdrawn_at.is_none() && location.withdrawn_at.is_none();
    Ok(shown.then_some((place, location.provider_id)))
}

/// Puts the periods in the place of what was stated of their dates.
async fn state(
    tx: &DatabaseTransaction,
    place: PlaceId,
    periods: &[Period],
    by: &Author<'_>,
) -> Result<Vec<Change>, StoreError> {
    let of_place = || availability::Entity::find().filter(availability::Column::PlaceId.eq(place));
    let mut changed = Vec::new();
    for period in periods {
        let met = of_place()
            .filter(availability::Column::Slot.eq(period.slot))
            .filter(availability::Column::FromDate.lte(period.to))
            .filter(availability::Column::ToDate.gte(period.from))
            .order_by_asc(availability::Column::FromDate)
            .all(tx)
            .await?;
        let runs: Vec<Run> = met.iter().cloned().map(Run::from).collect();
        changed.extend(changes(&runs, period));
        let mut rows: Vec<availability::Model> = Vec::new();
        for (row, run) in met.iter().zip(&runs) {
            availability::Entity::delete_by_id((place, row.slot, row.from_date)).exec(tx).await?;
            let left = run.outside(period.from, period.to);
            rows.extend(left.map(|run| availability::Model { from_date: run.from, to_date: run.to, ..row.clone() }));
        }
        rows.push(availability::Model {
            place_id: place,
            slot: period.slot,
            from_date: period.from,
            to_date: period.to,
            free: period.free,
            stated_at: by.now,
            stated_by: by.name.clone(),
        });
        let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
        availability::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(changed)
}
