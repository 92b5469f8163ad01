//! Signing in and going on.

use async_graphql::SimpleObject;

use super::super::{
    id::{GlobalId, NodeId},
    scalars::Instant,
};
use crate::{care::id::SessionId, store};

/// What somebody gets who has signed in.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SignIn {
    /// What questions are asked with: `Authorization: Bearer ...`.
    pub(in crate::graphql) access_token: String,
    /// Until when.
    pub(in crate::graphql) access_expires_at: Instant,
    /// What gets the next access token by `refreshToken`, once: keep the new one each time.
    pub(in crate::graphql) refresh_token: String,
    /// Until when, if it is not used.
    pub(in crate::graphql) refresh_expires_at: Instant,
    /// The session, as `viewer.sessions` lists it.
    pub(in crate::graphql) session: NodeId,
}

/// A device on which you are signed in.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Session {
    /// The id.
    id: NodeId,
    /// The client program, as it called itself; null: it did not.
    client: Option<String>,
    /// Since when.
    created_at: Instant,
    /// When it was used last to get an access token.
    used_at: Instant,
    /// Until when, if it is not used.
    expires_at: Instant,
    /// Whether it is the one that asks.
    current: bool,
}

impl Session {
    pub(super) fn new(session: store::Session, current: Option<SessionId>) -> Self {
        Self {
            id: GlobalId::Session(session.id).into(),
            client: session.client,
            created_at: session.created_at.into(),
            used_at: session.used_at.into(),
            expires_at: session.expires_at.into(),
            current: current == Some(session.id),
        }
    }
}

/// What came of signing out.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SignOutPayload {
    /// The session that has ended; null: the token was of none.
    pub(in crate::graphql) session: Option<NodeId>,
}
