//! Ids: those of answers, and those that clients send.

use arrayvec::ArrayString;
use async_graphql::ID;

pub use crate::care::global_id::GlobalId;

use super::{
    error::{ApiError, Result},
    plain::written_as_values,
};
use crate::care::id::{
    CareGroupId, ContactId, LocationId, PlaceId, ProposalId, ProviderId, ReviewId, SavedSearchId, SessionId,
    SuggestionId,
};

/// An id of an answer: an `ID` like those that clients send.
#[derive(Clone, Copy, Debug)]
pub(super) struct NodeId(GlobalId);

impl From<GlobalId> for NodeId {
    fn from(id: GlobalId) -> Self {
        Self(id)
    }
}

impl NodeId {
    fn text(self) -> ArrayString<{ GlobalId::LONGEST }> {
        self.0.text()
    }
}

written_as_values!(answer NodeId as ID);

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

/// Reads the id of a saved search.
pub(super) fn saved_search(argument: &str, id: &ID) -> Result<SavedSearchId> {
    match GlobalId::parse(id) {
        Some(GlobalId::SavedSearch(id)) => Ok(id),
        _ => Err(malformed(argument, "saved search")),
    }
}

/// Reads the id of a proposal where places would help.
pub(super) fn suggestion(argument: &str, id: &ID) -> Result<SuggestionId> {
    match GlobalId::parse(id) {
        Some(GlobalId::Suggestion(id)) => Ok(id),
        _ => Err(malformed(argument, "suggestion")),
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

/// Reads the id of a location.
pub(super) fn location(argument: &str, id: &ID) -> Result<LocationId> {
    match GlobalId::parse(id) {
        Some(GlobalId::Location(id)) => Ok(id),
        _ => Err(malformed(argument, "location")),
    }
}

/// Reads the id of a group.
pub(super) fn care_group(argument: &str, id: &ID) -> Result<CareGroupId> {
    match GlobalId::parse(id) {
        Some(GlobalId::CareGroup(id)) => Ok(id),
        _ => Err(malformed(argument, "group")),
    }
}

/// Reads the id of a review.
pub(super) fn review(argument: &str, id: &ID) -> Result<ReviewId> {
    match GlobalId::parse(id) {
        Some(GlobalId::Review(id)) => Ok(id),
        _ => Err(malformed(argument, "review")),
    }
}
