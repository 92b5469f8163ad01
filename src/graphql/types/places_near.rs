//! The answer to `placesNear`.

use std::sync::{Arc, OnceLock};

use async_graphql::{Context, Object, SimpleObject};
use uuid::Uuid;

use super::place::Place;
use crate::{
    care::{
        filter::Filter, freshness::Freshness, id::PlaceId, plan::Search, truth::Truth, vervoer::Destination,
        wishes::Wish,
    },
    geo::index::{After, Hit},
    graphql::{
        context,
        cursor::{Cursor, Question, distance_and_id, distance_key, foreign},
        enums::PlaceOrder,
        error::Result,
        page::{self, PageInfo},
        plain::{Plain, PlainList, in_memory},
    },
    store::View,
};

/// A page of places near somewhere.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PlaceNearConnection {
    /// The places, in the order that was asked for.
    edges: PlainList<PlaceNearEdge>,
    /// Where this page stands.
    page_info: Plain<PageInfo>,
}

in_memory!(
    struct PlaceNearConnection {
        edges: PlaceNearEdge,
        page_info: PageInfo,
    }
);

/// A place near somewhere.
pub(in crate::graphql) struct PlaceNearEdge {
    found: Arc<Found>,
    /// Which of those found.
    at: usize,
}

/// What the edges of an answer have in common.
struct Found {
    view: View,
    question: Question,
    near: Destination,
    wishes: Vec<Wish>,
    /// Each with where it stands in the order of freshness; none: that was not asked for.
    hits: Vec<(Option<Freshness>, Hit)>,
    /// Which of them fetch people at `near`: found out for all of them where it is asked of one.
    fetching: OnceLock<Vec<Truth>>,
}

impl PlaceNearEdge {
    fn hit(&self) -> &Hit {
        &self.found.hits[self.at].1
    }

    /// The key of a place in the order of freshness begins with that.
    fn cursor_of(&self) -> Cursor {
        let (freshness, hit) = &self.found.hits[self.at];
        let key = distance_key(hit.distance_km, hit.id);
        match freshness {
            None => self.found.question.cursor(&key),
            Some(freshness) => self.found.question.cursor(&[&[*freshness as u8], key.as_slice()].concat()),
        }
    }
}

/// A place near somewhere.
#[Object]
impl PlaceNearEdge {
    /// The cursor.
    async fn cursor(&self) -> Result<Cursor> {
        Ok(self.cursor_of())
    }

    /// The place.
    async fn node(&self) -> Result<Plain<Place>> {
        Ok(Plain(Place::new(&self.found.view, self.hit().ordinal)))
    }

    /// How far it is from `near` to the place's public point, km along the ellipsoid; the same for every viewer.
    async fn distance_km(&self) -> Result<f64> {
        Ok(self.hit().distance_km)
    }

    /// Whether the place's own vervoer fetches people at home at `near`; null: not known.
    async fn vervoer_reaches_you(&self) -> Result<Option<bool>> {
        let Found { view, near, hits, fetching, .. } = &*self.found;
        let fetching = fetching.get_or_init(|| view.vervoer_reaches(hits.iter().map(|(_, hit)| hit), near));
        Ok(fetching[self.at].known())
    }

    /// How far the wishes are met, 0 to 1: `MET` counts 1, `PARTLY_MET` a half, all else nothing, by weight; null
    /// without wishes.
    async fn wish_score(&self) -> Result<Option<f64>> {
        Ok(self.found.view.wish_score(self.hit().ordinal, &self.found.wishes))
    }
}

in_memory!(impl PlaceNearEdge { cursor, node: Place, distance_km, vervoer_reaches_you, wish_score });

impl PlaceNearConnection {
    /// Searches the map; `first` and `after` are as the client sent them. The places of a first page count as looked at.
    pub(in crate::graphql) fn search(
        ctx: &Context<'_>,
        asked: Asked,
        first: i32,
        after: Option<&String>,
    ) -> Result<Plain<Self>> {
        let view = context::view(ctx)?;
        let size = page::size(ctx, first)?;
        let Asked { near, radius_km, filter, wishes, order } = asked;
        let question = Question::new("placesNear", &(&near, radius_km, &filter, &wishes, order));
        let key = after.map(|cursor| question.key(cursor)).transpose()?;
        let mut search = Search { near, radius_km, filter, wishes, after: None, limit: size + 1 };
        let mut hits: Vec<(Option<Freshness>, Hit)> = match order {
            PlaceOrder::Nearest => {
                search.after = key.map(|key| standing(&key)).transpose()?;
                view.search(&search)?.into_iter().map(|hit| (None, hit)).collect()
            }
            PlaceOrder::FreshFirst => {
                let (from, after) = key.map(|key| standing_by_freshness(&key)).transpose()?.unzip();
                search.after = after;
                let hits = view.search_fresh_first(&search, from.unwrap_or(Freshness::Fresh))?;
                hits.into_iter().map(|(freshness, hit)| (Some(freshness), hit)).collect()
            }
        };
        let has_more = hits.len() > size;
        hits.truncate(size);
        view.read_ahead(hits.iter().map(|(_, hit)| hit.ordinal));
        if after.is_none() {
            context::store(ctx)?.looked(view, hits.iter().map(|(_, hit)| PlaceId(Uuid::from_u128(hit.id))));
        }
        let Search { near, wishes, .. } = search;
        let found = Found { view: view.clone(), question, near, wishes, hits, fetching: OnceLock::new() };
        let found = Arc::new(found);
        let edge = |at| PlaceNearEdge { found: Arc::clone(&found), at };
        let edges: Vec<PlaceNearEdge> = (0..found.hits.len()).map(edge).collect();
        let ends = edges.first().zip(edges.last()).map(|(first, last)| [first.cursor_of(), last.cursor_of()]);
        let ends: Vec<&Cursor> = ends.iter().flatten().collect();
        let page_info = Plain(PageInfo::new(&ends, has_more, after));
        Ok(Plain(Self { edges: PlainList(edges), page_info }))
    }
}

/// What was asked, page aside.
pub(in crate::graphql) struct Asked {
    /// Where to search from.
    pub(in crate::graphql) near: Destination,
    /// The greatest distance, km.
    pub(in crate::graphql) radius_km: Option<f64>,
    /// What a place must have.
    pub(in crate::graphql) filter: Filter,
    /// What is hoped for.
    pub(in crate::graphql) wishes: Vec<Wish>,
    /// In which order.
    pub(in crate::graphql) order: PlaceOrder,
}

fn standing(key: &[u8]) -> Result<After> {
    distance_and_id(key).map(|(distance_km, id)| After { distance_km, id })
}

/// A key in the order of freshness, then distance, then id.
fn standing_by_freshness(key: &[u8]) -> Result<(Freshness, After)> {
    let known = key.split_first().and_then(|(first, rest)| Some((*Freshness::ALL.get(usize::from(*first))?, rest)));
    let (freshness, rest) = known.ok_or_else(foreign)?;
    Ok((freshness, standing(rest)?))
}
