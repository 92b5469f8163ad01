//! What a request brings along for its resolvers.

use async_graphql::Context;

use super::error::{ApiError, Result};
use crate::store::{Access, SharedStore, View};

/// The map as the requester may see it.
pub(super) fn view<'a>(ctx: &Context<'a>) -> Result<&'a View> {
    ctx.data_opt().ok_or_else(|| ApiError::internal("a request without a view"))
}

/// The store, for what is not on the map.
pub(super) fn store<'a>(ctx: &Context<'a>) -> Result<&'a SharedStore> {
    ctx.data_opt().ok_or_else(|| ApiError::internal("a request without a store"))
}

/// From where the request came.
pub(super) fn access<'a>(ctx: &Context<'a>) -> Result<&'a Access> {
    ctx.data_opt().ok_or_else(|| ApiError::internal("a request without an access point"))
}
