//! Reading the file beside the threads that answer requests, a batch of rows ahead.

use std::{
    fs::File,
    io::{self, Seek},
};

use tokio::{sync::mpsc, task::JoinHandle};

use crate::care::file::{Columns, Flaw, MOST_ROWS, Mistake};

/// How many rows a batch has at most, and how many bytes of the file.
const ROWS: usize = 1_000;
const BYTES: u64 = 1024 * 1024;
/// How many batches are read ahead.
const AHEAD: usize = 1;

/// Reads the rows of a kind of file.
pub(in crate::store) trait Rows: Sized + Send + 'static {
    /// Its columns.
    type Column: Columns;
    /// What can be wrong with it.
    type Reason: From<Flaw> + Send;
    /// A row.
    type Row: Send;

    /// The next row with the line on which it begins; none: there are no more.
    fn next(&mut self) -> io::Result<Option<(u32, Self::Row)>>;

    /// How many bytes were read.
    fn bytes(&self) -> u64;
}

/// What is wrong with a kind of file.
pub(in crate::store) type MistakeOf<R> = Mistake<<R as Rows>::Column, <R as Rows>::Reason>;
/// A file whose header was read, or what is wrong with that.
pub(in crate::store) type Opened<R> = io::Result<Result<R, Vec<MistakeOf<R>>>>;

/// Some rows.
pub(in crate::store) struct Batch<R: Rows> {
    pub(in crate::store) rows: Vec<R::Row>,
    /// Why the file is not read any further.
    pub(in crate::store) end: Vec<MistakeOf<R>>,
    /// How many bytes of the file are read.
    pub(in crate::store) bytes: u64,
}

impl<R: Rows> Default for Batch<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), end: Vec::new(), bytes: 0 }
    }
}

/// The batches of a file.
pub(in crate::store) struct Batches<R: Rows> {
    batches: mpsc::Receiver<Batch<R>>,
    reading: JoinHandle<io::Result<()>>,
}

/// Reads a file from its beginning.
pub(in crate::store) fn batches<R: Rows>(
    file: &File,
    open: impl FnOnce(File) -> Opened<R> + Send + 'static,
) -> io::Result<Batches<R>> {
    let mut file = file.try_clone()?;
    file.rewind()?;
    let (sender, batches) = mpsc::channel(AHEAD);
    Ok(Batches { batches, reading: tokio::task::spawn_blocking(move || read(open(file)?, &sender)) })
}

impl<R: Rows> Batches<R> {
    /// The next batch; none: there are no more.
    pub(in crate::store) async fn next(&mut self) -> io::Result<Option<Batch<R>>> {
        match self.batches.recv().await {
            Some(batch) => Ok(Some(batch)),
            None => (&mut self.reading).await.map_err(io::Error::other)?.map(|()| None),
        }
    }
}

fn read<R: Rows>(opened: Result<R, Vec<MistakeOf<R>>>, sender: &mpsc::Sender<Batch<R>>) -> io::Result<()> {
    let mut reader = match opened {
        Ok(reader) => reader,
        Err(end) => {
            let _ = sender.blocking_send(Batch { end, ..Batch::default() });
            return Ok(());
        }
    };
    let (mut batch, mut began, mut count) = (Batch::default(), 0, 0);
    while let Some((line, row)) = reader.next()? {
        count += 1;
        if count > MOST_ROWS {
            batch.end = vec![Mistake { line, column: None, reason: Flaw::TooManyRows.into() }];
            break;
        }
        batch.rows.push(row);
        batch.bytes = reader.bytes();
        if batch.rows.len() == ROWS || batch.bytes - began >= BYTES {
            began = batch.bytes;
            // Whoever does not wait for it any more has said why.
            if sender.blocking_send(std::mem::take(&mut batch)).is_err() {
                return Ok(());
            }
        }
    }
    batch.bytes = reader.bytes();
    let _ = sender.blocking_send(batch);
    Ok(())
}
