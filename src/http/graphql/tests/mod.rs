//! The endpoint as a router serves it.
#![expect(clippy::unwrap_used, reason = "a failed test should stop at once")]

mod again;
mod demo;
mod documents;
mod transport;
