//! The questions.

mod alerts;
mod contacts;
mod gap;
mod map;
mod reviews;
mod stale;

use async_graphql::MergedObject;

/// The questions that the map answers. What a role may not see is null with an error: `UNAUTHENTICATED` without a
/// token, `FORBIDDEN` with one.
#[derive(MergedObject, Default)]
pub struct Query(
    map::MapQuery,
    alerts::AlertQuery,
    contacts::CurationQuery,
    gap::GapQuery,
    reviews::ReviewQuestions,
    stale::StaleQuery,
);
