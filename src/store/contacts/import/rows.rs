//! One reading of the rows: which entry each is about, and what it makes of it.

use std::collections::HashSet;

use sea_orm::DatabaseTransaction;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    super::super::{
        View,
        error::StoreError,
        import::{Batch, ImportOptions},
        write::Author,
    },
    Asking,
    find::{Found, find},
    save::{Saved, Write},
};
use crate::care::{
    contact::{
        Contact,
        file::{Asked, Column, Mistake, Outcome, Reason, Report},
    },
    id::ContactId,
};

/// One reading.
pub(super) struct Pass<'a> {
    view: &'a View,
    pub(super) by: Author<'a>,
    pub(super) report: Report,
    /// What was written.
    pub(super) saved: Vec<Saved>,
    /// The entries and external ids that rows have named, as 128 bits each.
    named: HashSet<u128>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(view: &'a View, options: ImportOptions) -> Self {
        let ImportOptions { dry_run, partial } = options;
        Self {
            view,
            by: Author::of(view),
            report: Report::new(dry_run, partial),
            saved: Vec::new(),
            named: HashSet::new(),
        }
    }

    /// Looks at some rows, and says what is to be written. With `hold`, nobody changes their entries before this
    /// transaction ends.
    pub(super) async fn look_at(
        &mut self,
        tx: &DatabaseTransaction,
        batch: &Batch<Asking>,
        hold: bool,
    ) -> Result<Vec<Write>, StoreError> {
        let found = find(tx, &batch.rows, hold).await?;
        let mut writes = Vec::new();
        for row in &batch.rows {
            self.report.rows += 1;
            match self.outcome(row, &found) {
                Ok(Outcome::Same) => self.report.unchanged += 1,
                Ok(Outcome::New(next)) => {
                    self.report.created += 1;
                    writes.push(Write { before: None, next: *next });
                }
                Ok(Outcome::Changed(next)) => {
                    self.report.updated += 1;
                    writes.push(Write { before: found.with_id(next.id).cloned(), next: *next });
                }
                Err(mistakes) => self.report.refuse(mistakes),
            }
        }
        if !batch.end.is_empty() {
            self.report.add(batch.end.iter().copied());
            self.report.cut = true;
        }
        Ok(writes)
    }

    fn outcome(&mut self, row: &Asked, found: &Found) -> Result<Outcome, Vec<Mistake>> {
        let entry = self.entry(row, found);
        let wrong = |(column, reason)| Mistake { line: row.line, column, reason };
        let entry = match entry {
            Ok(entry) if row.mistakes.is_empty() => entry,
            Ok(_) => return Err(row.mistakes.clone()),
            Err((column, reason)) => {
                return Err(row.mistakes.iter().copied().chain([wrong((Some(column), reason))]).collect());
            }
        };
        let made = || ContactId(Uuid::now_v7());
        row.decide(entry, made, self.view.map(), self.view.today()).map_err(|mistake| vec![wrong(mistake)])
    }

    /// The entry that a row is about; none: a new one. Each entry and each external id is for one row of the file: whether
    /// another was given up by an earlier row cannot depend on where a batch ends.
    fn entry<'f>(&mut self, row: &Asked, found: &'f Found) -> Result<Option<&'f Contact>, (Column, Reason)> {
        let has = row.external_id.as_deref().and_then(|external_id| found.with_external_id(external_id));
        let entry = match row.id {
            Some(id) => Some(found.with_id(id).ok_or((Column::Id, Reason::NoEntry))?),
            None => has,
        };
        let external_ids = [entry.and_then(|entry| entry.external_id.as_deref()), row.external_id.as_deref()];
        let mut names: Vec<u128> = external_ids.into_iter().flatten().map(name).collect();
        names.dedup();
        names.extend(entry.map(|entry| entry.id.0.as_u128()));
        let by = if row.id.is_some() { Column::Id } else { Column::ExternalId };
        // All of them are kept, whichever was there.
        let known = names.len();
        let before = self.named.len();
        self.named.extend(names);
        if self.named.len() < before + known {
            return Err((by, Reason::Twice));
        }
        match (entry, has) {
            (Some(entry), Some(other)) if entry.id != other.id => Err((Column::ExternalId, Reason::ExternalIdTaken)),
            _ => Ok(entry),
        }
    }
}

/// An external id as 128 bits.
fn name(external_id: &str) -> u128 {
    let hash = Sha256::digest(external_id.as_bytes());
    hash.iter().take(16).fold(0, |name, byte| name << 8 | u128::from(*byte))
}
