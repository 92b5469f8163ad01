//! Saved searches, and what opened for them.

use async_graphql::{Context, Json, SimpleObject};
use serde_json::Value;

use super::place::Place;
use crate::{
    graphql::{
        context,
        cursor::{Cursor, Question},
        error::{ApiError, Result},
        id::{GlobalId, NodeId},
        page::{self, PageInfo},
        scalars::Instant,
    },
    store::{self, View},
};

/// A search that you have saved.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SavedSearch {
    /// The id, for `deleteSearch`.
    id: NodeId,
    /// Where from: the four digits of a postcode, whatever was given; nothing finer is kept.
    postcode: Option<String>,
    /// The greatest distance, km; null: no limit.
    radius_km: Option<f64>,
    /// What is asked of a place: a `PlaceFilter`, ready to be sent as a variable.
    filter: Json<Value>,
    /// When it was saved.
    saved_at: Instant,
}

impl From<store::SavedSearch> for SavedSearch {
    fn from(search: store::SavedSearch) -> Self {
        Self {
            id: GlobalId::SavedSearch(search.id).into(),
            postcode: search.watch.near.pc4.map(|pc4| pc4.to_string()),
            radius_km: search.watch.radius_km,
            filter: Json(search.asked),
            saved_at: search.saved_at.into(),
        }
    }
}

/// A page of what opened.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AlertConnection {
    /// What opened, the earliest first.
    edges: Vec<AlertEdge>,
    /// Where this page stands; go on with `since` set to `endCursor`.
    page_info: PageInfo,
}

/// What opened, and where it stands.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AlertEdge {
    /// The cursor: what `since` takes.
    cursor: Cursor,
    /// What opened.
    node: Alert,
}

/// That a place opened for a saved search: there is room where there was none, or it has come to fit. Look before you phone:
/// it may be taken again.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Alert {
    /// The search that it answers.
    search: SavedSearch,
    /// The place as it is now; null: it is no longer on the map.
    place: Option<Place>,
    /// How far it is from where the search begins, km along the ellipsoid.
    distance_km: f64,
    /// When this was seen, within a second after the change.
    opened_at: Instant,
}

/// What was saved.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SaveSearchPayload {
    /// Your saved searches as they are now, the oldest first.
    pub(in crate::graphql) searches: Vec<SavedSearch>,
}

fn question() -> Question {
    Question::new("alerts", &())
}

/// The number of the alert that a cursor stands for.
pub(in crate::graphql) fn alert_after(cursor: &str) -> Result<i64> {
    question()
        .place(cursor)
        .map_err(|_| ApiError::input("since", "This is not a cursor of ours; take `cursor` of an answer as it is."))
}

impl AlertEdge {
    /// An alert as the requester of `view` sees it.
    pub(in crate::graphql) fn new(view: &View, alert: store::Alert) -> Result<Self> {
        Ok(Self {
            cursor: question().cursor_at(&alert.seq)?,
            node: Alert {
                search: alert.search.into(),
                place: view.place(alert.place).map(|place| Place::new(view, place)),
                distance_km: alert.distance_km,
                opened_at: alert.opened_at.into(),
            },
        })
    }
}

/// What opened for the requester's saved searches.
pub(in crate::graphql) async fn alerts(
    ctx: &Context<'_>,
    since: Option<&String>,
    first: i32,
) -> Result<Option<AlertConnection>> {
    let view = context::view(ctx)?;
    view.scope().save_searches()?;
    let size = page::size(ctx, first)?;
    let after = since.map_or(Ok(0), |cursor| alert_after(cursor))?;
    let mut found = context::store(ctx)?.alerts(view, after, size as u64 + 1).await??;
    let has_more = found.len() > size;
    found.truncate(size);
    let edges: Vec<AlertEdge> = found.into_iter().map(|alert| AlertEdge::new(view, alert)).collect::<Result<_>>()?;
    let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
    let page_info = PageInfo::new(&cursors, has_more, since);
    Ok(Some(AlertConnection { edges, page_info }))
}

/// The requester's saved searches.
pub(in crate::graphql) async fn saved_searches(ctx: &Context<'_>) -> Result<Vec<SavedSearch>> {
    let searches = context::store(ctx)?.saved_searches(context::view(ctx)?).await??;
    Ok(searches.into_iter().map(Into::into).collect())
}
