//! The passport and what it opens.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};

use super::super::{
    enums::{CareForm, PassportOutcome, PassportStatus},
    scalars::{Date, Instant},
};
use crate::{
    care::{
        agreement,
        passport::{self, IssuedPassport, statistics::Statistics},
    },
    store,
};

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

/// A passport as the kenniscentrum keeps it: without name, birth date or diagnosis.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PassportRecord {
    /// The number on the card.
    number: String,
    /// What two experts decided.
    outcome: PassportOutcome,
    /// What it is worth now.
    status: PassportStatus,
    /// The first valid day.
    valid_from: Date,
    /// The last valid day; null: for life.
    valid_until: Option<Date>,
    /// The four digits of the postcode where the person lives.
    home_postcode: String,
    /// The year of birth.
    birth_year: i32,
    /// What care the family seeks.
    care_forms: Vec<CareForm>,
    /// When it was revoked; null: it was not.
    revoked_at: Option<Instant>,
    /// Why it was revoked; null: it was not.
    revoked_reason: Option<String>,
    /// The number of the passport that this one follows, after a re-assessment or a lost card; null: it is the first.
    replaces: Option<String>,
    /// Whether it is the new card of a lost one.
    reissue: bool,
    /// Grows with every change; see `expectedVersion` of changes.
    version: i32,
    /// When it was changed last.
    updated_at: Instant,
}

impl PassportRecord {
    pub(in crate::graphql) fn new(record: store::PassportRecord, now: DateTime<Utc>) -> Self {
        let IssuedPassport { passport, number, home_pc4, birth_year, care_forms, revoked_reason, reissue, .. } =
            record.issued;
        Self {
            number,
            outcome: passport.outcome.into(),
            status: passport.status(now).into(),
            valid_from: passport.valid_from.into(),
            valid_until: passport.valid_until.map(Into::into),
            home_postcode: home_pc4.to_string(),
            birth_year,
            care_forms: care_forms.into_iter().map(Into::into).collect(),
            revoked_at: passport.revoked_at.map(Into::into),
            revoked_reason,
            replaces: record.replaces,
            reissue,
            version: record.version,
            updated_at: record.updated_at.into(),
        }
    }
}

/// How many passports were issued, as the yearly report counts them.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PassportStatistics {
    /// All that were issued.
    issued: i32,
    /// Of these `VROEG_ZEVMB`.
    vroeg: i32,
    /// Of these `ZEVMB_MET_HERBEOORDELING`.
    fixed_term: i32,
    /// Of these `ZEVMB`.
    for_life: i32,
    /// First applications that ended without a passport.
    without_passport: i32,
    /// First applications that were decided.
    applications_decided: i32,
}

impl From<Statistics> for PassportStatistics {
    fn from(counted: Statistics) -> Self {
        let number = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            issued: number(counted.issued()),
            vroeg: number(counted.vroeg),
            fixed_term: number(counted.fixed_term),
            for_life: number(counted.for_life),
            without_passport: number(counted.without),
            applications_decided: number(counted.decided),
        }
    }
}

/// What came of a decision about a passport.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PassportPayload {
    /// The number of the passport that there is now; null: no passport.
    number: Option<String>,
    /// The code with which its holder activates it, shown this once; null: none was made, or it was shown before.
    activation: Option<ActivationCode>,
}

/// What came of revoking a passport.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RevokePassportPayload {
    /// The number that is dead now.
    pub(in crate::graphql) number: String,
}

/// A one-time code with which a passport is activated.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ActivationCode {
    /// What the holder types. It is shown once and kept as a hash only; five tries.
    code: String,
    /// Until when it is good.
    expires_at: Instant,
}

impl From<store::Kept> for PassportPayload {
    fn from(kept: store::Kept) -> Self {
        let activation = kept.code.map(|code| ActivationCode { code: code.text, expires_at: code.expires_at.into() });
        Self { number: kept.number, activation }
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
