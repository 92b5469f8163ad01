//! How often holders of a passport look at places: counted in memory, written together, kept as numbers alone.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{Days, NaiveDate};
use entity::place_looks::{Column, Entity, Model};
use foldhash::fast::RandomState;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{Store, View, error::StoreError};
use crate::care::{calendar::dutch_date, id::PlaceId};

/// For how many days looks are kept.
const KEPT_DAYS: u64 = 400;

/// Looks that are not written yet.
#[derive(Debug, Default)]
pub(super) struct Looks(Mutex<Counted>);

type Counted = HashMap<(PlaceId, NaiveDate), i32, RandomState>;

impl Looks {
    fn lock(&self) -> MutexGuard<'_, Counted> {
        // Numbers are whole whatever happened to whoever counted.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, counted: impl IntoIterator<Item = ((PlaceId, NaiveDate), i32)>) {
        let mut looks = self.lock();
        for (key, more) in counted {
            let count = looks.entry(key).or_default();
            *count = count.saturating_add(more);
        }
    }
}

impl Store {
    /// Counts that places of `view` are shown to whoever asks, if that is a holder of a passport. Waits for nothing.
    pub fn looked(&self, view: &View, places: impl IntoIterator<Item = PlaceId>) {
        if view.scope().is_holder() {
            let today = view.today();
            self.looks.add(places.into_iter().map(|id| ((id, today), 1)));
        }
    }

    /// Writes what was counted since the last time, and forgets what is too old. What cannot be written is kept for the next
    /// time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn write_looks(&self) -> Result<(), StoreError> {
        let counted = std::mem::take(&mut *self.looks.lock());
        let written = self.database.within(self.add_looks(&counted)).await;
        if written.is_err() {
            self.looks.add(counted);
        }
        written
    }

    async fn add_looks(&self, counted: &Counted) -> Result<(), StoreError> {
        let tx = self.database.begin().await?;
        let first = dutch_date(self.clock.now()).checked_sub_days(Days::new(KEPT_DAYS)).unwrap_or(NaiveDate::MIN);
        Entity::delete_many().filter(Column::Date.lt(first)).exec(&tx).await?;
        // In the order of the key, so that replicas do not wait for each other in a circle.
        let counted: BTreeMap<_, _> = counted.iter().collect();
        let rows: Vec<_> = counted
            .into_iter()
            .map(|((place_id, date), looks)| {
                Model { place_id: *place_id, date: *date, looks: *looks }.into_active_model()
            })
            .collect();
        for part in rows.chunks(ROWS) {
            let sum = Expr::col((Entity, Column::Looks)).add(Expr::col(("excluded", Column::Looks)));
            let add = OnConflict::columns([Column::PlaceId, Column::Date]).value(Column::Looks, sum).to_owned();
            Entity::insert_many(part.to_vec()).on_conflict(add).exec_without_returning(&tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// How often each place was looked at from one date to another, both included, as far as it is written.
    pub(super) async fn looks_between(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<HashMap<PlaceId, i64>, StoreError> {
        let sums = Entity::find()
            .select_only()
            .column(Column::PlaceId)
            .column_as(Column::Looks.sum(), "looks")
            .filter(Column::Date.between(from, to))
            .group_by(Column::PlaceId)
            .into_tuple();
        let connection = self.database.connection();
        let sums: Vec<(PlaceId, i64)> =
            self.database.within(async { Ok::<_, StoreError>(sums.all(connection.as_ref()).await?) }).await?;
        Ok(sums.into_iter().collect())
    }
}

/// How many rows a statement writes.
const ROWS: usize = 5_000;
