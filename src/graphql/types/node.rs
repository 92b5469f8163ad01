//! Anything with an id.

use async_graphql::Interface;

use super::{Contact, Place, Provider};
use crate::graphql::id::NodeId;

/// Anything with an id (Relay object identification).
#[derive(Interface)]
#[graphql(field(name = "id", ty = "NodeId", desc = "The id: opaque, and the same for as long as the thing exists."))]
pub(in crate::graphql) enum Node {
    Place(Place),
    Provider(Provider),
    Contact(Box<Contact>),
}
