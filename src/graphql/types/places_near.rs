//! The answer to `placesNear`.

use async_graphql::{Context, SimpleObject};

use super::place::Place;
use crate::{
    care::{filter::Filter, plan::Search, vervoer::Destination, vocabulary::TripFrom, wishes::Wish},
    geo::index::After,
    graphql::{
        context,
        cursor::{Question, distance_and_id, distance_key},
        error::Result,
        page::{self, PageInfo},
    },
};

/// A page of places near somewhere.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PlaceNearConnection {
    /// The places, nearest first, ties by id.
    edges: Vec<PlaceNearEdge>,
    /// Where this page stands.
    page_info: PageInfo,
}

/// A place near somewhere.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PlaceNearEdge {
    /// The cursor.
    cursor: String,
    /// The place.
    node: Place,
    /// How far it is from `near` to the place's public point, km along the ellipsoid; the same for every viewer.
    distance_km: f64,
    /// Whether the place's own vervoer fetches people at home at `near`; null: not known.
    vervoer_reaches_you: Option<bool>,
    /// How far the wishes are met, 0 to 1: `MET` counts 1, `PARTLY_MET` a half, all else nothing, by weight; null
    /// without wishes.
    wish_score: Option<f64>,
}

impl PlaceNearConnection {
    /// Searches the map; `first` and `after` are as the client sent them.
    pub(in crate::graphql) fn search(
        ctx: &Context<'_>,
        near: Destination,
        radius_km: Option<f64>,
        filter: Filter,
        wishes: Vec<Wish>,
        first: i32,
        after: Option<&String>,
    ) -> Result<Self> {
        let view = context::view(ctx)?;
        let size = page::size(ctx, first)?;
        let question = Question::new("placesNear", &(&near, radius_km, &filter, &wishes));
        let after_key = after
            .map(|cursor| question.key(cursor).and_then(|key| distance_and_id(&key)))
            .transpose()?
            .map(|(distance_km, id)| After { distance_km, id });
        let search = Search { near, radius_km, filter, wishes, after: after_key, limit: size + 1 };
        let mut hits = view.search(&search)?;
        let has_more = hits.len() > size;
        hits.truncate(size);
        let edges: Vec<PlaceNearEdge> = hits
            .into_iter()
            .map(|hit| PlaceNearEdge {
                cursor: question.cursor(&distance_key(hit.distance_km, hit.id)),
                node: Place::new(view, hit.ordinal),
                distance_km: hit.distance_km,
                vervoer_reaches_you: view.vervoer_fetches(hit.ordinal, TripFrom::Home, &search.near).known(),
                wish_score: view.wish_score(hit.ordinal, &search.wishes),
            })
            .collect();
        let cursors: Vec<&String> = edges.iter().map(|edge| &edge.cursor).collect();
        let page_info = PageInfo::new(&cursors, has_more, after);
        Ok(Self { edges, page_info })
    }
}
