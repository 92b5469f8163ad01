//! Erasing what was withdrawn long enough ago (AVG, articles 5.1.e and 17). What is left proves that somebody consented
//! (article 7.1) and was erased, without saying who.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use entity::{contact, contact_erasure, contact_proposal};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use serde_json::Value;

use super::{
    super::{
        Database, Store,
        audit::{self, Access, Event},
        error::StoreError,
        feed,
        insert::insert,
    },
    rows,
};
use crate::{
    auth::Scope,
    care::{calendar::dutch_date, id::ContactId, vocabulary::ContactStatus},
};

/// How many entries are erased in one transaction.
const ERASED_AT_ONCE: usize = 200;

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// How many entries.
    pub contacts: u64,
    /// How many proposals.
    pub proposals: u64,
}

impl Store {
    /// Erases the entries that were withdrawn `days` ago or longer, and drafts that nobody has changed for so long, with their
    /// history; and proposals that were decided, or waited for a decision, so long ago. An entry that was merged stays as
    /// long as the one that it was merged into, whose history it is. What is left of an entry are its id, the dates of consent and withdrawal, and the audit trail, which
    /// names nobody.
    ///
    /// # Errors
    /// When the database does not answer, or the erasure cannot be recorded.
    pub async fn erase_contacts(&self, days: u32) -> Result<Erased, StoreError> {
        let now = self.clock.now();
        let last = dutch_date(now).checked_sub_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MIN);
        let mut erased = Erased::default();
        loop {
            let turn = self.turn().await?;
            let some = self.database.within(erase_some(&self.database, last, &self.replica, now)).await?;
            drop(turn);
            erased.contacts += some.contacts;
            erased.proposals += some.proposals;
            if some.contacts < ERASED_AT_ONCE as u64 {
                return Ok(erased);
            }
        }
    }
}

/// Erases some of what has been kept up to and including `last`.
async fn erase_some(
    database: &Database,
    last: NaiveDate,
    replica: &str,
    now: DateTime<Utc>,
) -> Result<Erased, StoreError> {
    use contact_proposal::Column;
    let before = last.succ_opt().unwrap_or(last).and_time(NaiveTime::MIN).and_utc();
    let tx = database.begin().await?;
    // A write first: SQLite begins the transaction as a writer. Entries before proposals before the trail, as everywhere.
    contact::Entity::update_many()
        .col_expr(contact::Column::MergedInto, Expr::col(contact::Column::MergedInto))
        .filter(due(last, before))
        .exec(&tx)
        .await?;
    let rows: Vec<contact::Model> = whole_families(contact::Entity::find().filter(due(last, before)).all(&tx).await?);
    let rows: Vec<contact::Model> = rows.into_iter().take(ERASED_AT_ONCE).collect();
    let ids: Vec<ContactId> = rows.iter().map(|row| row.id).collect();
    if !ids.is_empty() {
        let left = rows.into_iter().map(|row| contact_erasure::Model {
            contact_id: row.id,
            consent_on: row.consent_on,
            withdrawn_on: row.withdrawn_on,
            erased_at: now,
        });
        insert::<contact_erasure::Entity>(&tx, left.collect()).await?;
        // Lists, history and proposals go with it; no other entry points to what is not there.
        contact::Entity::update_many()
            .col_expr(contact::Column::MergedInto, Expr::value(Option::<ContactId>::None))
            .filter(contact::Column::MergedInto.is_in(ids.iter().copied()))
            .exec(&tx)
            .await?;
        contact::Entity::delete_many().filter(contact::Column::Id.is_in(ids.iter().copied())).exec(&tx).await?;
    }
    let old = contact_proposal::Entity::delete_many()
        .filter(Column::DecidedAt.lt(before).or(Column::DecidedAt.is_null().and(Column::ProposedAt.lt(before))))
        .exec(&tx)
        .await?;
    let erased = Erased { contacts: ids.len() as u64, proposals: old.rows_affected };
    if erased == Erased::default() {
        // Nothing was done, so there is nothing to record.
        return Ok(erased);
    }
    let (scope, access) = (Scope::service(), Access::default());
    let event =
        Event { kind: "delete", failure: None, scope: &scope, access: &access, replica, now, purpose: "eraseContacts" };
    let objects: Vec<Value> = ids.into_iter().map(rows::object).collect();
    let head = audit::lock(&tx).await.map_err(audit::unrecorded)?;
    audit::record(&tx, head, &event, objects).await.map_err(audit::unrecorded)?;
    tx.commit().await?;
    if !feed::is_postgres(&*database.connection()) {
        // What was there is in SQLite's log beside the file too, until that is written over. Whoever reads at this moment
        // keeps it a little longer.
        database.connection().execute_unprepared("pragma wal_checkpoint(truncate)").await?;
    }
    Ok(erased)
}

/// Those that were withdrawn on or before `last`, and drafts that nobody has changed since.
fn due(last: NaiveDate, before: DateTime<Utc>) -> Condition {
    use contact::Column;
    let withdrawn = Column::Status.eq(ContactStatus::Withdrawn).and(Column::WithdrawnOn.lte(last));
    let forgotten = Column::Status.eq(ContactStatus::Draft).and(Column::UpdatedAt.lt(before));
    Condition::any().add(withdrawn).add(forgotten)
}

/// Those whose history is not that of an entry which goes on: what was merged is erased with what it was merged into.
fn whole_families(rows: Vec<contact::Model>) -> Vec<contact::Model> {
    let mut going: BTreeMap<ContactId, contact::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    loop {
        let stays = |row: &contact::Model| row.merged_into.is_some_and(|into| !going.contains_key(&into));
        let staying: Vec<ContactId> = going.values().filter(|row| stays(row)).map(|row| row.id).collect();
        if staying.is_empty() {
            return going.into_values().collect();
        }
        going.retain(|id, _| !staying.contains(id));
    }
}
