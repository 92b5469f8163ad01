//! Files that people exchange: CSV (RFC 4180) in UTF-8 with a header, read row by row, and written so that no spreadsheet
//! takes a name for a formula.

mod column;
mod guard;
mod list;
mod mistake;
mod records;
mod report;
mod table;

pub use column::Columns;
pub(in crate::care) use column::columns;
pub use guard::guarded;
pub(in crate::care) use list::{items, list};
pub use mistake::{Flaw, Mistake};
pub use report::Report;
pub use table::{Row, Table};

/// The most rows of a file, and the most mistakes that are reported: what is kept of them stays small.
pub const MOST_ROWS: u32 = 1_000_000;
