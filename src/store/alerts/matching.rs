//! Holding what has changed against the saved searches.

use std::{collections::HashSet, sync::Arc};

use entity::{alert, alert_head, opening, passport, saved_search};
use sea_orm::{
    AccessMode,
    ActiveValue::NotSet,
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, IsolationLevel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, TransactionTrait,
    sea_query::{Expr, LockBehavior, LockType},
};

use super::{
    super::{Store, blocking, error::StoreError, feed, load},
    SavedSearch,
    opening::Before,
};
use crate::care::{
    alert::Watches,
    calendar::dutch_date,
    filter::Moment,
    ground::Ground,
    id::{PassportId, PlaceId, ProviderId},
    map::Changed,
    passport::{Passport, PassportStatus},
    snapshot::{PlaceFacts, Snapshot},
};

/// How many changes are matched in one transaction.
const BATCH: u64 = 200;
/// How many rows a statement inserts.
const ROWS: usize = 5_000;

/// The saved searches as they were read, each with its number and whose it is.
#[derive(Debug)]
pub(super) struct Loaded {
    /// How many there were, and the highest number: together they tell one set from every other, since searches are never
    /// changed and numbers never given twice.
    state: (u64, Option<i64>),
    watches: Watches<(i64, PassportId)>,
}

/// That a place has opened for a search.
struct Hit {
    search: i64,
    holder: PassportId,
    place: PlaceId,
    distance_km: f64,
}

impl Store {
    /// Matches what has changed with the saved searches, until nothing is left.
    ///
    /// # Errors
    /// When the database does not answer; what is not matched yet is then matched later.
    pub async fn match_openings(&self) -> Result<(), StoreError> {
        while self.database.within(self.match_some()).await? {}
        Ok(())
    }

    /// Matches some; false: nothing is left, or another replica is at it.
    async fn match_some(&self) -> Result<bool, StoreError> {
        let connection = self.database.connection();
        if opening::Entity::find().limit(1).count(&*connection).await? == 0 {
            return Ok(false);
        }
        let isolation = feed::is_postgres(&*connection).then_some(IsolationLevel::RepeatableRead);
        let tx = connection.begin_with_config(isolation, isolation.map(|_| AccessMode::ReadWrite)).await?;
        if !holds_head(&tx).await? {
            return Ok(false);
        }
        let openings = opening::Entity::find().order_by_asc(opening::Column::Seq).limit(BATCH).all(&tx).await?;
        let Some(last) = openings.last().map(|row| row.seq) else { return Ok(false) };
        let moment = Moment { now: self.clock.now(), freshness: self.freshness };
        let hits = self.hits(&tx, openings, moment).await?;
        self.leave(&tx, hits, moment).await?;
        opening::Entity::delete_many().filter(opening::Column::Seq.lte(last)).exec(&tx).await?;
        feed::wake(&tx).await?;
        tx.commit().await?;
        // Whoever is signed in here does not wait for the timer.
        self.alerting.wake.notify_one();
        Ok(true)
    }

    /// What has opened for whom.
    async fn hits(
        &self,
        tx: &DatabaseTransaction,
        openings: Vec<opening::Model>,
        moment: Moment,
    ) -> Result<Vec<Hit>, StoreError> {
        let loaded = self.searches(tx).await?;
        let mut providers: Vec<ProviderId> = openings.iter().map(|row| row.provider_id).collect();
        providers.sort_unstable();
        providers.dedup();
        let after = load::bundles(tx, providers).await?;
        let before = before(&after, openings)?;
        let ground = self.map.load().ground_shared();
        blocking(move || compare(&ground, before, after, &loaded, moment)).await
    }

    /// The saved searches: read again only when they are others than before.
    async fn searches(&self, tx: &DatabaseTransaction) -> Result<Arc<Loaded>, StoreError> {
        let find = saved_search::Entity::find;
        let newest: Option<Option<i64>> =
            find().select_only().column_as(saved_search::Column::Seq.max(), "newest").into_tuple().one(tx).await?;
        let state = (find().count(tx).await?, newest.flatten());
        let kept = self.alerting.loaded.lock().ok().and_then(|loaded| loaded.clone());
        if let Some(kept) = kept.filter(|loaded| loaded.state == state) {
            return Ok(kept);
        }
        let mut all = Vec::new();
        for row in find().all(tx).await? {
            let (seq, passport) = (row.seq, row.passport_id);
            match SavedSearch::try_from(row) {
                Ok(search) => all.push(((seq, passport), search.watch)),
                // One that cannot be read must not silence all others.
                Err(error) => tracing::error!(%error, search = seq, "a saved search cannot be read"),
            }
        }
        let loaded = Arc::new(Loaded { state, watches: Watches::new(all) });
        if let Ok(mut kept) = self.alerting.loaded.lock() {
            *kept = Some(Arc::clone(&loaded));
        }
        Ok(loaded)
    }

    /// Leaves an alert for each whose passport is valid.
    async fn leave(&self, tx: &DatabaseTransaction, hits: Vec<Hit>, moment: Moment) -> Result<(), StoreError> {
        let mut holders: Vec<PassportId> = hits.iter().map(|hit| hit.holder).collect();
        holders.sort_unstable();
        holders.dedup();
        let mut valid = HashSet::new();
        for some in holders.chunks(ROWS) {
            let rows =
                passport::Entity::find().filter(passport::Column::Id.is_in(some.iter().copied())).all(tx).await?;
            let passports = rows.into_iter().map(Passport::from);
            valid.extend(passports.filter(|one| one.status(moment.now) == PassportStatus::Active).map(|one| one.id));
        }
        let rows: Vec<alert::ActiveModel> = hits
            .into_iter()
            .filter(|hit| valid.contains(&hit.holder))
            .map(|hit| alert::ActiveModel {
                seq: NotSet,
                search_seq: Set(hit.search),
                place_id: Set(hit.place),
                distance_km: Set(hit.distance_km),
                opened_at: Set(moment.now),
            })
            .collect();
        for some in rows.chunks(ROWS) {
            alert::Entity::insert_many(some.iter().cloned()).exec_without_returning(tx).await?;
        }
        Ok(())
    }
}

/// Whether this transaction is the one that makes alerts: so that their numbers rise in the order in which they are
/// committed, and nobody who reads by number misses any.
async fn holds_head(tx: &DatabaseTransaction) -> Result<bool, StoreError> {
    if feed::is_postgres(tx) {
        let head = alert_head::Entity::find().lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        return Ok(head.one(tx).await?.is_some());
    }
    // SQLite has one writer at a time, once it is one.
    alert_head::Entity::update_many()
        .col_expr(alert_head::Column::Id, Expr::col(alert_head::Column::Id))
        .exec(tx)
        .await?;
    Ok(true)
}

/// What was there before the first of the changes: each is taken back, the latest first.
fn before(after: &Changed, openings: Vec<opening::Model>) -> Result<Changed, StoreError> {
    let mut before = after.clone();
    for row in openings.into_iter().rev() {
        let was: Before = serde_json::from_value(row.before).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        was.restore(row.place_id, before.entry(row.provider_id).or_default());
    }
    Ok(before)
}

fn compare(ground: &Arc<Ground>, before: Changed, after: Changed, loaded: &Loaded, moment: Moment) -> Vec<Hit> {
    let today = dutch_date(moment.now);
    let laid =
        |bundles: Changed| Snapshot::of(Arc::clone(ground), bundles.into_values().flatten().collect::<Vec<_>>(), today);
    let (before, after) = (laid(before), laid(after));
    let mut hits = Vec::new();
    for number in 0..u32::try_from(after.place_count()).unwrap_or(u32::MAX) {
        let Some(now) = after.facts(number) else { continue };
        let was = before.place(now.place.id).and_then(|number| before.facts(number));
        // Most of a provider has not changed.
        if was.is_some_and(|was| is_same(&was, &now)) {
            continue;
        }
        let opened = loaded.watches.opened(was.as_ref(), &now, moment);
        hits.extend(opened.map(|((search, holder), distance_km)| Hit {
            search,
            holder,
            place: now.place.id,
            distance_km,
        }));
    }
    hits
}

fn is_same(was: &PlaceFacts<'_>, now: &PlaceFacts<'_>) -> bool {
    was.place == now.place && was.group == now.group && was.location == now.location
}
