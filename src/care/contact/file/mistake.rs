//! What is wrong with a file, and where. Nothing here repeats what the file says, so that a report can be kept and passed on.

use thiserror::Error;

use super::{super::rules::ContactError, super::stated::StatedError, Column, MOST_ROWS, records};

/// Something wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line on which its row begins; the header is on line 1.
    pub line: u32,
    /// In which column; none: in the row as a whole.
    pub column: Option<Column>,
    /// What, and what would be right.
    pub reason: Reason,
}

/// What an id can be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdKind {
    /// An entry.
    Contact,
    /// A provider.
    Provider,
    /// A place.
    Place,
}

impl IdKind {
    /// What its ids begin with.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Provider => "provider",
            Self::Place => "place",
        }
    }
}

fn names() -> String {
    Column::ALL.map(Column::name).join(", ")
}

/// What is wrong, and what would be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Reason {
    /// Nothing is in it.
    #[error("the file is empty; its first line names the columns")]
    EmptyFile,
    /// As a Dutch spreadsheet saves it.
    #[error("the cells are separated by semicolons; save the file with commas between them")]
    Semicolons,
    /// A column of which nothing is known, by its number.
    #[error("the name of column {0} is not known; known are {names}", names = names())]
    UnknownColumn(u16),
    /// A column that is there before.
    #[error("this column is there twice")]
    ColumnTwice,
    /// A column that must be there.
    #[error("this column is missing")]
    NoColumn,
    /// Nothing says which entries are meant.
    #[error("one of the columns id and external_id is needed")]
    NoKeyColumn,
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
    /// No id.
    #[error("this is not the id of a {kind}; they look like {kind}_0193a1f0b5c47d2e8f000123456789ab", kind = .0.name())]
    NoId(IdKind),
    /// Nothing says which entry is meant.
    #[error("a row needs an id or an external_id")]
    NoKey,
    /// An id of nothing.
    #[error("there is no entry with this id")]
    NoEntry,
    /// Two rows for one entry.
    #[error("an earlier row is about the same entry, or has the same external_id")]
    Twice,
    /// An external id of another entry.
    #[error("another entry has this external_id")]
    ExternalIdTaken,
    /// A provider that is not there.
    #[error("there is no such provider on the map")]
    NoProvider,
    /// A place that is not there.
    #[error("there is no such place on the map")]
    NoPlace,
    /// A place and another provider.
    #[error("the place is not one of this provider")]
    OtherProvider,
    /// No status.
    #[error("a status is DRAFT, PUBLISHED or WITHDRAWN; an empty cell keeps it")]
    NoStatus,
    /// A withdrawn entry that would change.
    #[error("this entry is withdrawn; a file neither changes nor publishes it")]
    Withdrawn,
    /// A published entry that would be a draft.
    #[error("a published entry does not become a draft again; withdraw it")]
    ToDraft,
    /// A new entry that would be withdrawn.
    #[error("a new entry is a draft or published")]
    NewWithdrawn,
    /// Publishing without consent.
    #[error("publishing needs consent_on and consent_source")]
    NoConsent,
    /// Half of a consent.
    #[error("consent needs both consent_on and consent_source")]
    HalfConsent,
    /// Consent to nothing.
    #[error("consent is kept of what is published; give the status PUBLISHED with it")]
    ConsentOfDraft,
    /// No date.
    #[error("a date is written as 2026-12-01")]
    NoDate,
    /// No version.
    #[error("a version is a whole number, as an export writes it")]
    NoVersion,
    /// Somebody else was first.
    #[error("the entry has changed since this version; export it again")]
    Outdated,
    /// What a field cannot hold.
    #[error(transparent)]
    Stated(#[from] StatedError),
    /// What a list cannot hold, by its number in the list.
    #[error("{0} in the list: {1}")]
    Item(u16, StatedError),
    /// What is not done with an entry.
    #[error(transparent)]
    Rule(#[from] ContactError),
}
