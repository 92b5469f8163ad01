//! Who asks.

use async_graphql::{Context, Object};

use super::{passport::Passport, provider::Provider, region::Region};
use crate::graphql::{context, enums::Role, error::Result};

/// Who asks.
pub(in crate::graphql) struct Viewer;

/// Who asks.
#[Object]
impl Viewer {
    /// What you are to the map.
    async fn role(&self, ctx: &Context<'_>) -> Result<Role> {
        Ok(context::view(ctx)?.scope().role().into())
    }

    /// Passport holders: your passport, also when it has ended.
    async fn passport(&self, ctx: &Context<'_>) -> Result<Option<Passport>> {
        let view = context::view(ctx)?;
        let Some(id) = view.scope().passport() else { return Ok(None) };
        let passport = context::store(ctx)?.passport(id).await?;
        Ok(passport.map(|passport| Passport::at(&passport, view.now())))
    }

    /// Staff of a provider: your provider.
    async fn provider(&self, ctx: &Context<'_>) -> Result<Option<Provider>> {
        let view = context::view(ctx)?;
        Ok(view.scope().provider().and_then(|id| Provider::find(view, id)))
    }

    /// Staff of a zorgkantoor: your regions; empty for others.
    async fn regions(&self, ctx: &Context<'_>) -> Result<Vec<Region>> {
        let view = context::view(ctx)?;
        Ok(view.scope().regions().iter().filter_map(|code| Region::of(view, code)).collect())
    }
}
