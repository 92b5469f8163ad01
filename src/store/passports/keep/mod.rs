//! What the kenniscentrum does with passports: issue, assess again, revoke, replace a lost card, hand over.

mod apply;
mod belongings;
mod rows;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::{
    Store,
    write::{Request, WriteError},
};
use crate::care::{
    passport::{
        Decision,
        rules::{DecisionError, PassportError, ReassessError},
    },
    postcode::Pc4,
    vocabulary::CareForm,
};

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
    pub expires_at: DateTime<Utc>,
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
        self.write(request, issue).await
    }

    /// Records the one re-assessment of a passport, with what follows.
    ///
    /// # Errors
    /// When the requester may not, or it cannot be.
    pub async fn reassess_passport(&self, request: Request<'_>, asked: &Reassess) -> Result<Kept, Failed> {
        self.write(request, asked).await
    }

    /// Does something with a card.
    ///
    /// # Errors
    /// When the requester may not, or it cannot be.
    pub async fn change_card(&self, request: Request<'_>, asked: &Card) -> Result<Kept, Failed> {
        self.write(request, asked).await
    }
}
