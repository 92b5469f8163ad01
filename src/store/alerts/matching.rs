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
use crate::store::rows::{FromRow, TryFromRow};

/// How many changes are matched in one transaction, at most, those of the same providers aside.
pub(super) const BATCH: u64 = 200;
/// How many rows a statement inserts.
const ROWS: usize = 5_000;

/// The saved searches as they were read, each with its number. Whose it is may change, and is read when it matters.
#[derive(Debug)]
pub(super) struct Loaded {
    /// How many there were, and the highest number: together they tell one set from every other, since searches are never
    /// changed and numbers never given twice.
    state: (u64, Option<i64>),
    watches: Watches<i64>,
}

/// That a place has opened for a search.
struct Hit {
    search: i64,
    place: PlaceId,
    distance_km: f64,
}

impl Store {
    /// Matches what has changed with the saved searches, until nothing is left.
    ///
    /// # Errors
    /// When the database does not answer; what is not matched yet is then matched later.
    pub async fn match_openings(&self) -> Result<(), StoreError> {
        loop {
            let more = self.database.within(self.match_some()).await;
            // Those are told whose alerts are there, whatever has become of the rest.
            self.tell().await?;
            match more {
                Ok(true) => self.alerting.has_matched(),
                Ok(false) => return Ok(()),
                Err(error) => {
                    self.alerting.has_failed();
                    return Err(error);
                }
            }
        }
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
        let providers = waiting(&tx, self.alerting.batch()).await?;
        // All of these providers, so that what is taken back is all that was changed since.
        let of_them = || opening::Column::ProviderId.is_in(providers.iter().copied());
        let openings = opening::Entity::find().filter(of_them()).order_by_asc(opening::Column::Seq).all(&tx).await?;
        if openings.is_empty() {
            return Ok(false);
        }
        let moment = Moment { now: self.clock.now(), freshness: self.freshness };
        let hits = self.hits(&tx, openings, moment).await?;
        self.leave(&tx, hits, moment).await?;
        // Those that this moment does not show stay.
        opening::Entity::delete_many().filter(of_them()).exec(&tx).await?;
        feed::wake(&tx).await?;
        tx.commit().await?;
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
        let before = before(&after, openings);
        let ground = Arc::clone(self.map.load().ground());
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
            let seq = row.seq;
            match SavedSearch::try_from_row(row) {
                Ok(search) => all.push((seq, search.watch)),
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
        let mut searches: Vec<i64> = hits.iter().map(|hit| hit.search).collect();
        searches.sort_unstable();
        searches.dedup();
        let mut valid = HashSet::new();
        for some in searches.chunks(ROWS) {
            let own = saved_search::Column::Seq.is_in(some.iter().copied());
            let rows = saved_search::Entity::find().filter(own).all(tx).await?;
            let holders = passport::Column::Id.is_in(rows.iter().map(|row| row.passport_id));
            let passports = passport::Entity::find().filter(holders).all(tx).await?.into_iter().map(Passport::from_row);
            let active = passports.filter(|one| one.status(moment.now) == PassportStatus::Active);
            let active: HashSet<PassportId> = active.map(|one| one.id).collect();
            valid.extend(rows.into_iter().filter(|row| active.contains(&row.passport_id)).map(|row| row.seq));
        }
        let rows: Vec<alert::ActiveModel> = hits
            .into_iter()
            .filter(|hit| valid.contains(&hit.search))
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

/// The providers of the first changes that wait, but for those that somebody is changing at this moment.
async fn waiting(tx: &DatabaseTransaction, batch: u64) -> Result<Vec<ProviderId>, StoreError> {
    let keys =
        || opening::Entity::find().select_only().column(opening::Column::ProviderId).column(opening::Column::Seq);
    let first: Vec<(ProviderId, i64)> =
        keys().order_by_asc(opening::Column::Seq).limit(batch).into_tuple().all(tx).await?;
    let mut providers: Vec<ProviderId> = first.into_iter().map(|(provider, _)| provider).collect();
    providers.sort_unstable();
    providers.dedup();
    if feed::is_postgres(tx) {
        let of_them = || keys().filter(opening::Column::ProviderId.is_in(providers.iter().copied()));
        let all: Vec<(ProviderId, i64)> = of_them().into_tuple().all(tx).await?;
        let free = of_them().lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let free: HashSet<(ProviderId, i64)> = free.into_tuple().all(tx).await?.into_iter().collect();
        let busy: HashSet<ProviderId> = all.into_iter().filter(|key| !free.contains(key)).map(|(id, _)| id).collect();
        providers.retain(|provider| !busy.contains(provider));
    }
    Ok(providers)
}

/// What was there before the first of the changes: each is taken back, the latest first.
fn before(after: &Changed, openings: Vec<opening::Model>) -> Changed {
    let mut before = after.clone();
    for row in openings.into_iter().rev() {
        match serde_json::from_value::<Before>(row.before) {
            Ok(was) => was.restore(row.place_id, before.entry(row.provider_id).or_default()),
            // One that cannot be read must not silence all others.
            Err(error) => tracing::error!(%error, opening = row.seq, "a change cannot be read, and is not told"),
        }
    }
    before
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
        hits.extend(opened.map(|(search, distance_km)| Hit { search, place: now.place.id, distance_km }));
    }
    hits
}

fn is_same(was: &PlaceFacts<'_>, now: &PlaceFacts<'_>) -> bool {
    was.place == now.place && was.group == now.group && was.location == now.location
}
