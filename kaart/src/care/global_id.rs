//! Ids as others see them, in the API and in files: opaque, and saying their type, such as `place_0193a1f0…`.

use std::fmt;

use arrayvec::ArrayString;
use uuid::{Uuid, fmt::Simple};

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
    /// Bytes that the longest of them takes.
    pub const LONGEST: usize = 48;

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

    /// What [`Self::parse`] reads.
    pub fn text(self) -> ArrayString<{ Self::LONGEST }> {
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
        let mut text = ArrayString::new();
        text.push_str(kind);
        text.push('_');
        text.push_str(id.simple().encode_lower(&mut [0; Simple::LENGTH]));
        text
    }
}

impl fmt::Display for GlobalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
