//! What the kenniscentrum does with passports: issue, assess again, revoke, replace a lost card, hand over.

use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::{passport, passport_activation, passport_application, passport_care_form, session};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    super::{
        Store,
        error::StoreError,
        write::{Author, Done, Request, Write, WriteError},
    },
    record::{by_number, object},
};
use crate::{
    care::{
        calendar::dutch_date,
        id::{ApplicationId, PassportId},
        passport::{
            Decision, Passport,
            rules::{
                DecisionError, Followed, PassportError, ReassessError, check_age, check_decision, check_valid,
                last_day, reassess,
            },
        },
        postcode::Pc4,
        vocabulary::{CareForm, PassportOutcome},
    },
    secret,
};

/// How long an activation code is good.
const CODE_DAYS: i64 = 30;
const LOST: &str = "Pas als verloren gemeld";
const ENDED: &str = "Herbeoordeling: geen ZEVMB";

/// Why something is not done with a passport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepError {
    /// Because of the decision.
    Decision(DecisionError),
    /// Because of the passport.
    Passport(PassportError),
}

impl From<DecisionError> for KeepError {
    fn from(error: DecisionError) -> Self {
        Self::Decision(error)
    }
}

impl From<PassportError> for KeepError {
    fn from(error: PassportError) -> Self {
        Self::Passport(error)
    }
}

impl From<ReassessError> for KeepError {
    fn from(error: ReassessError) -> Self {
        match error {
            ReassessError::Passport(error) => Self::Passport(error),
            ReassessError::Decision(error) => Self::Decision(error),
        }
    }
}

type Failed = WriteError<KeepError>;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The number of the passport that there is now; none: no passport.
    pub number: Option<String>,
    /// The code with which it is activated. Shown once, so a second try does not have it.
    #[serde(skip)]
    pub code: Option<Code>,
}

/// A one-time activation code.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// What the holder types.
    pub text: String,
    /// Until when it is good.
    pub expires_at: chrono::DateTime<chrono::Utc>,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(..)")
    }
}

/// The decision about an application.
#[derive(Clone, Debug, Serialize)]
pub struct Issue {
    /// When it came in.
    pub applied_on: NaiveDate,
    /// What was decided.
    pub decision: Decision,
    /// For whom, where a passport follows.
    pub person: Option<Person>,
}

/// Whom a passport is for: checked, and kept without the birth date.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    /// The birth date.
    pub birth: NaiveDate,
    /// Where the person lives.
    pub home_pc4: Pc4,
    /// What care the family seeks.
    pub care_forms: Vec<CareForm>,
}

/// The one re-assessment of a passport.
#[derive(Clone, Debug, Serialize)]
pub struct Reassess {
    /// Its number.
    pub number: String,
    /// When it was asked for.
    pub applied_on: NaiveDate,
    /// What was decided.
    pub decision: Decision,
    /// The version that this follows on.
    pub expected_version: Option<i32>,
}

/// What is done with a card.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    /// Its number.
    pub number: String,
    /// The version that this follows on.
    pub expected_version: Option<i32>,
    /// What.
    pub what: CardChange,
}

/// What is done with a card.
#[derive(Clone, Debug, Serialize)]
pub enum CardChange {
    /// It ends, for a reason.
    Revoke(String),
    /// It is lost: another one, and the old number is dead at once.
    Reissue,
    /// Somebody else represents the person: those who are signed in are signed out, and a new code is made.
    HandOver,
    /// Another code, since the first was lost or used; nobody is signed out.
    NewCode,
}

impl Store {
    /// Records the decision about an application, and issues the passport that follows.
    ///
    /// # Errors
    /// When the requester may not, or the decision cannot be.
    pub async fn issue_passport(&self, request: Request<'_>, issue: &Issue) -> Result<Kept, Failed> {
        request.view.scope().keep_passports()?;
        self.write(request, issue).await
    }

    /// Records the one re-assessment of a passport, with what follows.
    ///
    /// # Errors
    /// When the requester may not, or it cannot be.
    pub async fn reassess_passport(&self, request: Request<'_>, asked: &Reassess) -> Result<Kept, Failed> {
        request.view.scope().keep_passports()?;
        self.write(request, asked).await
    }

    /// Does something with a card.
    ///
    /// # Errors
    /// When the requester may not, or it cannot be.
    pub async fn change_card(&self, request: Request<'_>, asked: &Card) -> Result<Kept, Failed> {
        request.view.scope().keep_passports()?;
        self.write(request, asked).await
    }
}

impl Write for Issue {
    const NAME: &'static str = "issuePassport";
    type Answer = Kept;
    type Refusal = KeepError;

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Kept>, Failed> {
        by.scope.keep_passports()?;
        let today = dutch_date(by.now);
        check_decision(&self.decision, self.applied_on, today).map_err(refused)?;
        let outcome = self.decision.outcome;
        let issued = match &self.person {
            Some(person) if outcome != PassportOutcome::GeenZevmb => {
                check_age(outcome, person.birth, today).map_err(refused)?;
                let row = passport::Model {
                    id: PassportId(Uuid::now_v7()),
                    number: number()?,
                    outcome,
                    valid_from: today,
                    valid_until: last_day(outcome, today),
                    home_pc4: person.home_pc4.to_string(),
                    birth_year: person.birth.year(),
                    revoked_at: None,
                    revoked_reason: None,
                    replaces_id: None,
                    reissue: false,
                    version: 1,
                    updated_at: by.now,
                    updated_by: by.name.clone(),
                };
                insert(tx, row.clone(), &person.care_forms).await?;
                Some(row)
            }
            _ => None,
        };
        decided(tx, self.applied_on, &self.decision, issued.as_ref().map(|row| row.id), false).await?;
        let code = match &issued {
            Some(row) => Some(new_code(tx, row.id, by).await?),
            None => None,
        };
        let objects = issued.iter().map(|row| object(row.id)).collect();
        Ok(Done::created(Kept { number: issued.map(|row| row.number), code }, objects))
    }
}

impl Write for Reassess {
    const NAME: &'static str = "reassessPassport";
    type Answer = Kept;
    type Refusal = KeepError;

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Kept>, Failed> {
        by.scope.keep_passports()?;
        let today = dutch_date(by.now);
        let old = taken(tx, &self.number, self.expected_version, by).await?;
        check_decision(&self.decision, self.applied_on, today).map_err(refused)?;
        let again = was_reassessed(tx, &old).await?;
        let followed = reassess(&Passport::from(old.clone()), again, self.decision.outcome, today);
        decided(tx, self.applied_on, &self.decision, Some(old.id), true).await?;
        let mut objects = vec![object(old.id)];
        let kept = match followed.map_err(|error| WriteError::Refused(error.into()))? {
            Followed::Ended => {
                end(tx, old, ENDED, by).await?;
                Kept { number: None, code: None }
            }
            Followed::ForLife(valid_from) => {
                let new = passport::Model {
                    outcome: PassportOutcome::Zevmb,
                    valid_from,
                    valid_until: None,
                    reissue: false,
                    ..follower(&old, by)?
                };
                let care_forms = care_forms(tx, old.id).await?;
                insert(tx, new.clone(), &care_forms).await?;
                objects.push(object(new.id));
                Kept { code: Some(new_code(tx, new.id, by).await?), number: Some(new.number) }
            }
        };
        Ok(Done::updated(kept, objects))
    }
}

impl Write for Card {
    const NAME: &'static str = "changePassport";
    type Answer = Kept;
    type Refusal = KeepError;

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Kept>, Failed> {
        by.scope.keep_passports()?;
        let row = taken(tx, &self.number, self.expected_version, by).await?;
        let id = row.id;
        let status = Passport::from(row.clone()).status(by.now);
        let mut objects = vec![object(id)];
        let kept = match &self.what {
            CardChange::Revoke(reason) => {
                if row.revoked_at.is_some() {
                    return Err(WriteError::Refused(PassportError::Revoked.into()));
                }
                end(tx, row, reason, by).await?;
                Kept { number: Some(self.number.clone()), code: None }
            }
            CardChange::Reissue => {
                check_valid(status).map_err(|error| WriteError::Refused(error.into()))?;
                let new = passport::Model { valid_from: dutch_date(by.now), reissue: true, ..follower(&row, by)? };
                let care_forms = care_forms(tx, id).await?;
                end(tx, row, LOST, by).await?;
                insert(tx, new.clone(), &care_forms).await?;
                objects.push(object(new.id));
                Kept { code: Some(new_code(tx, new.id, by).await?), number: Some(new.number) }
            }
            CardChange::HandOver => {
                check_valid(status).map_err(|error| WriteError::Refused(error.into()))?;
                sign_out_all(tx, id, by).await?;
                Kept { number: Some(row.number), code: Some(new_code(tx, id, by).await?) }
            }
            CardChange::NewCode => {
                check_valid(status).map_err(|error| WriteError::Refused(error.into()))?;
                Kept { number: Some(row.number), code: Some(new_code(tx, id, by).await?) }
            }
        };
        Ok(Done::updated(kept, objects))
    }
}

fn refused(error: DecisionError) -> Failed {
    WriteError::Refused(error.into())
}

fn no_secret(_: secret::NoSecret) -> StoreError {
    StoreError::Corrupt("the system gives no random numbers".into())
}

/// A number that nobody can guess from others.
fn number() -> Result<String, StoreError> {
    Ok(format!("ZP-{}", secret::readable().map_err(no_secret)?))
}

/// Takes the row of a number for this transaction, and raises its version.
async fn taken(
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
async fn was_reassessed(tx: &DatabaseTransaction, row: &passport::Model) -> Result<bool, StoreError> {
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
fn follower(old: &passport::Model, by: &Author<'_>) -> Result<passport::Model, StoreError> {
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

async fn care_forms(tx: &DatabaseTransaction, id: PassportId) -> Result<Vec<CareForm>, StoreError> {
    let rows = passport_care_form::Entity::find().filter(passport_care_form::Column::PassportId.eq(id)).all(tx).await?;
    Ok(rows.into_iter().map(|row| row.care_form).collect())
}

async fn insert(tx: &DatabaseTransaction, row: passport::Model, care_forms: &[CareForm]) -> Result<(), StoreError> {
    let passport_id = row.id;
    passport::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    for care_form in care_forms {
        let row = passport_care_form::Model { passport_id, care_form: *care_form };
        passport_care_form::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn decided(
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
async fn end(tx: &DatabaseTransaction, row: passport::Model, reason: &str, by: &Author<'_>) -> Result<(), StoreError> {
    let id = row.id;
    let mut row = row.into_active_model();
    row.revoked_at = Set(Some(by.now));
    row.revoked_reason = Set(Some(reason.into()));
    row.update(tx).await?;
    passport_activation::Entity::delete_by_id(id).exec(tx).await?;
    sign_out_all(tx, id, by).await
}

async fn sign_out_all(tx: &DatabaseTransaction, id: PassportId, by: &Author<'_>) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(by.now))
        .filter(session::Column::PassportId.eq(id))
        .filter(session::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Makes a code for a passport; the one before is dead.
async fn new_code(tx: &DatabaseTransaction, id: PassportId, by: &Author<'_>) -> Result<Code, StoreError> {
    let text = secret::readable().map_err(no_secret)?;
    let expires_at = by.now + TimeDelta::days(CODE_DAYS);
    let row = passport_activation::Model {
        passport_id: id,
        code_hash: secret::slow_hash(&secret::as_made(&text)).map_err(no_secret)?,
        expires_at,
        tries: 0,
        used_at: None,
    };
    use passport_activation::Column;
    let replace = OnConflict::column(Column::PassportId)
        .update_columns([Column::CodeHash, Column::ExpiresAt, Column::Tries, Column::UsedAt])
        .to_owned();
    passport_activation::Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(tx)
        .await?;
    Ok(Code { text, expires_at })
}
