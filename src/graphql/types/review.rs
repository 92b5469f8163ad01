//! Changes of the map that wait for the kenniscentrum, or have waited.

use async_graphql::{Context, SimpleObject};

use super::map_history::words;
use crate::{
    care::{id::ReviewId, vocabulary},
    graphql::{
        context,
        cursor::{Cursor, Question},
        enums::{MapField, MapObject, ReviewStatus},
        error::Result,
        id::{GlobalId, NodeId},
        page::{self, PageInfo},
        scalars::Instant,
    },
    store::{self, ProfileChanged, ReviewQuery},
};

/// A change of the map that a provider proposes.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Review {
    /// Its id.
    id: NodeId,
    /// Grows with every decision and answer; see `expectedVersion` of `decideReview` and `answerReview`.
    version: i32,
    /// The provider whose staff proposed it.
    provider: NodeId,
    /// What kind of object it is about.
    object: MapObject,
    /// The id of the object; of a new one the id that it gets when it is accepted.
    object_id: NodeId,
    /// What a new object hangs on, which has to be on the map before it; null: the object is there.
    parent: Option<NodeId>,
    /// What would change, or has: of a new object all that is stated.
    fields: Vec<ReviewField>,
    /// What the provider says of it; null: nothing.
    note: Option<String>,
    /// What has become of it.
    status: ReviewStatus,
    /// Why, or what is asked; null: nothing yet.
    reason: Option<String>,
    /// When it was proposed, or last answered.
    proposed_at: Instant,
    /// When it was decided, or asked back; null: not yet.
    decided_at: Option<Instant>,
}

/// A field that would change, or has.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ReviewField {
    /// Which.
    field: MapField,
    /// What is live: now, while the review is open; when it was proposed, after that. Null: nothing.
    from: Option<String>,
    /// What is proposed; null: nothing.
    to: Option<String>,
    /// Whether something else is live by now than when this was proposed: it cannot be approved as it is.
    changed_since: bool,
}

impl From<store::Review> for Review {
    fn from(review: store::Review) -> Self {
        let field = |one: store::ReviewField| ReviewField {
            field: one.difference.field.into(),
            from: words(&one.difference.from),
            to: words(&one.difference.to),
            changed_since: one.changed_since,
        };
        Self {
            id: GlobalId::Review(review.id).into(),
            version: review.version,
            provider: GlobalId::Provider(review.provider).into(),
            object: review.object.kind().into(),
            object_id: GlobalId::from(review.object).into(),
            parent: review.parent.map(|parent| GlobalId::from(parent).into()),
            fields: review.fields.into_iter().map(field).collect(),
            note: review.note,
            status: review.status.into(),
            reason: review.reason,
            proposed_at: review.proposed_at.into(),
            decided_at: review.decided_at.map(Into::into),
        }
    }
}

/// A page of reviews.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ReviewConnection {
    /// The reviews with their cursors, the oldest first.
    edges: Vec<ReviewEdge>,
    /// Where this page stands.
    page_info: PageInfo,
}

/// A review with its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ReviewEdge {
    /// The cursor.
    cursor: Cursor,
    /// The review.
    node: Review,
}

/// The reviews of a provider, in a region, of a status.
pub(in crate::graphql) async fn review_queue(
    ctx: &Context<'_>,
    provider: Option<crate::care::id::ProviderId>,
    region: Option<String>,
    status: Option<vocabulary::ReviewStatus>,
    first: i32,
    after: Option<&String>,
) -> Result<Option<ReviewConnection>> {
    let (view, access) = (context::view(ctx)?, context::access(ctx)?);
    let question = Question::new("reviewQueue", &(provider, &region, status));
    let limit = page::size(ctx, first)?;
    let after_id: Option<ReviewId> = after.map(|cursor| question.place(cursor)).transpose()?;
    let gemeenten = region.map(|region| {
        let all = view.reference().gemeenten.values().filter(|gemeente| gemeente.region_code == region);
        all.map(|gemeente| gemeente.code.clone()).collect()
    });
    let query = ReviewQuery { provider, gemeenten, status, id: None, after: after_id, limit };
    let page = context::store(ctx)?.reviews(view, access, &query).await??;
    let edge = |review: store::Review| Ok(ReviewEdge { cursor: question.cursor_at(&review.id)?, node: review.into() });
    let edges = page.reviews.into_iter().map(edge).collect::<Result<Vec<_>>>()?;
    let cursors: Vec<&Cursor> = edges.iter().map(|edge| &edge.cursor).collect();
    let page_info = PageInfo::new(&cursors, page.has_more, after);
    Ok(Some(ReviewConnection { edges, page_info }))
}

/// The review that was decided or answered.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ReviewPayload {
    /// The review.
    review: Review,
}

impl ReviewPayload {
    /// Reads the review with an id, as the requester may see it.
    pub(in crate::graphql) async fn find(ctx: &Context<'_>, id: ReviewId) -> Result<Option<Self>> {
        Ok(one(ctx, id).await?.map(|review| Self { review }))
    }
}

async fn one(ctx: &Context<'_>, id: ReviewId) -> Result<Option<Review>> {
    let query = ReviewQuery { id: Some(id), limit: 1, ..ReviewQuery::default() };
    let (view, access) = (context::view(ctx)?, context::access(ctx)?);
    let mut page = context::store(ctx)?.reviews(view, access, &query).await??;
    Ok(page.reviews.pop().map(Into::into))
}

/// What came of a change of the map: what is live, and what waits.
#[derive(SimpleObject)]
pub(in crate::graphql) struct MapChangePayload {
    /// What kind of object it is about.
    object: MapObject,
    /// The id of the object; of one that waits as a whole the id that it gets when it is accepted.
    id: NodeId,
    /// The version that it has now; null: it waits as a whole.
    version: Option<i32>,
    /// What is live.
    live: Vec<MapField>,
    /// What waits for the kenniscentrum.
    waiting: Vec<MapField>,
    /// What waits, as the kenniscentrum gets it; null: nothing does.
    review: Option<Review>,
}

impl MapChangePayload {
    /// The answer of a change.
    pub(in crate::graphql) async fn new(ctx: &Context<'_>, done: ProfileChanged) -> Result<Option<Self>> {
        let review = match done.review {
            Some(id) => one(ctx, id).await?,
            None => None,
        };
        Ok(Some(Self {
            object: done.object.kind().into(),
            id: GlobalId::from(done.object).into(),
            version: done.version,
            live: done.live.into_iter().map(Into::into).collect(),
            waiting: done.waiting.into_iter().map(Into::into).collect(),
            review,
        }))
    }
}
