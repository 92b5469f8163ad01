//! The gap analysis against naive computations straight from the papers, exhaustive search and files that others made.

mod api;
mod catchment;
mod pictures;
mod publish;
mod sites;
