//! The integration tests: one binary, so that it is linked once.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test should stop at once")]

#[path = "../support/mod.rs"]
#[allow(dead_code, unused_macros, unused_imports, reason = "tests/faults uses the rest")]
mod support;

mod alerts;
mod audit;
mod authorization;
mod bad_input;
mod care;
mod clusters;
mod command_line;
mod contacts;
mod curation;
mod demand;
mod gap;
mod geo;
mod imports;
mod map_files;
mod passports;
mod profiles;
mod readme;
mod reference;
mod same_answers;
mod stale;
mod store;
mod structure;
mod tokens;
mod transport;
mod trilateration;
mod watch;
mod writes;
