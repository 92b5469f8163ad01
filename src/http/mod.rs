//! HTTP.

pub mod graphql;
pub mod refusal;
