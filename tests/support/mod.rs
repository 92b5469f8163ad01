//! What the tests share.

pub(crate) mod databases;
mod postgres;
