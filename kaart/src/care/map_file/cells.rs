//! Reading rows cell by cell, so that all that is wrong with a row is said at once.

use std::{io, str::FromStr};

use super::{Mistake, Reason};
use crate::care::{
    file::{Columns, Row, Table},
    global_id::GlobalId,
};

/// A kind of file.
pub trait Kind: Sized + 'static {
    /// Its columns.
    type Column: Columns;
    /// What a row says.
    type Said: Send;

    /// Reads a row; none: something is wrong with it, which the cells know.
    fn read(cells: &mut Cells<Self>) -> Option<Self::Said>;
}

/// How a file names something of ours: by our id, or by the id of another register.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key<Id> {
    /// Our id.
    Ours(Id),
    /// An external id.
    External(String),
}

impl<Id> Key<Id> {
    /// The external id, if it is one.
    pub fn external(&self) -> Option<&str> {
        match self {
            Self::Ours(_) => None,
            Self::External(text) => Some(text),
        }
    }
}

/// What a row says, or all that is wrong with it, and the line on which it begins.
pub struct Read<K: Kind> {
    /// The line.
    pub line: u32,
    /// What it says.
    pub said: Result<K::Said, Vec<Mistake<K>>>,
}

/// Reads rows.
pub struct Reader<K: Kind, R>(Table<R, K::Column>);

/// The cells of a row.
pub struct Cells<K: Kind> {
    line: u32,
    texts: Vec<(K::Column, Option<String>)>,
    mistakes: Vec<Mistake<K>>,
}

impl<K: Kind, R: io::Read> Reader<K, R> {
    /// Reads the header; what is wrong with it, otherwise.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(input: R) -> io::Result<Result<Self, Vec<Mistake<K>>>> {
        Ok(Table::open(input)?.map(Self))
    }

    /// The next row; none: there are no more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&mut self) -> io::Result<Option<Read<K>>> {
        Ok(self.0.read()?.map(|row| Cells::of(&row)))
    }

    /// How many bytes were read.
    pub const fn bytes(&self) -> u64 {
        self.0.bytes()
    }
}

impl<K: Kind> Cells<K> {
    fn of(row: &Row<'_, K::Column>) -> Read<K> {
        let mut cells = Self { line: row.line, texts: Vec::new(), mistakes: Vec::new() };
        match row.cells() {
            Ok(all) => {
                for (column, cell) in all {
                    match cell {
                        Ok(cell) => cells.texts.push((column, cell)),
                        Err(flaw) => cells.wrong(column, flaw.into()),
                    }
                }
            }
            Err(flaw) => cells.mistakes.push(Mistake::<K> { line: row.line, column: None, reason: flaw.into() }),
        }
        let said = if cells.mistakes.is_empty() { K::read(&mut cells) } else { None };
        match said {
            Some(said) if cells.mistakes.is_empty() => Read { line: row.line, said: Ok(said) },
            _ => Read { line: row.line, said: Err(cells.mistakes) },
        }
    }

    /// Adds something wrong.
    pub fn wrong(&mut self, column: K::Column, reason: Reason) {
        self.mistakes.push(Mistake::<K> { line: self.line, column: Some(column), reason });
    }

    /// Whether the file has a column.
    pub fn has(&self, column: K::Column) -> bool {
        self.texts.iter().any(|(one, _)| *one == column)
    }

    /// The text of a cell; none: the cell is empty, or the file has no such column.
    pub fn text(&self, column: K::Column) -> Option<&str> {
        self.texts.iter().find(|(one, _)| *one == column)?.1.as_deref()
    }

    /// Reads a cell that may be empty; none: it is, or it is wrong.
    pub fn read_if<T>(&mut self, column: K::Column, read: impl FnOnce(&str) -> Result<T, Reason>) -> Option<T> {
        match self.text(column).map(read)? {
            Ok(read) => Some(read),
            Err(reason) => {
                self.wrong(column, reason);
                None
            }
        }
    }

    /// Reads a cell that must hold something; none: it is wrong.
    pub fn need<T>(&mut self, column: K::Column, read: impl FnOnce(&str) -> Result<T, Reason>) -> Option<T> {
        if self.text(column).is_none() {
            self.wrong(column, Reason::Empty);
        }
        self.read_if(column, read)
    }
}

/// Reads a number; `wrong` otherwise.
pub(super) fn number<T: FromStr>(text: &str, wrong: Reason) -> Result<T, Reason> {
    text.parse().map_err(|_| wrong)
}

/// Reads how something is named.
pub(super) fn key<Id>(text: &str, ours: impl FnOnce(GlobalId) -> Option<Id>) -> Result<Key<Id>, Reason> {
    if let Some(id) = GlobalId::parse(text) {
        return ours(id).map(Key::Ours).ok_or(Reason::NoKey);
    }
    let fits = (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(Key::External(text.to_owned())) } else { Err(Reason::NoKey) }
}
