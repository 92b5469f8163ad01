//! Rows of passports and what hangs on them.

use chrono::{NaiveDate, TimeDelta};
use entity::{passport, passport_activation, passport_application, passport_care_form, session};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::{
    super::{
        super::{
            error::StoreError,
            write::{Author, WriteError},
        },
        record::by_number,
    },
    Code, Failed,
};
use crate::{
    care::{
        id::{ApplicationId, PassportId},
        passport::{Decision, rules::DecisionError},
        vocabulary::CareForm,
    },
    secret,
};

/// How long an activation code is good.
const CODE_DAYS: i64 = 30;

pub(super) fn refused(error: DecisionError) -> Failed {
    WriteError::Refused(error.into())
}

fn no_secret(_: secret::NoSecret) -> StoreError {
    StoreError::Corrupt("the system gives no random numbers".into())
}

/// A number that nobody can guess from others.
pub(super) fn number() -> Result<String, StoreError> {
    Ok(format!("ZP-{}", secret::readable().map_err(no_secret)?))
}

/// Takes the row of a number for this transaction, and raises its version.
pub(super) async fn taken(
    tx: &DatabaseTransaction,
    number: &str,
    expected: Option<i32>,
    by: &Author<'_>,
) -> Result<passport::Model, Failed> {
    passport::Entity::update_many()
        .col_expr(passport::Column::Version, Expr::col(passport::Column::Version).add(1))
        .col_expr(passport::Column::UpdatedAt, Expr::value(by.now))
        .col_expr(passport::Column::UpdatedBy, Expr::value(by.name.as_str()))
        .filter(passport::Column::Number.eq(number))
        .exec(tx)
        .await?;
    let row = by_number(tx, number).await?.ok_or(WriteError::Unknown)?;
    let before = row.version - 1;
    if expected.is_some_and(|expected| expected != before) {
        return Err(WriteError::Conflict { version: before });
    }
    Ok(row)
}

/// Whether a passport, or the card of which it is the new one, was assessed again.
pub(super) async fn was_reassessed(tx: &DatabaseTransaction, row: &passport::Model) -> Result<bool, StoreError> {
    let mut cards = vec![row.id];
    let mut card = row.clone();
    while card.reissue
        && let Some(before) = card.replaces_id
        && let Some(older) = passport::Entity::find_by_id(before).one(tx).await?
    {
        cards.push(older.id);
        card = older;
    }
    let found = passport_application::Entity::find()
        .filter(passport_application::Column::PassportId.is_in(cards))
        .filter(passport_application::Column::Reassessment.eq(true))
        .count(tx)
        .await?;
    Ok(found > 0)
}

/// A passport that follows on another, of the same person.
pub(super) fn follower(old: &passport::Model, by: &Author<'_>) -> Result<passport::Model, StoreError> {
    Ok(passport::Model {
        id: PassportId(Uuid::now_v7()),
        number: number()?,
        replaces_id: Some(old.id),
        version: 1,
        updated_at: by.now,
        updated_by: by.name.clone(),
        ..old.clone()
    })
}

pub(super) async fn care_forms(tx: &DatabaseTransaction, id: PassportId) -> Result<Vec<CareForm>, StoreError> {
    let rows = passport_care_form::Entity::find().filter(passport_care_form::Column::PassportId.eq(id)).all(tx).await?;
    Ok(rows.into_iter().map(|row| row.care_form).collect())
}

pub(super) async fn insert(
    tx: &DatabaseTransaction,
    row: passport::Model,
    care_forms: &[CareForm],
) -> Result<(), StoreError> {
    let passport_id = row.id;
    passport::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    for care_form in care_forms {
        let row = passport_care_form::Model { passport_id, care_form: *care_form };
        passport_care_form::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn decided(
    tx: &DatabaseTransaction,
    applied_on: NaiveDate,
    decision: &Decision,
    passport_id: Option<PassportId>,
    reassessment: bool,
) -> Result<(), StoreError> {
    let [first, second] = decision.experts.clone();
    let row = passport_application::Model {
        id: ApplicationId(Uuid::now_v7()),
        applied_on,
        decided_on: Some(decision.on),
        outcome: Some(decision.outcome),
        passport_id,
        reassessment,
        first_expert: Some(first),
        second_expert: Some(second),
    };
    passport_application::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Ends a passport now: its number is dead, and whoever is signed in with it is signed out.
pub(super) async fn end(
    tx: &DatabaseTransaction,
    row: passport::Model,
    reason: &str,
    by: &Author<'_>,
) -> Result<(), StoreError> {
    let id = row.id;
    let mut row = row.into_active_model();
    row.revoked_at = Set(Some(by.now));
    row.revoked_reason = Set(Some(reason.into()));
    row.update(tx).await?;
    passport_activation::Entity::delete_by_id(id).exec(tx).await?;
    sign_out_all(tx, id, by).await
}

pub(super) async fn sign_out_all(tx: &DatabaseTransaction, id: PassportId, by: &Author<'_>) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(by.now))
        .filter(session::Column::PassportId.eq(id))
        .filter(session::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Makes a code for a passport; the one before is dead.
pub(super) async fn new_code(tx: &DatabaseTransaction, id: PassportId, by: &Author<'_>) -> Result<Code, StoreError> {
    use passport_activation::Column;

    let text = secret::readable().map_err(no_secret)?;
    let expires_at = by.now + TimeDelta::days(CODE_DAYS);
    let row = passport_activation::Model {
        passport_id: id,
        code_hash: secret::slow_hash(&secret::as_made(&text)).map_err(no_secret)?,
        expires_at,
        tries: 0,
        used_at: None,
    };
    let replace = OnConflict::column(Column::PassportId)
        .update_columns([Column::CodeHash, Column::ExpiresAt, Column::Tries, Column::UsedAt])
        .to_owned();
    passport_activation::Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(tx)
        .await?;
    Ok(Code { text, expires_at })
}
