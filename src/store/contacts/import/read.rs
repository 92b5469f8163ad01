//! Reading the file beside the threads that answer requests, a batch of rows ahead.

use std::{
    fs::File,
    io::{self, Seek},
};

use tokio::{sync::mpsc, task::JoinHandle};

use super::super::super::View;
use crate::care::contact::file::{Asked, MOST_ROWS, Mistake, Reader, Reason};

/// How many rows a batch has at most, and how many bytes of the file.
const ROWS: usize = 1_000;
const BYTES: u64 = 1024 * 1024;
/// How many batches are read ahead.
const AHEAD: usize = 1;

/// Some rows.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) rows: Vec<Asked>,
    /// Why the file is not read any further.
    pub(super) end: Vec<Mistake>,
    /// How many bytes of the file are read.
    pub(super) bytes: u64,
}

/// The batches of a file.
pub(super) struct Batches {
    batches: mpsc::Receiver<Batch>,
    reading: JoinHandle<io::Result<()>>,
}

/// Reads a file from its beginning.
pub(super) fn batches(file: &File, view: &View) -> io::Result<Batches> {
    let mut file = file.try_clone()?;
    file.rewind()?;
    let view = view.clone();
    let (sender, batches) = mpsc::channel(AHEAD);
    Ok(Batches { batches, reading: tokio::task::spawn_blocking(move || read(file, &view, &sender)) })
}

impl Batches {
    /// The next batch; none: there are no more.
    pub(super) async fn next(&mut self) -> io::Result<Option<Batch>> {
        match self.batches.recv().await {
            Some(batch) => Ok(Some(batch)),
            None => (&mut self.reading).await.map_err(io::Error::other)?.map(|()| None),
        }
    }
}

fn read(file: File, view: &View, sender: &mpsc::Sender<Batch>) -> io::Result<()> {
    let mut reader = match Reader::open(file)? {
        Ok(reader) => reader,
        Err(end) => {
            let _ = sender.blocking_send(Batch { end, ..Batch::default() });
            return Ok(());
        }
    };
    let (mut batch, mut began, mut count) = (Batch::default(), 0, 0);
    while let Some(row) = reader.next(view.map())? {
        count += 1;
        if count > MOST_ROWS {
            batch.end = vec![Mistake { line: row.line, column: None, reason: Reason::TooManyRows }];
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
