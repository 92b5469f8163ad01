//! Where things are: points, H3 cells, areas, distance, and the in-memory index of places.
//!
//! Nothing here knows what care is: the index sees points, ids and bits.

pub mod area;
pub mod cell;
pub mod distance;
pub mod index;
pub mod outline;
mod point;

pub use area::Area;
pub use cell::Cell;
pub use point::{Point, PointError, SURROUNDINGS, Surroundings};
