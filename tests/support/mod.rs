//! What the tests share: databases, a running service, those who ask it, and places of which everything is known.

pub(crate) mod cluster;
pub(crate) mod databases;
pub(crate) mod issuer;
pub(crate) mod known;
mod postgres;
pub(crate) mod program;
pub(crate) mod proxy;
pub(crate) mod raw;
pub(crate) mod service;
pub(crate) mod socket;
pub(crate) mod watch;
