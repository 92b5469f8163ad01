//! zorgkaart: the map of care places for people with ZEVMB in the Netherlands, as a GraphQL backend.
//!
//! `ARCHITECTURE.md` is the map of this code. Arrows point one way: `cli` and `app` use `http`, which uses `graphql`,
//! which uses `auth`, `care` and `store`; `store` uses `auth::Scope`, `care` and `geo`; `care` uses `geo`.

pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod graphql;
pub mod http;
pub use kaart::{care, geo};
mod private;
mod secret;
pub mod store;
pub mod telemetry;
