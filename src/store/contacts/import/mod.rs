//! Importing a file of contacts: read row by row, whole or not at all unless only the good rows are asked for.
//!
//! All or nothing needs two readings. The first holds no lock: it finds what is wrong without keeping anybody. The second writes, in
//! one transaction, and looks at every row again, since somebody may have changed an entry in between.

mod find;
mod rows;
mod save;

use std::{fs::File, io};

use super::super::{
    Store, View,
    audit::{Access, Event},
    import::{self, Batches, ImportError, ImportOptions, Phase, Rows},
};
use crate::{
    auth::Denied,
    care::contact::file::{Asked, Column, Reader, Reason, Report},
};
use rows::Pass;

/// What the audit trail says it was for.
const PURPOSE: &str = "importContacts";

/// The rows of a file, with the map that knows places and providers.
struct Asking {
    reader: Reader<File>,
    view: View,
}

impl Rows for Asking {
    type Column = Column;
    type Reason = Reason;
    type Row = Asked;

    fn next(&mut self) -> io::Result<Option<(u32, Asked)>> {
        Ok(self.reader.next(self.view.map())?.map(|asked| (asked.line, asked)))
    }

    fn bytes(&self) -> u64 {
        self.reader.bytes()
    }
}

fn batches(file: &File, view: &View) -> io::Result<Batches<Asking>> {
    let view = view.clone();
    import::batches(file, move |file| Ok(Reader::open(file)?.map(|reader| Asking { reader, view })))
}

impl Store {
    /// Whether the requester may import and export; a refusal is recorded.
    ///
    /// # Errors
    /// When not.
    pub async fn may_curate_contacts(&self, view: &View, access: &Access, purpose: &'static str) -> Result<(), Denied> {
        match view.scope().curate_contacts() {
            Ok(()) => Ok(()),
            Err(denied) => Err(self.deny(view, access, purpose, denied).await),
        }
    }

    /// Whether the requester may import; a refusal is recorded.
    ///
    /// # Errors
    /// When not.
    pub async fn may_import_contacts(&self, view: &View, access: &Access) -> Result<(), Denied> {
        self.may_curate_contacts(view, access, PURPOSE).await
    }

    /// Imports a file of contacts, or says what is wrong with it. `progress` hears how many bytes of the file are done.
    ///
    /// # Errors
    /// When the requester may not, the file cannot be read, or the database does not answer; nothing is imported then.
    pub async fn import_contacts(
        &self,
        view: &View,
        access: &Access,
        file: &File,
        options: ImportOptions,
        progress: &(dyn Fn(Phase, u64) + Send + Sync),
    ) -> Result<Report, ImportError> {
        self.may_import_contacts(view, access).await.map_err(ImportError::Denied)?;
        if options.dry_run || !options.partial {
            let report = self.check(view, file, options, progress).await?;
            if options.dry_run || report.forbids() {
                self.looked_at(view, access, PURPOSE).await?;
                return Ok(report);
            }
        }
        self.write_rows(view, access, file, options, progress).await
    }

    #[tracing::instrument(name = "store.import.check", skip_all)]
    async fn check(
        &self,
        view: &View,
        file: &File,
        options: ImportOptions,
        progress: &(dyn Fn(Phase, u64) + Send + Sync),
    ) -> Result<Report, ImportError> {
        let mut pass = Pass::new(view, options);
        let mut batches = batches(file, view).map_err(ImportError::File)?;
        while let Some(batch) = batches.next().await.map_err(ImportError::File)? {
            let looking = async {
                let tx = self.database.begin().await?;
                pass.look_at(&tx, &batch, false).await?;
                Ok::<_, ImportError>(tx.commit().await?)
            };
            self.database.within(Box::pin(looking)).await?;
            progress(Phase::Checking, batch.bytes);
        }
        Ok(pass.report)
    }

    #[tracing::instrument(name = "store.import.write", skip_all)]
    async fn write_rows(
        &self,
        view: &View,
        access: &Access,
        file: &File,
        options: ImportOptions,
        progress: &(dyn Fn(Phase, u64) + Send + Sync),
    ) -> Result<Report, ImportError> {
        let mut pass = Pass::new(view, options);
        let mut batches = batches(file, view).map_err(ImportError::File)?;
        let begin = async {
            let tx = self.database.begin().await?;
            import::write_nothing(&tx).await?;
            Ok::<_, ImportError>(tx)
        };
        let tx = self.database.within(begin).await?;
        while let Some(batch) = batches.next().await.map_err(ImportError::File)? {
            let writing = async {
                let outcomes = pass.look_at(&tx, &batch, true).await?;
                if !pass.report.forbids() {
                    pass.saved.extend(save::write(&tx, outcomes, &pass.by).await?);
                }
                Ok::<_, ImportError>(())
            };
            self.database.within(Box::pin(writing)).await?;
            progress(Phase::Writing, batch.bytes);
        }
        let Pass { mut report, saved, .. } = pass;
        if report.forbids() || saved.is_empty() {
            self.database.within(async { Ok::<_, ImportError>(tx.rollback().await?) }).await?;
            report.applied = !report.forbids();
            self.looked_at(view, access, PURPOSE).await?;
            return Ok(report);
        }
        let kind = if report.updated > 0 { "update" } else { "create" };
        let event = Event { kind, ..Event::read(view, access, &self.replica, PURPOSE) };
        let objects = saved.iter().map(save::Saved::object);
        import::record(&self.database, &tx, &event, objects).await?;
        import::commit(tx).await?;
        report.applied = true;
        Ok(report)
    }
}
