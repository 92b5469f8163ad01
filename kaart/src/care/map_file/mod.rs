//! The map as files: what their rows say, and places as rows and features.

pub mod availability;
mod cells;
pub mod objects;
pub mod postcodes;
mod reason;
mod written;

pub use cells::{Cells, Key, Kind, Read, Reader};
pub use reason::Reason;
pub use written::{Spots, Written, header};

use super::file;

/// Something wrong with a file of a kind.
pub type Mistake<K> = file::Mistake<<K as Kind>::Column, Reason>;
/// What came of a file of a kind.
pub type Report<K> = file::Report<<K as Kind>::Column, Reason>;
