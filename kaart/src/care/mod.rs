//! The domain in plain Rust: what the words of care mean and what follows from them. No database, no GraphQL, no HTTP.

pub mod agreement;
pub mod alert;
pub mod availability;
mod brief;
pub mod calendar;
mod columns;
pub mod contact;
pub mod demand;
pub mod demo;
pub mod file;
pub mod filter;
pub mod freshness;
pub mod gap;
pub mod global_id;
pub mod ground;
pub mod looks;
pub mod map;
pub mod map_file;
pub mod ordinals;
pub mod passport;
pub mod place;
pub mod plan;
pub mod postcode;
pub mod profile;
pub mod reference;
pub mod shipped;
pub mod snapshot;
pub mod text;
pub mod truth;
pub mod vervoer;
pub mod wishes;

pub use entity::{id, vocabulary};
