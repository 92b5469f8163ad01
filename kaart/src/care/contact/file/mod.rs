//! The contactenbestand as a file: what its rows ask of entries, and entries as rows.

mod asked;
mod column;
mod decide;
mod mistake;
mod work;
mod written;

pub use asked::{Asked, Reader};
pub use column::Column;
pub use decide::Outcome;
pub use mistake::{Mistake, Reason};
pub use written::{cells, header};

use crate::care::file;

/// What came of a file.
pub type Report = file::Report<Column, Reason>;
