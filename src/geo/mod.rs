//! Where things are: points, H3 cells, distance, and the in-memory index of places.
//!
//! Nothing here knows what care is: the index sees points, ids and bits.

pub mod cell;
pub mod distance;
pub mod index;
mod point;

pub use cell::Cell;
pub use point::{Point, PointError};
