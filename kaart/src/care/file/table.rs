//! A file as rows of named cells.

use std::io::{self, Read};

use super::{
    Columns, Flaw, Mistake,
    guard::unguarded,
    records::{Record, Records},
};

/// Reads rows.
pub struct Table<R, C> {
    records: Records<R>,
    columns: Vec<C>,
}

/// A row.
pub struct Row<'a, C> {
    /// The line on which it begins.
    pub line: u32,
    record: Record<'a>,
    columns: &'a [C],
}

impl<R: Read, C: Columns> Table<R, C> {
    /// Reads the header; what is wrong with it, otherwise.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open<Q: From<Flaw>>(input: R) -> io::Result<Result<Self, Vec<Mistake<C, Q>>>> {
        let mut records = Records::new(input);
        let columns = match records.next()? {
            Some(record) => columns(&record),
            None => Err(vec![Mistake { line: 1, column: None, reason: Flaw::EmptyFile.into() }]),
        };
        Ok(columns.map(|columns| Self { records, columns }))
    }

    /// The next row; none: there are no more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&mut self) -> io::Result<Option<Row<'_, C>>> {
        let record = self.records.next()?;
        Ok(record.map(|record| Row { line: record.line, record, columns: &self.columns }))
    }

    /// How many bytes were read.
    pub const fn bytes(&self) -> u64 {
        self.records.bytes
    }
}

impl<C: Columns> Row<'_, C> {
    /// Its cells: the text without spaces around it and without what guards it; none: the cell is empty.
    ///
    /// # Errors
    /// When the cells cannot be told apart.
    pub fn cells(&self) -> Result<impl Iterator<Item = (C, Result<Option<String>, Flaw>)>, Flaw> {
        if self.record.len()? != self.columns.len() {
            return Err(Flaw::Ragged);
        }
        let text = |cell: &str| {
            let text = unguarded(cell);
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Ok(self.columns.iter().enumerate().map(move |(at, column)| (*column, self.record.cell(at).map(text))))
    }
}

/// Reads a header.
fn columns<C: Columns, Q: From<Flaw>>(record: &Record<'_>) -> Result<Vec<C>, Vec<Mistake<C, Q>>> {
    let line = record.line;
    let wrong = |column, flaw: Flaw| Mistake { line, column, reason: flaw.into() };
    let count = record.len().map_err(|reason| vec![wrong(None, reason)])?;
    let (mut columns, mut mistakes) = (Vec::new(), Vec::new());
    for at in 0..count {
        let number = u16::try_from(at + 1).unwrap_or(u16::MAX);
        match record.cell(at).map(C::named) {
            Ok(Some(column)) if columns.contains(&column) => mistakes.push(wrong(Some(column), Flaw::ColumnTwice)),
            Ok(Some(column)) => columns.push(column),
            Ok(None) if count == 1 && record.cell(0).is_ok_and(|cell| cell.contains(';')) => {
                return Err(vec![wrong(None, Flaw::Semicolons)]);
            }
            // Where there is no header this may be somebody's name: not repeated.
            Ok(None) => mistakes.push(wrong(None, Flaw::UnknownColumn(number, C::NAMES))),
            // Nothing else is worth saying of a file in another encoding.
            Err(Flaw::NotUtf8) => return Err(vec![wrong(None, Flaw::NotUtf8)]),
            Err(reason) => mistakes.push(wrong(None, reason)),
        }
    }
    for needed in C::NEEDED.iter().filter(|needed| !columns.contains(needed)) {
        mistakes.push(wrong(Some(*needed), Flaw::NoColumn));
    }
    if let [one, other] = C::EITHER
        && !columns.contains(one)
        && !columns.contains(other)
    {
        mistakes.push(wrong(None, Flaw::NeitherColumn(one.name(), other.name())));
    }
    if mistakes.is_empty() { Ok(columns) } else { Err(mistakes) }
}
