//! What is wrong with a file, and where. Nothing here repeats what the file says, so that a report can be kept and passed on.

use thiserror::Error;

use super::{MOST_ROWS, records};

/// Something wrong; `C`: the columns of the file, `R`: what can be wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistake<C, R> {
    /// The line on which its row begins; the header is on line 1.
    pub line: u32,
    /// In which column; none: in the row as a whole.
    pub column: Option<C>,
    /// What, and what would be right.
    pub reason: R,
}

/// What is wrong with a file whatever it is about, and what would be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Flaw {
    /// Nothing is in it.
    #[error("the file is empty; its first line names the columns")]
    EmptyFile,
    /// As a Dutch spreadsheet saves it.
    #[error("the cells are separated by semicolons; save the file with commas between them")]
    Semicolons,
    /// A column of which nothing is known, by its number, and the names that are known.
    #[error("the name of column {0} is not known; known are {names}", names = .1.join(", "))]
    UnknownColumn(u16, &'static [&'static str]),
    /// A column that is there before.
    #[error("this column is there twice")]
    ColumnTwice,
    /// A column that must be there.
    #[error("this column is missing")]
    NoColumn,
    /// None of two columns is there.
    #[error("one of the columns {0} and {1} is needed")]
    NeitherColumn(&'static str, &'static str),
    /// Other bytes.
    #[error("this is not UTF-8; save the file as UTF-8")]
    NotUtf8,
    /// A cell that is too long.
    #[error("a cell has at most {most} characters", most = records::LONGEST_CELL)]
    LongCell,
    /// A cell of several lines.
    #[error("a cell is one line; is there a quote that does not end?")]
    LineBreak,
    /// A row that is too long.
    #[error("a row has at most {most} bytes; is there a quote that does not end?", most = records::LARGEST)]
    LongRow,
    /// Another number of cells than columns.
    #[error(
        "this row has not as many cells as the header; is there a comma without quotes, or a quote that does not end?"
    )]
    Ragged,
    /// More rows than are read.
    #[error("a file has at most {MOST_ROWS} rows; split it")]
    TooManyRows,
    /// More mistakes than are reported.
    #[error("there are more than {MOST_ROWS} mistakes; the rest of the file was not read")]
    TooManyMistakes,
}
