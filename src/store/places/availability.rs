//! Stating how many spots of a place are free.

use std::collections::BTreeSet;

use entity::availability;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::{
    super::{
        Store,
        alerts::{Before, note},
        error::StoreError,
        history,
        insert::insert,
        write::{Author, Done, Request, Write, WriteError},
    },
    news, object, taken,
};
use crate::auth::{Denied, Scope};
use crate::care::{
    availability::{
        Run,
        stated::{Change, Period, PeriodError, changes, stated},
    },
    id::{PlaceId, ProviderId},
    profile::moment,
    vocabulary::Slot,
};
use crate::store::rows::FromRow;

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
    /// The dates of which something else is stated than before, in the order of slot and date.
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
        let (place, provider) = taken(tx, self.place, self.expected_version, by).await?;
        let runs = stated(&self.periods, place.care_form, place.capacity, by.now).map_err(WriteError::Refused)?;
        let changed = state(tx, provider, self.place, &runs, by).await?;
        let one = moment::availability(&changed);
        history::record(tx, one.map(|one| (super::changed(&place, provider), one)), by).await?;
        Ok(Done {
            changes: vec![news(self.place, provider)],
            ..Done::updated(
                AvailabilitySet { version: place.version, changed },
                vec![object(self.place, "availability")],
            )
        })
    }
}

/// Puts what is stated in the place of what was stated of the same dates.
pub(in crate::store) async fn state(
    tx: &DatabaseTransaction,
    provider: ProviderId,
    place: PlaceId,
    stated: &[Run],
    by: &Author<'_>,
) -> Result<Vec<Change>, StoreError> {
    let slots: BTreeSet<Slot> = stated.iter().map(|run| run.slot).collect();
    let here = || availability::Column::PlaceId.eq(place).and(availability::Column::Slot.is_in(slots.iter().copied()));
    let mut rows =
        availability::Entity::find().filter(here()).order_by_asc(availability::Column::FromDate).all(tx).await?;
    rows.sort_by_key(|row| (row.slot, row.from_date));
    let before: Vec<Run> = rows.iter().cloned().map(Run::from_row).collect();
    let changed: Vec<Change> = stated.iter().flat_map(|run| changes(&before, run)).collect();
    if changed.iter().any(|change| change.free > change.before.unwrap_or_default()) {
        note(tx, provider, Some(place), &Before::Room { slots: slots.clone(), runs: before }).await?;
    }
    for run in stated {
        let left = rows.into_iter().flat_map(|row| {
            let old = Run::from_row(row.clone());
            let parts: Vec<Run> =
                if old.slot == run.slot { old.outside(run.from, run.to).collect() } else { vec![old] };
            parts.into_iter().map(move |part| availability::Model {
                from_date: part.from,
                to_date: part.to,
                ..row.clone()
            })
        });
        rows = left.collect();
        rows.push(availability::Model {
            place_id: place,
            slot: run.slot,
            from_date: run.from,
            to_date: run.to,
            free: run.free,
            stated_at: by.now,
            stated_by: by.name.clone(),
        });
    }
    availability::Entity::delete_many().filter(here()).exec(tx).await?;
    insert::<availability::Entity>(tx, joined(rows)).await?;
    Ok(changed)
}

/// Rows in the order of slot and date, neighbours that say the same as one.
fn joined(mut rows: Vec<availability::Model>) -> Vec<availability::Model> {
    rows.sort_by_key(|row| (row.slot, row.from_date));
    let mut joined: Vec<availability::Model> = Vec::with_capacity(rows.len());
    for row in rows {
        match joined.last_mut() {
            Some(last)
                if (last.slot, last.free, last.stated_at) == (row.slot, row.free, row.stated_at)
                    && last.stated_by == row.stated_by
                    && last.to_date.succ_opt() == Some(row.from_date) =>
            {
                last.to_date = row.to_date;
            }
            _ => joined.push(row),
        }
    }
    joined
}
