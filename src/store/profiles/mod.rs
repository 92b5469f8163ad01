//! What people state of providers, locations, groups and places.

mod rows;
mod save;

pub(in crate::store) use rows::{Row, find};
pub(in crate::store) use save::{Saved, create, held, save, show, stated};
