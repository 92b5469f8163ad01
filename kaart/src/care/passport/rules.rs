//! What may be decided about a passport, and what follows (brochure, "ZEVMB vaststellen"; DOMAIN, "ZEVMB and the
//! passport").

use chrono::{Months, NaiveDate};
use thiserror::Error;

use super::{Decision, Passport, PassportStatus};
use crate::care::vocabulary::PassportOutcome;

/// Up to this age, in years, a child may get an early passport.
const EARLY_YEARS: u32 = 2;
/// How long a passport of a fixed term is valid, months.
const TERM_MONTHS: u32 = 24;

/// Why a decision cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecisionError {
    /// One expert cannot decide together.
    #[error("two experts decide together; name two")]
    SameExpert,
    /// It was decided before it was asked, or will be.
    #[error("a decision comes on or after the day of the application and not after today")]
    Date,
    /// A child of two or older.
    #[error("VROEG_ZEVMB is for children under 2 on the day of issue")]
    TooOld,
    /// A child under two.
    #[error("ZEVMB_MET_HERBEOORDELING is for those of 2 and older on the day of issue; under 2 it is VROEG_ZEVMB")]
    TooYoung,
    /// A person who is not born yet, or too long ago.
    #[error("a birth date lies in the past, at most 120 years ago")]
    BirthDate,
    /// A re-assessment ends the doubt.
    #[error("a re-assessment ends in ZEVMB or GEEN_ZEVMB")]
    Doubt,
}

/// Why something cannot be done with a passport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PassportError {
    /// It is for life.
    #[error("this passport is for life and is not assessed again")]
    ForLife,
    /// It was assessed again already.
    #[error("this passport was assessed again already, which happens once")]
    Reassessed,
    /// The kenniscentrum ended it.
    #[error("this passport was revoked")]
    Revoked,
    /// It is not valid today.
    #[error("this passport is not valid today")]
    NotValid,
}

/// The last valid day of a passport that is issued on a date; none: for life.
pub fn last_day(outcome: PassportOutcome, issued: NaiveDate) -> Option<NaiveDate> {
    match outcome {
        PassportOutcome::Zevmb | PassportOutcome::GeenZevmb => None,
        PassportOutcome::VroegZevmb | PassportOutcome::ZevmbMetHerbeoordeling => {
            issued.checked_add_months(Months::new(TERM_MONTHS))?.pred_opt()
        }
    }
}

/// Checks what two experts decided about an application of `applied`, on `today`.
///
/// # Errors
/// When it cannot be.
pub fn check_decision(decision: &Decision, applied: NaiveDate, today: NaiveDate) -> Result<(), DecisionError> {
    if decision.experts[0] == decision.experts[1] {
        Err(DecisionError::SameExpert)
    } else if decision.on < applied || decision.on > today {
        Err(DecisionError::Date)
    } else {
        Ok(())
    }
}

/// Checks that a passport of an outcome may be issued on a date to somebody who was born on another.
///
/// # Errors
/// When the age does not fit.
pub fn check_age(outcome: PassportOutcome, birth: NaiveDate, issued: NaiveDate) -> Result<(), DecisionError> {
    let age = issued.years_since(birth).filter(|age| *age <= 120).ok_or(DecisionError::BirthDate)?;
    match outcome {
        PassportOutcome::VroegZevmb if age >= EARLY_YEARS => Err(DecisionError::TooOld),
        PassportOutcome::ZevmbMetHerbeoordeling if age < EARLY_YEARS => Err(DecisionError::TooYoung),
        _ => Ok(()),
    }
}

/// What follows on a re-assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// A passport for life, valid from this day on: the day after the last one of the old, or today.
    ForLife(NaiveDate),
    /// None: the old one ends at once.
    Ended,
}

/// What follows when a passport is assessed again on `today`.
///
/// # Errors
/// When it may not be, or the outcome leaves doubt.
pub fn reassess(
    passport: &Passport,
    was_reassessed: bool,
    outcome: PassportOutcome,
    today: NaiveDate,
) -> Result<Followed, ReassessError> {
    if passport.revoked_at.is_some() {
        return Err(ReassessError::Passport(PassportError::Revoked));
    }
    let Some(last) = passport.valid_until else { return Err(ReassessError::Passport(PassportError::ForLife)) };
    if was_reassessed {
        return Err(ReassessError::Passport(PassportError::Reassessed));
    }
    match outcome {
        PassportOutcome::Zevmb => Ok(Followed::ForLife(last.succ_opt().map_or(today, |next| next.max(today)))),
        PassportOutcome::GeenZevmb => Ok(Followed::Ended),
        PassportOutcome::VroegZevmb | PassportOutcome::ZevmbMetHerbeoordeling => {
            Err(ReassessError::Decision(DecisionError::Doubt))
        }
    }
}

/// Why a passport cannot be assessed again so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReassessError {
    /// Because of the passport.
    Passport(PassportError),
    /// Because of the decision.
    Decision(DecisionError),
}

/// Checks that a passport may get another card, or another representative.
///
/// # Errors
/// When it is not valid at the moment of `status`.
pub const fn check_valid(status: PassportStatus) -> Result<(), PassportError> {
    match status {
        PassportStatus::Active => Ok(()),
        PassportStatus::Revoked => Err(PassportError::Revoked),
        PassportStatus::Expired => Err(PassportError::NotValid),
    }
}
