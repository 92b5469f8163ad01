//! zorgkaart
pub mod auth;
pub mod care;
pub mod geo;
pub mod store;
