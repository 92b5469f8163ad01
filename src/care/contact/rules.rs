//! What may be done with an entry of the contactenbestand, and what it is then. The rules are ours where DOMAIN and the
//! sources are silent; the AVG (articles 7 and 17) wants that consent can be shown, and can be taken back.

use chrono::{DateTime, Months, NaiveDate, Utc};
use thiserror::Error;

use super::{
    Consent, Contact, Withdrawal,
    change::{Difference, is_nothing},
    stated::Statement,
};
use crate::care::{
    calendar::dutch_date,
    vocabulary::{ContactAction, ContactField, ContactStatus, WithdrawalReason},
};

/// How long an entry counts as verified, months.
const VERIFIED_MONTHS: u32 = 12;

/// Why something is not done with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ContactError {
    /// It is withdrawn.
    #[error("this entry is withdrawn; publish it again first")]
    Withdrawn,
    /// It is published.
    #[error("this entry is published already")]
    Published,
    /// It goes on as another entry.
    #[error("this entry was merged into another; that one goes on")]
    Merged,
    /// Nobody consents in the future.
    #[error("consent was given on a date up to today")]
    ConsentDate,
    /// The consent is older than its withdrawal.
    #[error("the person has taken consent back since; publishing needs a new consent, on or after that day")]
    ConsentTakenBack,
    /// The last change is none that can be taken back.
    #[error("the last change cannot be undone; withdraw the entry, or edit it")]
    NotUndone,
    /// One entry cannot be two.
    #[error("two different entries are needed")]
    Same,
    /// A field that the entry does not have any more as the proposal saw it.
    #[error("the entry has changed since in a field that is proposed; edit it by hand, or reject")]
    Outdated,
    /// An entry must have a name and the like.
    #[error("this field cannot be left empty")]
    Incomplete,
}

/// The day on which an entry that is verified on `day` is due again.
pub fn due_on(day: NaiveDate) -> NaiveDate {
    day.checked_add_months(Months::new(VERIFIED_MONTHS)).unwrap_or(NaiveDate::MAX)
}

impl Contact {
    /// The entry with what somebody states of it.
    ///
    /// # Errors
    /// When it is withdrawn.
    pub fn edited(&self, statement: &Statement) -> Result<Self, ContactError> {
        if self.status == ContactStatus::Withdrawn {
            return Err(ContactError::Withdrawn);
        }
        self.stating(statement)
    }

    /// The entry with what somebody states of it, whatever its status.
    pub(super) fn stating(&self, statement: &Statement) -> Result<Self, ContactError> {
        let mut next = self.with(statement.0.clone()).map_err(|_| ContactError::Incomplete)?;
        // Somebody who works elsewhere does not work in the building of before.
        if next.provider_id != self.provider_id && !statement.0.contains_key(&ContactField::Location) {
            next.location_id = None;
        }
        Ok(next)
    }

    /// The entry as holders see it from now on.
    ///
    /// # Errors
    /// When it is so already, or the consent does not do.
    pub fn published(&self, consent: Consent, today: NaiveDate) -> Result<Self, ContactError> {
        if self.merged_into.is_some() {
            return Err(ContactError::Merged);
        }
        if self.status == ContactStatus::Published {
            return Err(ContactError::Published);
        }
        if consent.on > today {
            return Err(ContactError::ConsentDate);
        }
        let taken_back = self.withdrawal.as_ref().filter(|one| one.reason == WithdrawalReason::ConsentWithdrawn);
        if taken_back.is_some_and(|one| consent.on < one.on) {
            return Err(ContactError::ConsentTakenBack);
        }
        Ok(Self { status: ContactStatus::Published, consent: Some(consent), withdrawal: None, ..self.clone() })
    }

    /// The entry that nobody sees any more but the kenniscentrum.
    ///
    /// # Errors
    /// When it is so already.
    pub fn withdrawn(&self, reason: WithdrawalReason, today: NaiveDate) -> Result<Self, ContactError> {
        let again = self.withdrawal.as_ref().is_some_and(|one| one.reason == WithdrawalReason::ConsentWithdrawn);
        // Consent can still be taken back of what was withdrawn for another reason.
        if self.status == ContactStatus::Withdrawn && (again || reason != WithdrawalReason::ConsentWithdrawn) {
            return Err(ContactError::Withdrawn);
        }
        let withdrawal = Some(Withdrawal { on: today, reason });
        Ok(Self { status: ContactStatus::Withdrawn, withdrawal, ..self.clone() })
    }

    /// The entry that is known to be right at `now`.
    ///
    /// # Errors
    /// When it is withdrawn.
    pub fn verified(&self, now: DateTime<Utc>) -> Result<Self, ContactError> {
        if self.status == ContactStatus::Withdrawn {
            return Err(ContactError::Withdrawn);
        }
        Ok(Self { verified_at: Some(now), due_on: due_on(dutch_date(now)), ..self.clone() })
    }

    /// The entry before its last change.
    ///
    /// # Errors
    /// When that cannot be undone: it made the entry, or the person took consent back.
    pub fn undone(&self, action: ContactAction, changed: &[Difference]) -> Result<Self, ContactError> {
        let made = changed.iter().any(|one| one.field == ContactField::Name && is_nothing(&one.from));
        let taken_back = self.withdrawal.as_ref().is_some_and(|one| one.reason == WithdrawalReason::ConsentWithdrawn);
        if made || action == ContactAction::Create || taken_back {
            return Err(ContactError::NotUndone);
        }
        self.before([changed]).map_err(|_| ContactError::NotUndone)
    }

    /// Two entries of one person as one: `self` goes on, with what it does not state, and with the fields in `take`, from
    /// `other`, which is withdrawn. What either knows about, the person knows about.
    ///
    /// # Errors
    /// When one of them is withdrawn, or both are the same.
    pub fn merged(&self, other: &Self, take: &[ContactField], today: NaiveDate) -> Result<(Self, Self), ContactError> {
        if self.id == other.id {
            return Err(ContactError::Same);
        }
        if [self, other].iter().any(|one| one.status == ContactStatus::Withdrawn) {
            return Err(ContactError::Withdrawn);
        }
        let from_other = STATED.iter().filter(|field| take.contains(field) || is_nothing(&self.value(**field)));
        let taken = from_other.map(|field| (*field, other.value(*field)));
        let mut kept = self.with(taken).map_err(|_| ContactError::Incomplete)?;
        kept.expertise = self.expertise.iter().chain(&other.expertise).cloned().collect();
        kept.expertise.sort_unstable();
        kept.expertise.dedup();
        // The building of one and the organisation of the other do not go together.
        if kept.provider_id != self.provider_id {
            kept.location_id = other.location_id;
        } else if kept.provider_id != other.provider_id {
            kept.location_id = self.location_id;
        }
        // An empty list says "everywhere", which is no gap to fill.
        for (field, list, own) in [
            (ContactField::Gemeenten, &mut kept.gemeenten, &self.gemeenten),
            (ContactField::Regions, &mut kept.regions, &self.regions),
        ] {
            if !take.contains(&field) {
                list.clone_from(own);
            }
        }
        let withdrawal = Some(Withdrawal { on: today, reason: WithdrawalReason::Duplicate });
        let ended = Self {
            status: ContactStatus::Withdrawn,
            withdrawal,
            merged_into: Some(self.id),
            // Another register finds the entry that goes on.
            external_id: other.external_id.clone().filter(|id| kept.external_id.as_ref() != Some(id)),
            ..other.clone()
        };
        Ok((kept, ended))
    }
}

/// What is stated of a person, and can go from one entry to another of the same person.
pub const STATED: &[ContactField] = &[
    ContactField::ExternalId,
    ContactField::Name,
    ContactField::Function,
    ContactField::Organisation,
    ContactField::OrganisationKind,
    ContactField::Provider,
    ContactField::Location,
    ContactField::Email,
    ContactField::Phone,
    ContactField::WorkPostcode,
    ContactField::WorkCity,
    ContactField::Gemeenten,
    ContactField::Expertise,
    ContactField::Regions,
];
