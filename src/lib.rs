//! zorgkaart
pub mod care;
pub mod geo;
