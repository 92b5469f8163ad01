//! The passport and what it opens.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};

use super::super::{
    enums::{PassportOutcome, PassportStatus},
    scalars::Date,
};
use crate::care::{agreement, passport};

/// A ZEVMB-paspoort. It holds no name and no diagnosis.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Passport {
    /// What two experts decided.
    outcome: PassportOutcome,
    /// What it is worth now.
    status: PassportStatus,
    /// The first valid day.
    valid_from: Date,
    /// The last valid day; null: for life.
    valid_until: Option<Date>,
}

impl Passport {
    pub(super) fn at(passport: &passport::Passport, now: DateTime<Utc>) -> Self {
        Self {
            outcome: passport.outcome.into(),
            status: passport.status(now).into(),
            valid_from: passport.valid_from.into(),
            valid_until: passport.valid_until.map(Into::into),
        }
    }
}

/// What a ZEVMB-paspoort opens: an agreement or an arrangement with an organisation.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PassportAgreement {
    /// What it is.
    title: String,
    /// With whom it is made.
    organisation: String,
    /// What a holder may count on.
    description: String,
    /// Since when; null: not known.
    since: Option<Date>,
}

impl From<&agreement::Agreement> for PassportAgreement {
    fn from(agreement: &agreement::Agreement) -> Self {
        Self {
            title: agreement.title.clone(),
            organisation: agreement.organisation.clone(),
            description: agreement.description.clone(),
            since: agreement.since.map(Into::into),
        }
    }
}
