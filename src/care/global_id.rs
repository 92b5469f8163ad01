//! Ids as others see them, in the API and in files: opaque, and saying their type, such as `place_0193a1f0…`.

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

    /// The id as a text.
    pub fn text(self) -> String {
        match self {
            Self::Place(id) => format!("place_{}", id.0.simple()),
            Self::Provider(id) => format!("provider_{}", id.0.simple()),
            Self::Contact(id) => format!("contact_{}", id.0.simple()),
            Self::Session(id) => format!("session_{}", id.0.simple()),
            Self::Proposal(id) => format!("proposal_{}", id.0.simple()),
            Self::SavedSearch(id) => format!("search_{}", id.0.simple()),
            Self::Location(id) => format!("location_{}", id.0.simple()),
            Self::CareGroup(id) => format!("group_{}", id.0.simple()),
            Self::Review(id) => format!("review_{}", id.0.simple()),
            Self::Suggestion(id) => format!("suggestion_{}", id.0.simple()),
        }
    }
}
