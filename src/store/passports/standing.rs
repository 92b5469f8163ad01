//! What a token is worth now: the check at every request, which is no audited read (DESIGN, section 6).
//!
//! Whoever was found good is remembered, and believed for as long as the change feed is fresh: whatever ends a passport
//! or a session is in the feed, and forgotten here when it is read. What is not known to be good is asked of the
//! database each time.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use chrono::{DateTime, Utc};
use entity::{passport, session};
use sea_orm::EntityTrait;
use tokio::time::Instant;

use super::super::{MOST_LAG, Store, error::StoreError, feed::Change, rows::FromRow};
use crate::care::{
    id::{PassportId, ProviderId, SessionId},
    passport::{Passport, PassportStatus},
    vocabulary::ChangeKind,
};

/// How long somebody is remembered at most, whatever the feed says.
const MEMORY: Duration = Duration::from_mins(1);
/// How many are remembered; some 2,000 families with a few devices each are well below.
const MOST: usize = 20_000;

type Holder = (PassportId, Option<SessionId>);

/// Those who were found good.
#[derive(Debug, Default)]
pub(in crate::store) struct Remembered(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    holders: HashMap<Holder, Good>,
    /// How often something was forgotten: what was read before that is not remembered.
    forgotten: u64,
}

#[derive(Clone, Debug)]
struct Good {
    passport: Passport,
    session_until: Option<DateTime<Utc>>,
    since: Instant,
}

impl Good {
    fn at(&self, now: DateTime<Utc>) -> bool {
        self.passport.status(now) == PassportStatus::Active && self.session_until.is_none_or(|until| until > now)
    }
}

impl Remembered {
    fn find(&self, holder: &Holder, now: DateTime<Utc>) -> Option<Passport> {
        let memory = self.0.lock().ok()?;
        let good = memory.holders.get(holder)?;
        (good.since.elapsed() < MEMORY && good.at(now)).then(|| good.passport.clone())
    }

    fn forgotten(&self) -> u64 {
        self.0.lock().map_or(0, |memory| memory.forgotten)
    }

    /// Remembers what was read since `forgotten`.
    fn keep(&self, holder: Holder, good: Good, forgotten: u64) {
        let Ok(mut memory) = self.0.lock() else { return };
        if memory.forgotten != forgotten {
            return;
        }
        if memory.holders.len() >= MOST {
            memory.holders.clear();
        }
        memory.holders.insert(holder, good);
    }

    /// Forgets those whom changes are about.
    pub(in crate::store) fn forget(&self, changes: &[Change]) {
        let ended = || changes.iter().filter(|change| change.kind == ChangeKind::Passport);
        if ended().next().is_none() {
            return;
        }
        let Ok(mut memory) = self.0.lock() else { return };
        memory.forgotten += 1;
        memory.holders.retain(|(passport, _), _| ended().all(|change| change.id != text(*passport)));
    }

    /// Forgets everybody: what was read may be of another database.
    pub(in crate::store) fn forget_all(&self) {
        if let Ok(mut memory) = self.0.lock() {
            memory.forgotten += 1;
            memory.holders.clear();
        }
    }
}

/// For the feed: a passport, or a session of it, has changed or ended.
pub(super) fn changed(passport: PassportId) -> Change {
    Change { kind: ChangeKind::Passport, id: text(passport), provider: None }
}

fn text(passport: PassportId) -> String {
    passport.0.simple().to_string()
}

impl Store {
    /// A passport whose session, if the token names one, goes on; none: there is none.
    ///
    /// # Errors
    /// When the database must be asked and does not answer.
    #[tracing::instrument(name = "store.passport", skip_all)]
    pub async fn standing_of(
        &self,
        id: PassportId,
        session: Option<SessionId>,
        now: DateTime<Utc>,
    ) -> Result<Option<Passport>, StoreError> {
        let holder = (id, session);
        if self.is_fresh()
            && let Some(passport) = self.remembered.find(&holder, now)
        {
            return Ok(Some(passport));
        }
        let (forgotten, since) = (self.remembered.forgotten(), Instant::now());
        let read = async {
            let connection = self.database.connection();
            let mut session_until = None;
            if let Some(session) = session {
                let row = session::Entity::find_by_id(session).one(&*connection).await?;
                let row = row.filter(|row| row.passport_id == id && row.ended_at.is_none() && row.expires_at > now);
                let Some(row) = row else { return Ok(None) };
                session_until = Some(row.expires_at);
            }
            let passport = passport::Entity::find_by_id(id).one(&*connection).await?.map(Passport::from_row);
            Ok::<_, StoreError>(passport.map(|passport| Good { passport, session_until, since }))
        };
        let Some(good) = self.database.within(read).await? else { return Ok(None) };
        let passport = good.passport.clone();
        if good.at(now) {
            self.remembered.keep(holder, good, forgotten);
        }
        Ok(Some(passport))
    }

    /// Whether a provider exists and was not withdrawn.
    ///
    /// # Errors
    /// When the database must be asked and does not answer.
    pub async fn has_provider(&self, id: ProviderId) -> Result<bool, StoreError> {
        if self.is_fresh() && self.map.load().provider(id).is_some() {
            return Ok(true);
        }
        self.database.within(self.database.has_provider(id)).await
    }

    /// Whether what is known here is what the database says, as far as a replica may rely on it.
    fn is_fresh(&self) -> bool {
        self.following.lag() <= MOST_LAG
    }
}
