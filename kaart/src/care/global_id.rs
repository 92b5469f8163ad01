//! Ids as others see them, in the API and in files: opaque, and saying their type, such as `place_0193a1f0…`.

use std::fmt;

use uuid::Uuid;

use super::{
    id::{
        CareGroupId, ContactId, LocationId, PlaceId, ProposalId, ProviderId, ReviewId, SavedSearchId, SessionId,
        SuggestionId,
    },
    profile::Object,
};

/// Something that can be named.
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
    /// A saved search.
    SavedSearch(SavedSearchId),
    /// A location.
    Location(LocationId),
    /// A group.
    CareGroup(CareGroupId),
    /// A review.
    Review(ReviewId),
    /// A proposal where places would help.
    Suggestion(SuggestionId),
}

impl From<Object> for GlobalId {
    fn from(object: Object) -> Self {
        match object {
            Object::Provider(id) => Self::Provider(id),
            Object::Location(id) => Self::Location(id),
            Object::CareGroup(id) => Self::CareGroup(id),
            Object::Place(id) => Self::Place(id),
        }
    }
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
            "search" => Some(Self::SavedSearch(SavedSearchId(uuid))),
            "location" => Some(Self::Location(LocationId(uuid))),
            "group" => Some(Self::CareGroup(CareGroupId(uuid))),
            "review" => Some(Self::Review(ReviewId(uuid))),
            "suggestion" => Some(Self::Suggestion(SuggestionId(uuid))),
            _ => None,
        }
    }
}

impl fmt::Display for GlobalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, id) = match self {
            Self::Place(id) => ("place", id.0),
            Self::Provider(id) => ("provider", id.0),
            Self::Contact(id) => ("contact", id.0),
            Self::Session(id) => ("session", id.0),
            Self::Proposal(id) => ("proposal", id.0),
            Self::SavedSearch(id) => ("search", id.0),
            Self::Location(id) => ("location", id.0),
            Self::CareGroup(id) => ("group", id.0),
            Self::Review(id) => ("review", id.0),
            Self::Suggestion(id) => ("suggestion", id.0),
        };
        // At once: whoever makes a text of it knows how long it gets.
        let mut text = [b'_'; 48];
        let (name, hex) = text.split_at_mut(kind.len());
        name.copy_from_slice(kind.as_bytes());
        let length = kind.len() + 1 + id.simple().encode_lower(&mut hex[1..]).len();
        f.write_str(std::str::from_utf8(&text[..length]).map_err(|_| fmt::Error)?)
    }
}
