//! `placesNear` at a million places: the index alone against the R-trees of `rstar` and `geo-index` with the same filters,
//! and whole requests over HTTP against a handler that has its answer ready.
//!
//! `cargo bench --bench places_near` makes the data, measures, and prints the tables of `docs/performance.md`. With
//! `POSTGIS_URL`, a database in which tables and the extension `postgis` may be made, the same question in SQL is measured too;
//! with `POSTGRAPHILE` beside it, a directory in which `npm install postgraphile` was run, the same fields by `PostGraphile`.
//! `PLACES` asks for another number of places than 10,000 and 1,000,000. All numbers are of one run on one machine: compare
//! within a run.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot set up should stop")]
#![expect(clippy::print_stdout, reason = "its tables")]

use mimalloc::MiMalloc;

mod answers;
mod changes;
mod client;
mod clusters;
mod data;
mod figures;
mod filters;
mod index;
mod listed;
mod machine;
mod postgis;
mod postgraphile;
mod question;
mod searches;
mod server;
mod service;

/// As the service has it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The kinds of question, each with all of the one before.
const KINDS: [&str; 4] = ["no filter", "care form + homogeneity", "+ 2 free nights", "+ vervoer covers home"];
/// How many places are asked for.
const PAGE: usize = 20;

fn main() {
    let sizes =
        std::env::var("PLACES").map_or_else(|_| vec![10_000, 1_000_000], |places| vec![places.parse().unwrap()]);
    println!("# {}, rustc {}\n", machine::processor(), machine::compiler());
    for places in sizes {
        let records = data::records(places);
        let origins = data::origins(&records.reference);
        index::measure(&records, &origins);
        listed::measure(&records, &origins);
        postgis::measure(&records, &origins);
        let (address, token) = answers::measure(records, &origins);
        postgraphile::measure(&origins, address, &token);
    }
}
