//! The gap analysis.

mod pictures;
