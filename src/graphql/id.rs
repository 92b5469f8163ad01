//! Ids as clients see them: opaque, and saying their type, such as `place_0193a1f0…`.

use async_graphql::ID;
use uuid::Uuid;

use super::error::{ApiError, Result};
use crate::care::id::{ContactId, PlaceId, ProposalId, ProviderId, SessionId};

/// Something that a client can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalId {
    /// A place.
    Place(PlaceId),
    /// A provider.
    Provider(ProviderId),
    /// A contact.
    Contact(ContactId),
    /// A session.
    Session(SessionId),
    /// A proposal.
    Proposal(ProposalId),
}

impl GlobalId {
    /// Reads an id of any type.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, hex) = text.split_once('_')?;
        // One spelling only, so that equal ids are equal texts.
        if hex.len() != 32 || hex.bytes().any(|b| b.is_ascii_uppercase()) {
            return None;
        }
        let uuid = Uuid::try_parse(hex).ok()?;
        match kind {
            "place" => Some(Self::Place(PlaceId(uuid))),
            "provider" => Some(Self::Provider(ProviderId(uuid))),
            "contact" => Some(Self::Contact(ContactId(uuid))),
            "session" => Some(Self::Session(SessionId(uuid))),
            "proposal" => Some(Self::Proposal(ProposalId(uuid))),
            _ => None,
        }
    }

    /// The id as a text.
    pub fn text(self) -> String {
        match self {
            Self::Place(id) => format!("place_{}", id.0.simple()),
            Self::Provider(id) => format!("provider_{}", id.0.simple()),
            Self::Contact(id) => format!("contact_{}", id.0.simple()),
            Self::Session(id) => format!("session_{}", id.0.simple()),
            Self::Proposal(id) => format!("proposal_{}", id.0.simple()),
        }
    }
}

impl From<GlobalId> for ID {
    fn from(id: GlobalId) -> Self {
        Self(id.text())
    }
}

fn malformed(argument: &str, kind: &str) -> ApiError {
    ApiError::input(argument, format!("This is not the id of a {kind}; take it from the `id` of an answer."))
}

/// Reads the id of anything.
pub(super) fn any(argument: &str, id: &ID) -> Result<GlobalId> {
    GlobalId::parse(id).ok_or_else(|| malformed(argument, "place, provider or contact"))
}

/// Reads the id of a place.
pub(super) fn place(argument: &str, id: &ID) -> Result<PlaceId> {
    match GlobalId::parse(id) {
        Some(GlobalId::Place(id)) => Ok(id),
        _ => Err(malformed(argument, "place")),
    }
}

/// Reads the id of a contact.
pub(super) fn contact(argument: &str, id: &ID) -> Result<ContactId> {
    match GlobalId::parse(id) {
        Some(GlobalId::Contact(id)) => Ok(id),
        _ => Err(malformed(argument, "contact")),
    }
}

/// Reads the id of a proposal.
pub(super) fn proposal(argument: &str, id: &ID) -> Result<ProposalId> {
    match GlobalId::parse(id) {
        Some(GlobalId::Proposal(id)) => Ok(id),
        _ => Err(malformed(argument, "proposal")),
    }
}

/// Reads the id of a session.
pub(super) fn session(argument: &str, id: &ID) -> Result<SessionId> {
    match GlobalId::parse(id) {
        Some(GlobalId::Session(id)) => Ok(id),
        _ => Err(malformed(argument, "session")),
    }
}

/// Reads the id of a provider.
pub(super) fn provider(argument: &str, id: &ID) -> Result<ProviderId> {
    match GlobalId::parse(id) {
        Some(GlobalId::Provider(id)) => Ok(id),
        _ => Err(malformed(argument, "provider")),
    }
}
