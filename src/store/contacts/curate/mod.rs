//! What the kenniscentrum does with the contactenbestand.

mod apply;

use serde::{Deserialize, Serialize};

use super::super::{
    Store,
    write::{Request, WriteError},
};
use crate::care::{
    contact::{Consent, rules::ContactError, stated::Statement},
    id::ContactId,
    vocabulary::{ContactField, WithdrawalReason},
};

type Failed = WriteError<ContactError>;

/// An entry as somebody has seen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Which.
    pub id: ContactId,
    /// The version that was seen.
    pub version: i32,
}

/// An entry that is made, as a draft.
#[derive(Clone, Debug, Serialize)]
pub struct AddContact {
    /// What is stated of it.
    pub statement: Statement,
}

/// A change of one entry.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeContact {
    /// The entry.
    pub seen: Seen,
    /// What is done with it.
    pub step: ContactStep,
}

/// What is done with an entry.
#[derive(Clone, Debug, Serialize)]
pub enum ContactStep {
    /// Something else is stated of it.
    Edit(Statement),
    /// Holders see it from now on.
    Publish(Consent),
    /// Nobody sees it any more but the kenniscentrum.
    Withdraw(WithdrawalReason),
    /// It is what it was before its last change.
    Undo,
}

/// Entries that are known to be right.
#[derive(Clone, Debug, Serialize)]
pub struct ConfirmContacts {
    /// Which, each once.
    pub seen: Vec<Seen>,
}

/// Two entries of one person that become one.
#[derive(Clone, Debug, Serialize)]
pub struct MergeContacts {
    /// The one that goes on.
    pub keep: Seen,
    /// The one that ends.
    pub other: Seen,
    /// What is taken of the other although the first states it too.
    pub take: Vec<ContactField>,
}

/// Two entries that look alike and are two people.
#[derive(Clone, Debug, Serialize)]
pub struct KeepApart {
    /// One.
    pub first: ContactId,
    /// The other.
    pub second: ContactId,
}

/// The entry that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactChanged {
    /// Which.
    pub id: ContactId,
    /// The version that it has now.
    pub version: i32,
}

/// What came of a confirmation of many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Those that are verified now, with the version that they have now.
    pub confirmed: Vec<Seen>,
    /// Those that were not, since they are not as they were seen: with the version that they have; they are withdrawn where
    /// that is the one that was seen.
    pub changed: Vec<Seen>,
}

impl Store {
    /// Makes an entry, as a draft.
    ///
    /// # Errors
    /// When the requester may not, or it cannot be.
    pub async fn add_contact(&self, request: Request<'_>, asked: &AddContact) -> Result<ContactChanged, Failed> {
        self.write(request, asked).await
    }

    /// Does something with an entry.
    ///
    /// # Errors
    /// When the requester may not, the entry has another version, or it cannot be.
    pub async fn change_contact(&self, request: Request<'_>, asked: &ChangeContact) -> Result<ContactChanged, Failed> {
        self.write(request, asked).await
    }

    /// Confirms many entries.
    ///
    /// # Errors
    /// When the requester may not, or one does not exist; then none is confirmed.
    pub async fn confirm_contacts(&self, request: Request<'_>, asked: &ConfirmContacts) -> Result<Confirmed, Failed> {
        self.write(request, asked).await
    }

    /// Makes one entry of two.
    ///
    /// # Errors
    /// When the requester may not, one has another version, or it cannot be.
    pub async fn merge_contacts(&self, request: Request<'_>, asked: &MergeContacts) -> Result<ContactChanged, Failed> {
        self.write(request, asked).await
    }

    /// Says that two entries are two people.
    ///
    /// # Errors
    /// When the requester may not, or one does not exist.
    pub async fn keep_contacts_apart(&self, request: Request<'_>, asked: &KeepApart) -> Result<(), Failed> {
        self.write(request, asked).await
    }
}
