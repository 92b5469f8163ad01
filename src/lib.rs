//! zorgkaart
pub mod auth;
pub mod care;
pub mod geo;
pub mod graphql;
pub mod http;
pub mod store;
