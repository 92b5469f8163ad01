//! What breaks: servers that are killed, stopped and restarted, connections that are cut and swallowed, migrations that
//! die in the middle. Real processes, real sockets, `PostgreSQL` clusters that a test may break.
//!
//! Most tests come one after the other ([`alone`]), since they measure what others would disturb; those that measure nothing
//! may come [`beside`] each other. `FAULTS=long` makes the long run of those that have one.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test should stop at once")]

#[path = "../support/mod.rs"]
#[allow(dead_code, unused_macros, unused_imports, reason = "tests/it uses the rest")]
mod support;

mod backup;
mod crowd;
mod feed;
mod imports;
mod killed;
mod leaving;
mod load;
mod migrations;
mod operation;
mod production;
mod replica;
mod replicas;
mod starts;

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

static TURN: RwLock<()> = RwLock::const_new(());

/// A turn of one's own.
async fn alone() -> RwLockWriteGuard<'static, ()> {
    TURN.write().await
}

/// A turn that is shared with others that measure nothing.
async fn beside() -> RwLockReadGuard<'static, ()> {
    TURN.read().await
}

/// Whether the long run is asked for.
fn is_long() -> bool {
    std::env::var("FAULTS").is_ok_and(|value| value == "long")
}
