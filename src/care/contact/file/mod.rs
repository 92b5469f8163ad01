//! The contactenbestand as a file: CSV (RFC 4180) in UTF-8 with a header, read row by row, and written so that no spreadsheet
//! takes a name for a formula.

mod asked;
mod column;
mod decide;
mod guard;
mod mistake;
mod records;
mod report;
mod work;
mod written;

pub use asked::{Asked, Reader};
pub use column::Column;
pub use decide::Outcome;
pub use mistake::{Mistake, Reason};
pub use report::Report;
pub use written::{cells, header};

/// The most rows of a file, and the most mistakes that are reported: what is kept of them stays small.
pub const MOST_ROWS: u32 = 1_000_000;
