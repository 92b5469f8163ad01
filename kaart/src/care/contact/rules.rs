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
    id::ContactId,
    vocabulary::{ContactAction, ContactField, ContactStatus, OrganisationKind, WithdrawalReason},
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
    #[error("this entry is published already, with this consent")]
    Published,
    /// It goes on as another entry.
    #[error("this entry was merged into another; that one goes on")]
    Merged,
    /// Nobody consents in the future, and an older consent says nothing beside a newer one.
    #[error("consent was given on a date up to today, and not before the consent that is known already")]
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
    /// Another entry has the external id.
    #[error("another entry has this external id")]
    ExternalId,
    /// An entry must have a name and the like.
    #[error("an entry has a name, an organisation and its kind")]
    Incomplete,
}

/// The day on which an entry that is verified on `day` is due again.
pub fn due_on(day: NaiveDate) -> NaiveDate {
    day.checked_add_months(Months::new(VERIFIED_MONTHS)).unwrap_or(NaiveDate::MAX)
}

impl Contact {
    /// A new entry, which is due for verification at once.
    ///
    /// # Errors
    /// When something is not stated that every entry has.
    pub fn drafted(id: ContactId, statement: &Statement, today: NaiveDate) -> Result<Self, ContactError> {
        let needed = [ContactField::Name, ContactField::Organisation, ContactField::OrganisationKind];
        if needed.iter().any(|field| statement.0.get(field).is_none_or(is_nothing)) {
            return Err(ContactError::Incomplete);
        }
        Self::blank(id, today).edited(statement)
    }

    /// A draft of which nothing is stated yet.
    pub(super) const fn blank(id: ContactId, today: NaiveDate) -> Self {
        Self {
            id,
            external_id: None,
            name: String::new(),
            function: None,
            organisation: String::new(),
            organisation_kind: OrganisationKind::Overig,
            provider_id: None,
            location_id: None,
            email: None,
            phone: None,
            work_pc4: None,
            work_city: None,
            gemeenten: Vec::new(),
            expertise: Vec::new(),
            regions: Vec::new(),
            status: ContactStatus::Draft,
            consent: None,
            version: 1,
            verified_at: None,
            due_on: today,
            withdrawal: None,
            merged_into: None,
        }
    }

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

    /// The entry as holders see it from now on; one that they see already gets a renewed consent.
    ///
    /// # Errors
    /// When it is so already, or the consent does not do.
    pub fn published(&self, consent: Consent, today: NaiveDate) -> Result<Self, ContactError> {
        if self.merged_into.is_some() {
            return Err(ContactError::Merged);
        }
        if self.status == ContactStatus::Published && self.consent.as_ref() == Some(&consent) {
            return Err(ContactError::Published);
        }
        // Once taken back an old consent could return by way of another withdrawal.
        if consent.on > today || self.consent.as_ref().is_some_and(|known| consent.on < known.on) {
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

    /// The entry before its last change, on `today`; a merge is taken back on both sides ([`Self::parted`]).
    ///
    /// # Errors
    /// When that cannot be undone: it made the entry, merged it or parted it, or the person took consent back.
    pub fn undone(
        &self,
        action: ContactAction,
        changed: &[Difference],
        today: NaiveDate,
    ) -> Result<Self, ContactError> {
        let made = changed.iter().any(|one| one.field == ContactField::Name && is_nothing(&one.from));
        let merges = changed.iter().any(|one| one.field == ContactField::MergedInto);
        let taken_back = self.withdrawal.as_ref().is_some_and(|one| one.reason == WithdrawalReason::ConsentWithdrawn);
        if made || merges || taken_back || matches!(action, ContactAction::Create | ContactAction::Merge) {
            return Err(ContactError::NotUndone);
        }
        let mut before = self.before([changed]).map_err(|_| ContactError::NotUndone)?;
        // The time until it is erased begins anew.
        if let Some(withdrawal) = &mut before.withdrawal {
            withdrawal.on = today;
        }
        Ok(before)
    }

    /// The entry before a merge that was its last change.
    ///
    /// # Errors
    /// When its change does not lead back.
    pub fn parted(&self, changed: &[Difference]) -> Result<Self, ContactError> {
        self.before([changed]).map_err(|_| ContactError::NotUndone)
    }

    /// Two entries of one person as one: `self` goes on, with what it does not state, and with the fields in `take`, from
    /// `other`, which is withdrawn. What either knows about, the person knows about; the later consent counts, and who was
    /// shown is shown.
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
        // Parts of one address go together; where somebody works is never filled in from elsewhere.
        let lacks = |field: &ContactField| match field {
            ContactField::WorkPostcode | ContactField::WorkCity => self.work_pc4.is_none() && self.work_city.is_none(),
            ContactField::Provider | ContactField::Location | ContactField::Gemeenten | ContactField::Regions => false,
            field => is_nothing(&self.value(*field)),
        };
        let from_other = STATED.iter().filter(|field| take.contains(field) || lacks(field));
        let taken = from_other.map(|field| (*field, other.value(*field))).filter(|(_, value)| !is_nothing(value));
        let mut kept = self.with(taken).map_err(|_| ContactError::Incomplete)?;
        kept.expertise = self.expertise.iter().chain(&other.expertise).cloned().collect();
        kept.expertise.sort_unstable();
        kept.expertise.dedup();
        // The building of one and the organisation of the other do not go together.
        kept.location_id = match (kept.provider_id == self.provider_id, kept.provider_id == other.provider_id) {
            (true, true) if take.contains(&ContactField::Location) => other.location_id.or(self.location_id),
            (true, true) => self.location_id.or(other.location_id),
            (true, false) => self.location_id,
            (false, _) => other.location_id,
        };
        kept.consent = [&self.consent, &other.consent].into_iter().flatten().max_by_key(|consent| consent.on).cloned();
        if other.status == ContactStatus::Published {
            kept.status = ContactStatus::Published;
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
