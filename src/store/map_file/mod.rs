//! The map as files. A file of the map is read whole, since it is no larger than the map, and then looked at and written in one
//! transaction: all rows or none, unless only the good ones are asked for.

mod availability;
mod export;
mod external_id;
mod objects;
mod postcodes;

use std::{fs::File, future::Future, io, time::Duration};

use sea_orm::DatabaseTransaction;
use serde_json::Value;
use tokio::time::timeout;

use super::{
    Database, Store, View,
    audit::{Access, Event},
    feed::{self, Change},
    import::{self, ImportError, ImportOptions, Phase, Rows},
    write::Author,
};
use crate::care::{
    file,
    map_file::{
        Kind, Read, Reader, Reason, Report,
        availability::Availability,
        objects::{Places, Providers},
        postcodes::Postcodes,
    },
};

pub use export::{ExportError, ExportFormat, PlacesExport};

/// How long the end waits for the map of this process; the file is imported whatever happens.
const OWN_MAP: Duration = Duration::from_mins(1);

/// Hears how far an import is: how many bytes of the file are done.
pub type Progress<'a> = &'a (dyn Fn(Phase, u64) + Send + Sync);

impl<K: Kind> Rows for Reader<K, File> {
    type Column = K::Column;
    type Reason = Reason;
    type Row = Read<K>;

    fn next(&mut self) -> io::Result<Option<(u32, Read<K>)>> {
        Ok(self.read()?.map(|read| (read.line, read)))
    }

    fn bytes(&self) -> u64 {
        Self::bytes(self)
    }
}

/// What a row says, and the line on which it begins.
type Said<K> = (u32, <K as Kind>::Said);

/// Where rows are looked at.
struct Looking<'a> {
    database: &'a Database,
    tx: &'a DatabaseTransaction,
    view: &'a View,
    progress: Progress<'a>,
    /// What is being done: in a dry run nothing is written for good.
    phase: Phase,
    /// How many bytes the file has.
    bytes: u64,
}

impl Looking<'_> {
    /// Says how much of the file is done: so many of its rows.
    fn wrote(&self, rows: usize, of: usize) {
        let [rows, of] = [rows, of].map(|count| u64::try_from(count).unwrap_or(u64::MAX));
        (self.progress)(self.phase, self.bytes.saturating_mul(rows) / of.max(1));
    }
}

/// What a file changes.
trait Plan: Sized + Send {
    /// The kind of file.
    type Kind: Kind;
    /// What the audit trail says it was for.
    const PURPOSE: &'static str;

    /// Looks at the good rows of a file, counts them in the report, and says what is to be written. Whatever it looks at nobody
    /// else changes before the transaction ends.
    fn look(
        looking: &Looking<'_>,
        rows: Vec<Said<Self::Kind>>,
        report: &mut Report<Self::Kind>,
    ) -> impl Future<Output = Result<Self, ImportError>> + Send;

    /// Whether there is nothing to write.
    fn is_empty(&self) -> bool;

    /// Writes.
    fn write(self, looking: &Looking<'_>, by: &Author<'_>)
    -> impl Future<Output = Result<Written, ImportError>> + Send;
}

/// What was written.
struct Written {
    /// For those who follow.
    changes: Vec<Change>,
    /// For the audit trail: type, id and fields of what was changed.
    objects: Vec<Value>,
}

impl Store {
    /// Imports the PC4 file of Statistics Netherlands, or says what is wrong with it.
    ///
    /// # Errors
    /// When the requester may not, the file cannot be read, or the database does not answer; nothing is imported then.
    pub async fn import_postcodes(
        &self,
        view: &View,
        access: &Access,
        file: &File,
        options: ImportOptions,
        progress: Progress<'_>,
    ) -> Result<Report<Postcodes>, ImportError> {
        Box::pin(self.import::<postcodes::Plan>(view, access, file, options, progress)).await
    }

    /// Imports a file of free spots, or says what is wrong with it.
    ///
    /// # Errors
    /// When the requester may not, the file cannot be read, or the database does not answer; nothing is imported then.
    pub async fn import_availability(
        &self,
        view: &View,
        access: &Access,
        file: &File,
        options: ImportOptions,
        progress: Progress<'_>,
    ) -> Result<Report<Availability>, ImportError> {
        Box::pin(self.import::<availability::Plan>(view, access, file, options, progress)).await
    }

    /// Imports a file of providers, or says what is wrong with it.
    ///
    /// # Errors
    /// When the requester may not, the file cannot be read, or the database does not answer; nothing is imported then.
    pub async fn import_providers(
        &self,
        view: &View,
        access: &Access,
        file: &File,
        options: ImportOptions,
        progress: Progress<'_>,
    ) -> Result<Report<Providers>, ImportError> {
        Box::pin(self.import::<objects::ProvidersPlan>(view, access, file, options, progress)).await
    }

    /// Imports a file of places with their locations and groups, or says what is wrong with it.
    ///
    /// # Errors
    /// When the requester may not, the file cannot be read, or the database does not answer; nothing is imported then.
    pub async fn import_places(
        &self,
        view: &View,
        access: &Access,
        file: &File,
        options: ImportOptions,
        progress: Progress<'_>,
    ) -> Result<Report<Places>, ImportError> {
        Box::pin(self.import::<objects::PlacesPlan>(view, access, file, options, progress)).await
    }

    #[tracing::instrument(name = "store.import", skip_all, fields(purpose = P::PURPOSE))]
    async fn import<P: Plan>(
        &self,
        view: &View,
        access: &Access,
        file: &File,
        options: ImportOptions,
        progress: Progress<'_>,
    ) -> Result<Report<P::Kind>, ImportError> {
        if let Err(denied) = view.scope().import_map() {
            return Err(ImportError::Denied(self.deny(view, access, P::PURPOSE, denied).await));
        }
        let mut report = Report::<P::Kind>::new(options.dry_run, options.partial);
        let rows = read::<P::Kind>(file, &mut report, progress).await.map_err(ImportError::File)?;
        let begin = async {
            let tx = self.database.begin().await?;
            import::write_nothing(&tx).await?;
            Ok::<_, ImportError>(tx)
        };
        let tx = self.database.within(begin).await?;
        let phase = if options.dry_run { Phase::Checking } else { Phase::Writing };
        let bytes = file.metadata().map_err(ImportError::File)?.len();
        let looking = Looking { database: &self.database, tx: &tx, view, progress, phase, bytes };
        let plan = P::look(&looking, rows, &mut report).await?;
        sort(&mut report.mistakes);
        sort(&mut report.warnings);
        if options.dry_run || report.forbids() || plan.is_empty() {
            self.database.within(async { Ok::<_, ImportError>(tx.rollback().await?) }).await?;
            report.applied = !options.dry_run && !report.forbids();
            self.looked_at(view, access, P::PURPOSE).await?;
            return Ok(report);
        }
        let Written { changes, objects } = plan.write(&looking, &Author::of(view)).await?;
        self.database.within(async { Ok::<_, ImportError>(feed::write(&tx, &changes).await?) }).await?;
        let kind = if report.updated > 0 { "update" } else { "create" };
        let event = Event { kind, ..Event::read(view, access, &self.replica, P::PURPOSE) };
        import::record(&self.database, &tx, &event, objects.into_iter()).await?;
        import::commit(tx).await?;
        report.applied = true;
        // The feed is followed in any case; this only makes the report wait for it.
        if !matches!(timeout(OWN_MAP, self.catch_up()).await, Ok(Ok(()))) {
            tracing::warn!("a file is imported, and not yet on the map of this replica");
        }
        Ok(report)
    }
}

/// Reads all rows of a file; the good ones are answered, the mistakes of the others are in the report.
async fn read<K: Kind>(file: &File, report: &mut Report<K>, progress: Progress<'_>) -> io::Result<Vec<Said<K>>> {
    let mut batches = import::batches::<Reader<K, File>>(file, Reader::open)?;
    let mut good = Vec::new();
    while let Some(batch) = batches.next().await? {
        for Read { line, said } in batch.rows {
            report.rows += 1;
            match said {
                Ok(said) => good.push((line, said)),
                Err(mistakes) => report.refuse(mistakes),
            }
        }
        if !batch.end.is_empty() {
            report.add(batch.end);
            report.cut = true;
        }
        progress(Phase::Checking, batch.bytes);
    }
    Ok(good)
}

/// Counts a row with one mistake.
fn refuse<C>(report: &mut file::Report<C, Reason>, line: u32, column: C, reason: Reason) {
    report.refuse([file::Mistake { line, column: Some(column), reason }]);
}

/// Puts mistakes in the order of the file.
fn sort<C, R>(mistakes: &mut [file::Mistake<C, R>]) {
    mistakes.sort_by_key(|mistake| mistake.line);
}
