//! What is wrong with a file, and where. Nothing here repeats what the file says, so that a report can be kept and passed on.

use thiserror::Error;

use super::{super::rules::ContactError, super::stated::StatedError, Column};
use crate::care::file::{self, Flaw};

/// Something wrong.
pub type Mistake = file::Mistake<Column, Reason>;

/// What an id can be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdKind {
    /// An entry.
    Contact,
    /// A provider.
    Provider,
    /// A place.
    Place,
}

impl IdKind {
    /// What its ids begin with.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Provider => "provider",
            Self::Place => "place",
        }
    }
}

/// What is wrong, and what would be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Reason {
    /// It is no file of rows.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// No id.
    #[error("this is not the id of a {kind}; they look like {kind}_0193a1f0b5c47d2e8f000123456789ab", kind = .0.name())]
    NoId(IdKind),
    /// Nothing says which entry is meant.
    #[error("a row needs an id or an external_id")]
    NoKey,
    /// An id of nothing.
    #[error("there is no entry with this id")]
    NoEntry,
    /// Two rows for one entry.
    #[error("an earlier row is about the same entry, or has the same external_id")]
    Twice,
    /// An external id of another entry.
    #[error("another entry has this external_id")]
    ExternalIdTaken,
    /// A provider that is not there.
    #[error("there is no such provider on the map")]
    NoProvider,
    /// A place that is not there.
    #[error("there is no such place on the map")]
    NoPlace,
    /// A place and another provider.
    #[error("the place is not one of this provider")]
    OtherProvider,
    /// No status.
    #[error("a status is DRAFT, PUBLISHED or WITHDRAWN; an empty cell keeps it")]
    NoStatus,
    /// A withdrawn entry that would change.
    #[error("this entry is withdrawn; a file neither changes nor publishes it")]
    Withdrawn,
    /// A published entry that would be a draft.
    #[error("a published entry does not become a draft again; withdraw it")]
    ToDraft,
    /// A new entry that would be withdrawn.
    #[error("a new entry is a draft or published")]
    NewWithdrawn,
    /// Publishing without consent.
    #[error("publishing needs consent_on and consent_source")]
    NoConsent,
    /// Half of a consent.
    #[error("consent needs both consent_on and consent_source")]
    HalfConsent,
    /// Consent to nothing.
    #[error("consent is kept of what is published; give the status PUBLISHED with it")]
    ConsentOfDraft,
    /// No date.
    #[error("a date is written as 2026-12-01")]
    NoDate,
    /// No version.
    #[error("a version is a whole number, as an export writes it")]
    NoVersion,
    /// Somebody else was first.
    #[error("the entry has changed since this version; export it again")]
    Outdated,
    /// What a field cannot hold.
    #[error(transparent)]
    Stated(#[from] StatedError),
    /// What a list cannot hold, by its number in the list.
    #[error("{0} in the list: {1}")]
    Item(u16, StatedError),
    /// What is not done with an entry.
    #[error(transparent)]
    Rule(#[from] ContactError),
}
