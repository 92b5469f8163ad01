//! What a request brings along for its resolvers.

use std::{sync::Arc, time::Duration};

use async_graphql::{Context, Request, dataloader::DataLoader};

use super::{
    attempts::Attempts,
    error::{ApiError, Result},
    gate::Limits,
    loaders::ContactsAt,
    plain::Tried,
};
use crate::{
    auth::Authority,
    store::{Access, SharedStore, View},
};

/// What a request brings along.
struct Brought {
    view: View,
    store: SharedStore,
    access: Access,
    contacts: DataLoader<ContactsAt>,
    largest_page: i32,
    signing_in: Arc<SigningIn>,
}

/// What signing in needs.
pub struct SigningIn {
    /// Signs the tokens.
    pub authority: Arc<Authority>,
    /// How long an access token lives.
    pub lifetime: Duration,
    /// Who has tried how often.
    pub attempts: Attempts,
}

/// Gives a request what its resolvers need: the map as the requester may see it, the store for what is not on the map,
/// where the request came from, and how large a page may be.
pub fn prepare(
    request: Request,
    view: View,
    store: SharedStore,
    access: Access,
    limits: &Limits,
    signing_in: Arc<SigningIn>,
) -> Request {
    let contacts = ContactsAt { store: Arc::clone(&store), view: view.clone(), access: access.clone() };
    let contacts = DataLoader::new(contacts, tokio::spawn);
    let largest_page = i32::try_from(limits.page).unwrap_or(i32::MAX);
    request.data(Brought { view, store, access, contacts, largest_page, signing_in }).data(Tried::default())
}

/// The map as the requester may see it.
pub(super) fn view<'a>(ctx: &Context<'a>) -> Result<&'a View> {
    Ok(&brought(ctx)?.view)
}

/// The store, for what is not on the map.
pub(super) fn store<'a>(ctx: &Context<'a>) -> Result<&'a SharedStore> {
    Ok(&brought(ctx)?.store)
}

/// From where the request came.
pub(super) fn access<'a>(ctx: &Context<'a>) -> Result<&'a Access> {
    Ok(&brought(ctx)?.access)
}

/// What signing in needs.
pub(super) fn signing_in<'a>(ctx: &Context<'a>) -> Result<&'a SigningIn> {
    Ok(&brought(ctx)?.signing_in)
}

/// The contacts at locations, read together.
pub(super) fn contacts_at<'a>(ctx: &Context<'a>) -> Result<&'a DataLoader<ContactsAt>> {
    Ok(&brought(ctx)?.contacts)
}

/// How large a page may be.
pub(super) fn largest_page(ctx: &Context<'_>) -> Result<i32> {
    Ok(brought(ctx)?.largest_page)
}

fn brought<'a>(ctx: &Context<'a>) -> Result<&'a Brought> {
    ctx.data_opt().ok_or_else(|| ApiError::internal("a request that was not prepared"))
}
