//! What providers propose to change on the map, and what the kenniscentrum decides.

mod apply;

use chrono::{DateTime, Utc};
use entity::review::{self, Column};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        Store, View,
        audit::{Access, Event, Reading},
        error::StoreError,
        write::{Author, Request, WriteError},
    },
    edit::{Failed, ProfileError, unreadable},
    find,
};
use crate::{
    auth::Denied,
    care::{
        id::{ProviderId, ReviewId},
        profile::{Difference, Object, stated::Statement},
        vocabulary::ReviewStatus,
    },
};

/// How many changes of one provider may wait for review.
pub(super) const MOST_OPEN: u64 = 200;
/// Where something is still to be decided.
pub(super) const OPEN: [ReviewStatus; 2] = [ReviewStatus::Waiting, ReviewStatus::AskedBack];

/// What the kenniscentrum decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Decision {
    /// It is live from now on.
    Approve,
    /// It is not.
    Reject,
    /// The provider is asked about it.
    AskBack,
}

/// A decision about a review.
#[derive(Clone, Debug, Serialize)]
pub struct DecideReview {
    /// Which.
    pub id: ReviewId,
    /// The version of it that was seen.
    pub expected_version: i32,
    /// What.
    pub decision: Decision,
    /// Why.
    pub reason: Option<String>,
}

/// What the provider says then.
#[derive(Clone, Debug, Serialize)]
pub enum ReviewAnswer {
    /// It proposes something else, or the same with another note.
    Again {
        /// What is stated instead.
        statement: Statement,
        /// For the kenniscentrum.
        note: Option<String>,
    },
    /// It proposes nothing any more.
    TakeBack,
}

/// An answer of a provider.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerReview {
    /// Which.
    pub id: ReviewId,
    /// The version of it that was seen.
    pub expected_version: i32,
    /// What it says.
    pub answer: ReviewAnswer,
}

/// The review that was decided or answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Which.
    pub id: ReviewId,
}

/// A field that waits, or has waited.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewField {
    /// What it held and would hold: while it waits, what it holds now.
    pub difference: Difference,
    /// Whether it holds something else by now than when this was proposed.
    pub changed_since: bool,
}

/// Something that waits for review, or has waited.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// Whose staff proposed it.
    pub provider: ProviderId,
    /// The object.
    pub object: Object,
    /// What it hangs on, where it is new; none: it was there.
    pub parent: Option<Object>,
    /// What would change, or has.
    pub fields: Vec<ReviewField>,
    /// What the provider says of it.
    pub note: Option<String>,
    /// What has become of it.
    pub status: ReviewStatus,
    /// Why.
    pub reason: Option<String>,
    /// When it was proposed, or last answered.
    pub proposed_at: DateTime<Utc>,
    /// When it was decided, or asked back.
    pub decided_at: Option<DateTime<Utc>>,
    /// One more with every decision and answer.
    pub version: i32,
}

/// Which reviews.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReviewQuery {
    /// Only those of this provider.
    pub provider: Option<ProviderId>,
    /// Only those in these gemeenten.
    pub gemeenten: Option<Vec<String>>,
    /// Only those of this status.
    pub status: Option<ReviewStatus>,
    /// Only this one.
    pub id: Option<ReviewId>,
    /// Only what comes after this one.
    pub after: Option<ReviewId>,
    /// How many to answer at most.
    pub limit: usize,
}

/// A page of reviews.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewPage {
    /// The reviews, the oldest first.
    pub reviews: Vec<Review>,
    /// Whether there are more.
    pub has_more: bool,
}

/// What is proposed.
pub(super) struct New {
    pub(super) object: Object,
    pub(super) parent: Option<Object>,
    pub(super) gemeente: String,
    pub(super) fields: Vec<Difference>,
    pub(super) note: Option<String>,
}

impl Store {
    /// Decides a review; what is approved is live at once.
    ///
    /// # Errors
    /// When the requester may not, it has another version or was decided before, or what is live has changed since.
    pub async fn decide_review(&self, request: Request<'_>, asked: &DecideReview) -> Result<Reviewed, Failed> {
        self.write(request, asked).await
    }

    /// Answers a review, or takes back what was proposed.
    ///
    /// # Errors
    /// When the requester may not, it has another version or was decided before, or it cannot be so.
    pub async fn answer_review(&self, request: Request<'_>, asked: &AnswerReview) -> Result<Reviewed, Failed> {
        self.write(request, asked).await
    }

    /// The reviews that the requester may see, the oldest first: a provider's own, or all; the search is recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may see none of them; `Err(_)` when the database does not answer or the search
    /// cannot be recorded.
    pub async fn reviews(
        &self,
        view: &View,
        access: &Access,
        query: &ReviewQuery,
    ) -> Result<Result<ReviewPage, Denied>, StoreError> {
        let own = match (view.scope().see_proposals(), query.provider) {
            (Ok(Some(own)), Some(asked)) if own != asked => Err(Denied::OwnOnly),
            (seen, _) => seen,
        };
        let provider = match own {
            Ok(own) => own.or(query.provider),
            Err(denied) => return Ok(Err(self.deny(view, access, "reviewQueue", denied).await)),
        };
        let search = async {
            let reading = Reading::begin(&self.database).await?;
            let mut select = review::Entity::find();
            if let Some(provider) = provider {
                select = select.filter(Column::ProviderId.eq(provider));
            }
            if let Some(gemeenten) = &query.gemeenten {
                select = select.filter(Column::GemeenteCode.is_in(gemeenten.iter().map(String::as_str)));
            }
            if let Some(status) = query.status {
                select = select.filter(Column::Status.eq(status));
            }
            if let Some(id) = query.id {
                select = select.filter(Column::Id.eq(id));
            }
            if let Some(after) = query.after {
                select = select.filter(Column::Id.gt(after));
            }
            // Ids are in the order of time, and of the same bytes in both databases.
            let rows = select.order_by_asc(Column::Id).limit(query.limit as u64 + 1).all(&reading.tx).await?;
            let has_more = rows.len() > query.limit;
            let mut reviews = Vec::new();
            for row in rows.into_iter().take(query.limit) {
                reviews.push(review(&reading.tx, row).await?);
            }
            let objects = reviews.iter().map(|one| object(one.id)).collect();
            let event = Event { kind: "search", ..Event::read(view, access, &self.replica, "reviewQueue") };
            reading.end(&event, objects).await?;
            Ok::<_, StoreError>(ReviewPage { reviews, has_more })
        };
        let _turn = self.turn().await?;
        self.database.within(Box::pin(search)).await.map(Ok)
    }
}

/// A review, as the audit trail names it.
pub(super) fn object(id: ReviewId) -> Value {
    json!({ "type": "review", "id": id.0.simple().to_string(), "fields": ["*"] })
}

/// Keeps what waits for review.
pub(super) async fn propose(
    tx: &DatabaseTransaction,
    provider: ProviderId,
    new: New,
    by: &Author<'_>,
) -> Result<ReviewId, Failed> {
    let id = ReviewId(Uuid::now_v7());
    let row = review::Model {
        id,
        provider_id: provider,
        object_type: new.object.kind(),
        object_id: new.object.id(),
        parent_id: new.parent.map(Object::id),
        gemeente_code: new.gemeente,
        fields: json!(new.fields),
        note: new.note,
        status: ReviewStatus::Waiting,
        reason: None,
        proposed_at: by.now,
        proposed_by: by.name.clone(),
        decided_at: None,
        decided_by: None,
        version: 1,
    };
    review::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let open =
        review::Entity::find().filter(Column::ProviderId.eq(provider)).filter(Column::Status.is_in(OPEN)).count(tx);
    if open.await? > MOST_OPEN {
        return Err(WriteError::Refused(ProfileError::TooMany));
    }
    Ok(id)
}

/// What a new object of a review hangs on.
fn parent_of(row: &review::Model) -> Option<Object> {
    use crate::care::vocabulary::MapObject;
    let kind = match row.object_type {
        MapObject::Provider => return None,
        MapObject::Location => MapObject::Provider,
        MapObject::CareGroup => MapObject::Location,
        MapObject::Place => MapObject::CareGroup,
    };
    row.parent_id.map(|id| Object::of(kind, id))
}

async fn review(tx: &DatabaseTransaction, row: review::Model) -> Result<Review, StoreError> {
    let object = Object::of(row.object_type, row.object_id);
    let parent = parent_of(&row);
    let fields: Vec<Difference> = serde_json::from_value(row.fields).map_err(|_| unreadable())?;
    let live = match (OPEN.contains(&row.status), parent) {
        (true, None) => find(tx, object).await?,
        _ => None,
    };
    let fields = fields.into_iter().map(|one| match &live {
        Some(live) => {
            let from = live.profile.value(one.field);
            ReviewField { changed_since: from != one.from, difference: Difference { from, ..one } }
        }
        None => ReviewField { difference: one, changed_since: false },
    });
    Ok(Review {
        id: row.id,
        provider: row.provider_id,
        object,
        parent,
        fields: fields.collect(),
        note: row.note,
        status: row.status,
        reason: row.reason,
        proposed_at: row.proposed_at,
        decided_at: row.decided_at,
        version: row.version,
    })
}
