//! The ZEVMB-paspoort (brochure, "ZEVMB vaststellen").

pub mod rules;
pub mod statistics;

use chrono::{DateTime, NaiveDate, Utc};

use serde::Serialize;

use super::{
    calendar::dutch_date,
    id::{ApplicationId, PassportId},
    postcode::Pc4,
    vocabulary::{CareForm, PassportOutcome},
};

/// A passport, as far as its holder and the checks need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Passport {
    /// Its id, which is the subject of its tokens.
    pub id: PassportId,
    /// What the experts decided.
    pub outcome: PassportOutcome,
    /// The first valid day.
    pub valid_from: NaiveDate,
    /// The last valid day; none: for life.
    pub valid_until: Option<NaiveDate>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A passport with all that is kept of it: pseudonymous, without name, birth date or diagnosis.
#[derive(Clone, Debug, PartialEq)]
pub struct IssuedPassport {
    /// What its checks need.
    pub passport: Passport,
    /// The number on the card.
    pub number: String,
    /// Where the person lives, as a PC4.
    pub home_pc4: Pc4,
    /// The year of birth.
    pub birth_year: i32,
    /// What care the family seeks.
    pub care_forms: Vec<CareForm>,
    /// Why it was revoked; present when it was.
    pub revoked_reason: Option<String>,
    /// The passport that this one follows, after a re-assessment or a lost card.
    pub replaces: Option<PassportId>,
    /// Whether it is the new card of a lost one.
    pub reissue: bool,
}

/// An application for a passport, or the one re-assessment of a fixed-term passport.
#[derive(Clone, Debug, PartialEq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// When it came in.
    pub applied_on: NaiveDate,
    /// The decision; none: not yet.
    pub decision: Option<Decision>,
    /// The passport that was issued; for a re-assessment the one that was assessed again.
    pub passport: Option<PassportId>,
    /// Whether it is a re-assessment.
    pub reassessment: bool,
}

/// What two experts decided together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    /// When.
    pub on: NaiveDate,
    /// What.
    pub outcome: PassportOutcome,
    /// The two experts by role id, never by name; they differ.
    pub experts: [String; 2],
}

/// What a passport is worth at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassportStatus {
    /// It opens what it promises.
    Active,
    /// Its last day has passed, or its first has not come.
    Expired,
    /// The kenniscentrum ended it.
    Revoked,
}

impl Passport {
    /// Whether its last day has passed.
    pub fn has_passed(&self, now: DateTime<Utc>) -> bool {
        self.valid_until.is_some_and(|last| dutch_date(now) > last)
    }

    /// The status at `now`. Revocation comes first; the last valid day ends at midnight, Dutch time, without any job
    /// having to run.
    pub fn status(&self, now: DateTime<Utc>) -> PassportStatus {
        let today = dutch_date(now);
        if self.revoked_at.is_some_and(|at| at <= now) {
            PassportStatus::Revoked
        } else if today < self.valid_from || self.has_passed(now) {
            PassportStatus::Expired
        } else {
            PassportStatus::Active
        }
    }
}
