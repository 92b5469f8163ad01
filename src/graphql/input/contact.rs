//! What the kenniscentrum does with contacts.

use async_graphql::{ID, InputObject};
use chrono::NaiveDate;

use super::{
    super::{
        enums::{ContactField, WithdrawalReason, domain},
        error::{ApiError, Result},
        id,
        scalars::Date,
    },
    contact_fields::Fields,
    idempotency_key, text,
};
use crate::{
    care::contact::{Consent, rules::STATED},
    store::{
        AddContact, ChangeContact, ConfirmContacts, ContactStep, IdempotencyKey, KeepApart, MergeContacts, Seen, View,
    },
};

/// How many entries one mutation may confirm.
const MOST_CONFIRMED: usize = 500;

/// A new entry of the contactenbestand.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct AddContactInput {
    /// What is stated: at least `name`, `organisation` and `organisationKind`.
    set: Fields,
    /// A key of your own choice, 1 to 64 visible ASCII characters, such as a UUID: the same change sent again with the
    /// same key within 24 hours is answered as the first time and happens once.
    idempotency_key: Option<String>,
}

/// A change of what is stated of a contact.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct EditContactInput {
    /// The entry.
    contact: ID,
    /// The `version` that you have seen. If it has another by now, nothing changes and the error `CONFLICT` says which.
    expected_version: i32,
    /// What is stated now.
    set: Fields,
    /// A key of your own choice, as in `AddContactInput`.
    idempotency_key: Option<String>,
}

/// An entry that holders are to see, or whose consent is renewed.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct PublishContactInput {
    /// The entry.
    contact: ID,
    /// The `version` that you have seen, as in `EditContactInput`.
    expected_version: i32,
    /// When the person agreed to be in the contactenbestand; not after today.
    consent_on: Date,
    /// How this is known: a form, a mail, a call. 1 to 200 characters.
    consent_source: String,
    /// A key of your own choice, as in `AddContactInput`.
    idempotency_key: Option<String>,
}

/// An entry that is no longer to be seen.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct WithdrawContactInput {
    /// The entry.
    contact: ID,
    /// The `version` that you have seen, as in `EditContactInput`.
    expected_version: i32,
    /// Why.
    reason: WithdrawalReason,
    /// A key of your own choice, as in `AddContactInput`.
    idempotency_key: Option<String>,
}

/// An entry whose last change is taken back.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct UndoContactInput {
    /// The entry.
    contact: ID,
    /// The `version` that you have seen: the change that made it is the one that is taken back.
    expected_version: i32,
    /// A key of your own choice, as in `AddContactInput`.
    idempotency_key: Option<String>,
}

/// An entry as you have seen it.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct SeenContactInput {
    /// The entry.
    contact: ID,
    /// The `version` that you have seen.
    version: i32,
}

/// Entries that are right.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct ConfirmContactsInput {
    /// Which, as you have seen them: 1 to 500, each once.
    contacts: Vec<SeenContactInput>,
    /// A key of your own choice, as in `AddContactInput`.
    idempotency_key: Option<String>,
}

/// Two entries of one person.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct MergeContactsInput {
    /// The one that goes on. What it does not state is taken of the other, but for where the person works; what both know
    /// about is joined; the later consent counts.
    keep: SeenContactInput,
    /// The one that ends.
    other: SeenContactInput,
    /// What is taken of the other although `keep` states it too: fields from `EXTERNAL_ID` to `REGIONS`.
    #[graphql(default)]
    take: Vec<ContactField>,
    /// A key of your own choice, as in `AddContactInput`.
    idempotency_key: Option<String>,
}

/// Two entries that look alike and are two people.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct KeepContactsApartInput {
    /// One.
    first: ID,
    /// The other.
    second: ID,
}

/// A change with the key by which it can be sent again.
pub(super) type Read<T> = Result<(T, Option<IdempotencyKey>)>;

impl AddContactInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<AddContact> {
        Ok((AddContact { statement: self.set.read("input.set", view)? }, idempotency_key(self.idempotency_key)?))
    }
}

/// Reads a change of one entry.
fn change(contact: &ID, version: i32, step: ContactStep, key: Option<String>) -> Read<ChangeContact> {
    let seen = Seen { id: id::contact("input.contact", contact)?, version };
    Ok((ChangeContact { seen, step }, idempotency_key(key)?))
}

impl EditContactInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<ChangeContact> {
        let statement = self.set.read("input.set", view)?;
        if statement.0.is_empty() {
            return Err(ApiError::input("input.set", "State at least one field."));
        }
        change(&self.contact, self.expected_version, ContactStep::Edit(statement), self.idempotency_key)
    }
}

impl PublishContactInput {
    pub(in crate::graphql) fn read(self) -> Read<ChangeContact> {
        let on: NaiveDate = self.consent_on.parse_as("input.consentOn")?;
        let source = text("input.consentSource", &self.consent_source)?;
        let step = ContactStep::Publish(Consent { on, source });
        change(&self.contact, self.expected_version, step, self.idempotency_key)
    }
}

impl WithdrawContactInput {
    pub(in crate::graphql) fn read(self) -> Read<ChangeContact> {
        let step = ContactStep::Withdraw(self.reason.into());
        change(&self.contact, self.expected_version, step, self.idempotency_key)
    }
}

impl UndoContactInput {
    pub(in crate::graphql) fn read(self) -> Read<ChangeContact> {
        change(&self.contact, self.expected_version, ContactStep::Undo, self.idempotency_key)
    }
}

impl SeenContactInput {
    pub(super) fn read(&self, argument: &str) -> Result<Seen> {
        Ok(Seen { id: id::contact(&format!("{argument}.contact"), &self.contact)?, version: self.version })
    }
}

impl ConfirmContactsInput {
    pub(in crate::graphql) fn read(self) -> Read<ConfirmContacts> {
        let count = self.contacts.len();
        if !(1..=MOST_CONFIRMED).contains(&count) {
            let message = format!("Confirm 1 to {MOST_CONFIRMED} contacts at a time; there were {count}.");
            return Err(ApiError::input("input.contacts", message));
        }
        let mut seen: Vec<Seen> = Vec::with_capacity(count);
        for (at, one) in self.contacts.iter().enumerate() {
            let one = one.read(&format!("input.contacts.{at}"))?;
            if seen.iter().any(|other| other.id == one.id) {
                let message = "This contact is named twice; name each once.";
                return Err(ApiError::input(format!("input.contacts.{at}.contact"), message));
            }
            seen.push(one);
        }
        Ok((ConfirmContacts { seen }, idempotency_key(self.idempotency_key)?))
    }
}

impl MergeContactsInput {
    pub(in crate::graphql) fn read(self) -> Read<MergeContacts> {
        if let Some(at) = self.take.iter().position(|field| !STATED.contains(&(*field).into())) {
            let message = "This is not stated of a person; take fields from EXTERNAL_ID to REGIONS.";
            return Err(ApiError::input(format!("input.take.{at}"), message));
        }
        let asked = MergeContacts {
            keep: self.keep.read("input.keep")?,
            other: self.other.read("input.other")?,
            take: domain(Some(self.take)),
        };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

impl KeepContactsApartInput {
    pub(in crate::graphql) fn read(&self) -> Result<KeepApart> {
        Ok(KeepApart {
            first: id::contact("input.first", &self.first)?,
            second: id::contact("input.second", &self.second)?,
        })
    }
}
