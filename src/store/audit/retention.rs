//! Removing what has been kept long enough: whole months, whose last hash stays as the anchor of what follows.

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use entity::{audit_anchor, audit_event, audit_object};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, sea_query::OnConflict};

use super::super::{Database, error::StoreError};

/// How long records are kept (SECURITY.md, "Audit record"), months.
const KEPT_MONTHS: u32 = 60;

impl Database {
    /// Removes the records of months that ended five years ago or more; answers how many, and before when.
    ///
    /// # Errors
    /// When the database does not answer; nothing is removed then.
    pub async fn cut_trail(&self, now: DateTime<Utc>) -> Result<(u64, DateTime<Utc>), StoreError> {
        let before = limit(now.date_naive());
        let tx = self.begin().await?;
        // Writers of the trail wait until this is done.
        super::hold(&tx).await?;
        let last = audit_event::Entity::find()
            .filter(audit_event::Column::OccurredAt.lt(before))
            .order_by_desc(audit_event::Column::Seq)
            .one(&tx)
            .await?;
        let Some(last) = last else {
            tx.commit().await?;
            return Ok((0, before));
        };
        let anchor = audit_anchor::Model { id: 1, seq: last.seq, hash: last.hash, cut_at: now };
        let replace = OnConflict::column(audit_anchor::Column::Id)
            .update_columns([audit_anchor::Column::Seq, audit_anchor::Column::Hash, audit_anchor::Column::CutAt])
            .to_owned();
        audit_anchor::Entity::insert(anchor.into_active_model())
            .on_conflict(replace)
            .exec_without_returning(&tx)
            .await?;
        audit_object::Entity::delete_many().filter(audit_object::Column::Seq.lte(last.seq)).exec(&tx).await?;
        let removed =
            audit_event::Entity::delete_many().filter(audit_event::Column::Seq.lte(last.seq)).exec(&tx).await?;
        tx.commit().await?;
        Ok((removed.rows_affected, before))
    }
}

/// The first instant that is kept: the beginning of a month.
fn limit(today: NaiveDate) -> DateTime<Utc> {
    let month = today.with_day(1).unwrap_or(today);
    let first = month.checked_sub_months(Months::new(KEPT_MONTHS)).unwrap_or(NaiveDate::MIN);
    first.and_time(chrono::NaiveTime::MIN).and_utc()
}
