//! Deciding and answering reviews.

use entity::review::{self, Column};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use serde_json::json;

use super::{
    super::{
        Saved, create,
        edit::{Failed, ProfileError, refused, unreadable},
        find, held, save, stated,
    },
    AnswerReview, DecideReview, Decision, OPEN, ReviewAnswer, Reviewed, object, parent_of,
};
use crate::{
    auth::{Denied, Scope},
    care::{
        id::ReviewId,
        profile::{
            Difference, Object, Profile,
            stated::{Refusal, StatedError, Statement},
            waits,
        },
        vocabulary::ReviewStatus,
    },
    store::write::{Author, Done, Write, WriteError},
};

impl Write for DecideReview {
    const NAME: &'static str = "decideReview";
    type Answer = Reviewed;
    type Refusal = ProfileError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.decide_reviews()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Reviewed>, Failed> {
        let row = taken(tx, self.id).await?;
        open(&row, self.expected_version)?;
        if self.decision == Decision::AskBack && row.status == ReviewStatus::AskedBack {
            return Err(WriteError::Refused(ProfileError::AskedBack));
        }
        let status = match self.decision {
            Decision::Approve => ReviewStatus::Accepted,
            Decision::Reject => ReviewStatus::Rejected,
            Decision::AskBack => ReviewStatus::AskedBack,
        };
        review::Entity::update_many()
            .col_expr(Column::Status, Expr::value(status))
            .col_expr(Column::Reason, Expr::value(self.reason.clone()))
            .col_expr(Column::DecidedAt, Expr::value(by.now))
            .col_expr(Column::DecidedBy, Expr::value(by.name.as_str()))
            .filter(Column::Id.eq(self.id))
            .exec(tx)
            .await?;
        let mut objects = vec![object(self.id)];
        let mut changes = Vec::new();
        if self.decision == Decision::Approve
            && let Some(saved) = approve(tx, row, by).await?
        {
            objects.push(saved.object);
            changes.push(saved.change);
        }
        Ok(Done { changes, ..Done::updated(Reviewed { id: self.id }, objects) })
    }
}

impl Write for AnswerReview {
    const NAME: &'static str = "answerReview";
    type Answer = Reviewed;
    type Refusal = ProfileError;

    fn purpose(&self) -> &'static str {
        match self.answer {
            ReviewAnswer::Again { .. } => Self::NAME,
            ReviewAnswer::TakeBack => "takeBackReview",
        }
    }

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.answer_reviews().map(drop)
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Reviewed>, Failed> {
        let row = taken(tx, self.id).await?;
        by.scope.change_place_of(row.provider_id)?;
        open(&row, self.expected_version)?;
        let mut update = review::Entity::update_many().filter(Column::Id.eq(self.id));
        match &self.answer {
            ReviewAnswer::TakeBack => {
                update = update.col_expr(Column::Status, Expr::value(ReviewStatus::TakenBack));
            }
            ReviewAnswer::Again { statement, note } => {
                let (fields, gemeente) = again(tx, row, statement).await?;
                update = update
                    .col_expr(Column::Status, Expr::value(ReviewStatus::Waiting))
                    .col_expr(Column::Fields, Expr::value(json!(fields)))
                    .col_expr(Column::GemeenteCode, Expr::value(gemeente))
                    .col_expr(Column::Note, Expr::value(note.clone()))
                    .col_expr(Column::ProposedAt, Expr::value(by.now))
                    .col_expr(Column::ProposedBy, Expr::value(by.name.as_str()));
            }
        }
        update.exec(tx).await?;
        Ok(Done::updated(Reviewed { id: self.id }, vec![object(self.id)]))
    }
}

/// Takes a review for this transaction: its version is one higher in what is answered, and in the row.
async fn taken(tx: &DatabaseTransaction, id: ReviewId) -> Result<review::Model, Failed> {
    review::Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    review::Entity::find_by_id(id).one(tx).await?.ok_or(WriteError::Unknown)
}

/// Whether a review that was taken is still to be decided, and as it was seen.
fn open(row: &review::Model, expected: i32) -> Result<(), Failed> {
    if !OPEN.contains(&row.status) {
        return Err(WriteError::Refused(ProfileError::Decided));
    }
    let before = row.version - 1;
    if expected == before { Ok(()) } else { Err(WriteError::Conflict { version: before }) }
}

fn differences(row: &review::Model) -> Result<Vec<Difference>, Failed> {
    Ok(serde_json::from_value(row.fields.clone()).map_err(|_| unreadable())?)
}

fn proposed(fields: Vec<Difference>) -> Statement {
    Statement(fields.into_iter().map(|one| (one.field, one.to)).collect())
}

/// Makes live what was proposed.
async fn approve(tx: &DatabaseTransaction, row: review::Model, by: &Author<'_>) -> Result<Option<Saved>, Failed> {
    let object = Object::of(row.object_type, row.object_id);
    let fields = differences(&row)?;
    if let Some(parent) = parent_of(&row) {
        if !held(tx, parent).await?.is_some_and(|parent| parent.on_map) {
            return Err(WriteError::Refused(ProfileError::Parent));
        }
        let profile = stated(tx, row.object_type, None, &proposed(fields)).await.map_err(refused)?;
        return Ok(Some(create(tx, object, Some(parent), row.provider_id, &profile, by).await?));
    }
    let live = held(tx, object).await?.filter(|row| row.on_map);
    let live = live.ok_or(WriteError::Refused(ProfileError::Parent))?;
    let outdated = fields.iter().filter(|one| live.profile.value(one.field) != one.from);
    let outdated: Vec<_> = outdated.map(|one| one.field).collect();
    if !outdated.is_empty() {
        return Err(WriteError::Refused(ProfileError::Outdated(outdated)));
    }
    let next = live.profile.with(fields.into_iter().map(|one| (one.field, one.to))).map_err(|_| unreadable())?;
    // Other fields may have changed: together they must still be possible.
    let next = stated(tx, row.object_type, Some(&next), &Statement::default()).await.map_err(refused)?;
    save(tx, &live, &next, by).await.map_err(refused)
}

/// What is proposed now that the provider states something else of it, against what is live now; and where.
async fn again(
    tx: &DatabaseTransaction,
    row: review::Model,
    statement: &Statement,
) -> Result<(Vec<Difference>, String), Failed> {
    let object = Object::of(row.object_type, row.object_id);
    let before = differences(&row)?;
    let (live, base) = if parent_of(&row).is_some() {
        (None, stated(tx, row.object_type, None, &proposed(before)).await.map_err(refused)?)
    } else {
        if let Some(field) = statement.0.keys().find(|field| !waits(**field)) {
            let refusal = Refusal(*field, StatedError::Live);
            return Err(WriteError::Refused(ProfileError::Field(refusal)));
        }
        let live = find(tx, object).await?.ok_or(WriteError::Unknown)?.profile;
        let base = live.with(before.into_iter().map(|one| (one.field, one.to))).map_err(|_| unreadable())?;
        (Some(live), base)
    };
    let next = stated(tx, row.object_type, Some(&base), statement).await.map_err(refused)?;
    let fields = Profile::differences(live.as_ref(), &next);
    if fields.is_empty() {
        return Err(WriteError::Refused(ProfileError::Nothing));
    }
    let gemeente = match &next {
        Profile::Location(location) if live.is_none() => location.gemeente.clone(),
        _ => row.gemeente_code,
    };
    Ok((fields, gemeente))
}
