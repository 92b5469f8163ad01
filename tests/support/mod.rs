//! What the tests share: databases, a running service, and those who ask it.

pub(crate) mod databases;
mod postgres;
pub(crate) mod raw;
pub(crate) mod service;
