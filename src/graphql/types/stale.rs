//! Places that wait to be confirmed.

use async_graphql::{Context, SimpleObject};

use super::place::Place;
use crate::{
    care::id::{PlaceId, ProviderId},
    graphql::{
        context,
        cursor::{Cursor, Question},
        error::Result,
        page::{self, PageInfo},
    },
    store::StaleQuery,
};

/// A page of places that wait to be confirmed.
#[derive(SimpleObject)]
pub(in crate::graphql) struct StalePlaceConnection {
    /// The places with their cursors, the highest score first, ties by id.
    edges: Vec<StalePlaceEdge>,
    /// Where this page stands.
    page_info: PageInfo,
    /// How many there are on all pages.
    total_count: i32,
}

/// A place that waits to be confirmed, with its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct StalePlaceEdge {
    /// The cursor.
    cursor: Cursor,
    /// The place and why it waits here.
    node: StalePlace,
}

/// A place that waits to be confirmed.
#[derive(SimpleObject)]
pub(in crate::graphql) struct StalePlace {
    /// The place.
    place: Place,
    /// How many days ago it was confirmed; null: never.
    days_since_confirmed: Option<i32>,
    /// How often it was shown to holders of a passport in the last 30 days, today included: in a first page of `placesNear`, or
    /// by its id. Null: fewer than 3 times, so that nobody can be recognised.
    looks: Option<i32>,
    /// How much it would help parents to confirm it: the days (365 if it never was) times one more than `looks`.
    score: i32,
}

pub(in crate::graphql) async fn stale_queue(
    ctx: &Context<'_>,
    provider: Option<ProviderId>,
    region: Option<String>,
    first: i32,
    after: Option<&String>,
) -> Result<Option<StalePlaceConnection>> {
    let view = context::view(ctx)?;
    let question = Question::new("staleQueue", &(provider, &region));
    let limit = page::size(ctx, first)?;
    let after_key: Option<(i64, PlaceId)> = after.map(|cursor| question.place(cursor)).transpose()?;
    let query = StaleQuery { provider, region, after: after_key, limit };
    let page = context::store(ctx)?.stale_queue(view, context::access(ctx)?, &query).await??;
    let mut edges = Vec::with_capacity(page.places.len());
    for one in page.places {
        edges.push(StalePlaceEdge {
            cursor: question.cursor_at(&(one.score, one.id))?,
            node: StalePlace {
                place: Place::new(view, one.place),
                days_since_confirmed: one.days.map(number),
                looks: one.looks,
                score: number(one.score),
            },
        });
    }
    let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
    let page_info = PageInfo::new(&cursors, page.has_more, after);
    let total_count = i32::try_from(page.total).unwrap_or(i32::MAX);
    Ok(Some(StalePlaceConnection { edges, page_info, total_count }))
}

fn number(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
