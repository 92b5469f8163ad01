//! Erasing what was withdrawn long enough ago (AVG, articles 5.1.e and 17). What is left proves that somebody consented
//! (article 7.1) and was erased, without saying who.

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{contact, contact_erasure, contact_proposal};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use serde_json::Value;

use super::{
    super::{
        Database, Store,
        audit::{Access, Event, Reading},
        error::StoreError,
    },
    rows,
};
use crate::{
    auth::Scope,
    care::{calendar::dutch_date, id::ContactId, vocabulary::ProposalStatus},
};

/// How many entries are erased in one transaction.
const ERASED_AT_ONCE: u64 = 200;

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// How many entries.
    pub contacts: u64,
    /// How many proposals.
    pub proposals: u64,
}

impl Store {
    /// Erases the entries that were withdrawn more than `days` ago, with their history, and the proposals that were decided
    /// so long ago. What is left of an entry are its id, the dates of consent and withdrawal, and the audit trail, which
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
            if some.contacts < ERASED_AT_ONCE {
                return Ok(erased);
            }
        }
    }
}

/// Erases some of what was withdrawn or decided on or before `last`.
async fn erase_some(
    database: &Database,
    last: NaiveDate,
    replica: &str,
    now: DateTime<Utc>,
) -> Result<Erased, StoreError> {
    use contact_proposal::Column;
    let reading = Reading::begin(database).await?;
    let tx = &reading.tx;
    let rows = contact::Entity::find()
        .filter(contact::Column::WithdrawnOn.lte(last))
        .order_by_asc(contact::Column::Id)
        .limit(ERASED_AT_ONCE)
        .all(tx)
        .await?;
    let ids: Vec<ContactId> = rows.iter().map(|row| row.id).collect();
    if !ids.is_empty() {
        let left = rows.into_iter().map(|row| {
            let left = contact_erasure::Model {
                contact_id: row.id,
                consent_on: row.consent_on,
                withdrawn_on: row.withdrawn_on,
                erased_at: now,
            };
            left.into_active_model()
        });
        contact_erasure::Entity::insert_many(left)
            .on_conflict(OnConflict::column(contact_erasure::Column::ContactId).do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
        // Lists, history and proposals go with it; no other entry points to what is not there.
        contact::Entity::update_many()
            .col_expr(contact::Column::MergedInto, Expr::value(Option::<ContactId>::None))
            .filter(contact::Column::MergedInto.is_in(ids.iter().copied()))
            .exec(tx)
            .await?;
        contact::Entity::delete_many().filter(contact::Column::Id.is_in(ids.iter().copied())).exec(tx).await?;
    }
    let before = last.and_time(chrono::NaiveTime::MIN).and_utc();
    let decided = contact_proposal::Entity::delete_many()
        .filter(Column::Status.ne(ProposalStatus::Open))
        .filter(Column::DecidedAt.lt(before))
        .exec(tx)
        .await?;
    let erased = Erased { contacts: ids.len() as u64, proposals: decided.rows_affected };
    if erased == Erased::default() {
        // Nothing was done, so there is nothing to record.
        return Ok(erased);
    }
    let (scope, access) = (Scope::operator(), Access::default());
    let event =
        Event { kind: "delete", failure: None, scope: &scope, access: &access, replica, now, purpose: "eraseContacts" };
    let objects: Vec<Value> = ids.into_iter().map(rows::object).collect();
    reading.end(&event, objects).await?;
    Ok(erased)
}
