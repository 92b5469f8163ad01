//! Telling those who listen.

use std::{collections::VecDeque, sync::atomic::Ordering, time::Duration};

use chrono::{DateTime, Utc};
use entity::{alert, saved_search};
use futures::{Stream, stream};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::timeout,
};

use super::{
    super::{SharedStore, Store, View, error::StoreError},
    ALERT_RETENTION, Alert,
};
use crate::{auth::Denied, care::id::PassportId};

/// How often the database is asked when nothing wakes: another replica may have made an alert.
const EVERY: Duration = Duration::from_millis(500);
/// How many alerts are read at once.
const PART: u64 = 100;

/// Somebody who listens.
struct Listener {
    store: SharedStore,
    holder: PassportId,
    news: Receiver<PassportId>,
    last: i64,
    waiting: VecDeque<Alert>,
}

impl Store {
    /// Matches and tells, for as long as this runs.
    pub(in crate::store) async fn alert(&self) {
        let mut well = true;
        loop {
            let _ = timeout(EVERY, self.alerting.wake.notified()).await;
            match self.match_openings().await {
                Ok(()) => well = true,
                // Something changed that was about to be matched: it is matched with the change.
                Err(error) if error.is_worth_a_retry() => tracing::debug!(%error, "matched again"),
                Err(error) => {
                    if well {
                        tracing::warn!(%error, "saved searches cannot be matched; they are later");
                    }
                    well = false;
                }
            }
        }
    }

    /// Wakes those for whom there are new alerts.
    pub(super) async fn tell(&self) -> Result<(), StoreError> {
        let (told, last) = (self.alerting.told.load(Ordering::Acquire), self.last_alert().await?);
        if last <= told {
            return Ok(());
        }
        let new = alert::Entity::find()
            .select_only()
            .column(alert::Column::SearchSeq)
            .filter(alert::Column::Seq.gt(told))
            .filter(alert::Column::Seq.lte(last));
        let holders = saved_search::Entity::find()
            .select_only()
            .column(saved_search::Column::PassportId)
            .distinct()
            .filter(saved_search::Column::Seq.in_subquery(new.into_query()))
            .into_tuple();
        let connection = self.database.connection();
        let holders: Vec<PassportId> =
            self.database.within(async { Ok::<_, StoreError>(holders.all(&*connection).await?) }).await?;
        self.alerting.told.store(last, Ordering::Release);
        for holder in holders {
            // Nobody listens: they read it when they come.
            let _ = self.alerting.news.send(holder);
        }
        Ok(())
    }

    /// The number of the last alert.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_alert(&self) -> Result<i64, StoreError> {
        let connection = self.database.connection();
        let newest = alert::Entity::find().select_only().column_as(alert::Column::Seq.max(), "newest").into_tuple();
        let read = async { Ok::<_, StoreError>(newest.one(&*connection).await?) };
        let newest: Option<Option<i64>> = self.database.within(read).await?;
        Ok(newest.flatten().unwrap_or_default())
    }

    /// Forgets alerts that are old.
    pub(in crate::store) async fn prune_alerts(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let old = alert::Column::OpenedAt.lt(now - ALERT_RETENTION);
        let connection = self.database.connection();
        let removed = alert::Entity::delete_many().filter(old).exec(&*connection);
        self.database.within(async { Ok::<_, StoreError>(removed.await?) }).await?;
        Ok(())
    }
}

/// What the requester is told from now on, after the alert with number `after`, each once and in the order of number. An
/// error of the database ends it: listen again, after the last alert that came.
///
/// # Errors
/// When the requester can be told nothing.
pub fn listen(
    store: SharedStore,
    view: &View,
    after: i64,
) -> Result<impl Stream<Item = Result<Alert, StoreError>> + use<>, Denied> {
    let holder = view.scope().save_searches()?;
    let news = store.alerting.news.subscribe();
    let listener = Listener { store, holder, news, last: after, waiting: VecDeque::new() };
    Ok(stream::try_unfold((listener, true), |(mut listener, mut look)| async move {
        loop {
            if let Some(alert) = listener.waiting.pop_front() {
                listener.last = alert.seq;
                return Ok(Some((alert, (listener, true))));
            }
            if look {
                let some = listener.store.alerts_of(listener.holder, listener.last, PART).await?;
                if !some.is_empty() {
                    // Whoever reads that a place has opened finds it open. Where the map cannot be brought to that, it is told
                    // all the same, within the second that was promised.
                    if let Err(error) = listener.store.catch_up().await {
                        tracing::debug!(%error, "told from a map that may be older");
                    }
                }
                listener.waiting = some.into();
                look = false;
                continue;
            }
            look = match listener.news.recv().await {
                Ok(holder) => holder == listener.holder,
                // Too many wake-ups lay there: one of them may have been for this one.
                Err(RecvError::Lagged(_)) => true,
                Err(RecvError::Closed) => return Ok(None),
            };
        }
    }))
}
