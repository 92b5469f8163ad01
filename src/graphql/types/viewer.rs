//! Who asks.

use async_graphql::{Context, Object};

use super::{audit::PassportEvent, passport::Passport, provider::Provider, region::Region, session::Session};
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

    /// Passport holders: your passport, also when it has ended. The read is recorded.
    async fn passport(&self, ctx: &Context<'_>) -> Result<Option<Passport>> {
        let view = context::view(ctx)?;
        let passport = context::store(ctx)?.own_passport(view, context::access(ctx)?).await?;
        Ok(passport.map(|passport| Passport::at(&passport, view.now())))
    }

    /// Passport holders: who has looked at your passport or changed it, the latest first, 100 at most; null for others. The
    /// read is recorded.
    async fn passport_events(&self, ctx: &Context<'_>) -> Result<Option<Vec<PassportEvent>>> {
        let view = context::view(ctx)?;
        let events = context::store(ctx)?.own_trail(view, context::access(ctx)?, 100).await?;
        Ok(events.map(|events| events.into_iter().map(Into::into).collect()))
    }

    /// Passport holders: where you are signed in, the session used last first; null for others.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Option<Vec<Session>>> {
        let view = context::view(ctx)?;
        let sessions = context::store(ctx)?.sessions(view).await??;
        let current = view.scope().sessions()?.1;
        Ok(Some(sessions.into_iter().map(|session| Session::new(session, current)).collect()))
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
