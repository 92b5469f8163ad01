//! What a row makes of its entry.

use chrono::NaiveDate;

use super::{
    super::{Consent, Contact},
    Asked, Column, Reason,
};
use crate::care::{
    id::ContactId,
    map::Map,
    vocabulary::{ContactStatus, WithdrawalReason},
};

/// What a row makes of its entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// What it is already.
    Same,
    /// A new one.
    New(Box<Contact>),
    /// This, one version later.
    Changed(Box<Contact>),
}

type Wrong = (Option<Column>, Reason);

impl Asked {
    /// What the row makes of `entry`, or of none: a new one with the id of `made`.
    ///
    /// # Errors
    /// What is wrong, and in which column.
    pub fn decide(
        &self,
        entry: Option<&Contact>,
        made: impl FnOnce() -> ContactId,
        map: &Map,
        today: NaiveDate,
    ) -> Result<Outcome, Wrong> {
        let Some(before) = entry else {
            if self.version.is_some() {
                return Err((Some(Column::Version), Reason::Outdated));
            }
            let next = self.applied(&Contact::blank(made(), today), true, map, today)?;
            return Ok(Outcome::New(Box::new(next)));
        };
        let next = self.applied(before, false, map, today)?;
        if next == *before {
            return Ok(Outcome::Same);
        }
        if before.status == ContactStatus::Withdrawn {
            return Err((None, Reason::Withdrawn));
        }
        if self.version.is_some_and(|version| version != before.version) {
            return Err((Some(Column::Version), Reason::Outdated));
        }
        Ok(Outcome::Changed(Box::new(Contact { version: before.version + 1, ..next })))
    }

    /// The entry with all that the row says.
    fn applied(&self, before: &Contact, new: bool, map: &Map, today: NaiveDate) -> Result<Contact, Wrong> {
        let mut statement = self.statement.clone();
        self.work.state(before, map, &mut statement).map_err(|(column, reason)| (Some(column), reason))?;
        let stated = before.stating(&statement).map_err(|error| (None, error.into()))?;
        let consent = self.consent()?;
        match (before.status, self.status) {
            (ContactStatus::Draft, Some(ContactStatus::Published)) => {
                let consent = consent.ok_or((Some(Column::ConsentOn), Reason::NoConsent))?;
                stated.published(consent, today).map_err(|error| (Some(Column::ConsentOn), error.into()))
            }
            (ContactStatus::Draft, Some(ContactStatus::Withdrawn)) if new => {
                Err((Some(Column::Status), Reason::NewWithdrawn))
            }
            (ContactStatus::Published, Some(ContactStatus::Draft)) => Err((Some(Column::Status), Reason::ToDraft)),
            (ContactStatus::Withdrawn, Some(ContactStatus::Draft | ContactStatus::Published)) => {
                Err((Some(Column::Status), Reason::Withdrawn))
            }
            (ContactStatus::Draft | ContactStatus::Published, Some(ContactStatus::Withdrawn)) => {
                let consenting = consenting(stated, consent, today)?;
                consenting
                    .withdrawn(WithdrawalReason::Other, today)
                    .map_err(|error| (Some(Column::Status), error.into()))
            }
            _ => consenting(stated, consent, today),
        }
    }

    /// The consent that the row states; none: it says nothing of it.
    fn consent(&self) -> Result<Option<Consent>, Wrong> {
        match (self.consent_on, &self.consent_source) {
            (Some(on), Some(source)) => Ok(Some(Consent { on, source: source.clone() })),
            (None, None) => Ok(None),
            (None, Some(_)) => Err((Some(Column::ConsentOn), Reason::HalfConsent)),
            (Some(_), None) => Err((Some(Column::ConsentSource), Reason::HalfConsent)),
        }
    }
}

/// An entry whose status stays, with the consent that is stated.
fn consenting(contact: Contact, consent: Option<Consent>, today: NaiveDate) -> Result<Contact, Wrong> {
    let wrong = |reason| Err((Some(Column::ConsentOn), reason));
    match consent {
        Some(consent) if contact.consent.as_ref() != Some(&consent) => match contact.status {
            ContactStatus::Draft => wrong(Reason::ConsentOfDraft),
            ContactStatus::Withdrawn => wrong(Reason::Withdrawn),
            ContactStatus::Published => {
                contact.published(consent, today).map_err(|error| (Some(Column::ConsentOn), error.into()))
            }
        },
        _ => Ok(contact),
    }
}
