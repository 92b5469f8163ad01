//! Signing in with a passport, going on, and out.

use std::time::Duration;

use async_graphql::{Context, ID, Object};
use chrono::TimeDelta;
use uuid::Uuid;

use super::super::{
    context::{self, SigningIn},
    error::{ApiError, Result},
    id::{self, GlobalId},
    types::{SignIn, SignOutPayload},
};
use crate::{
    auth::Denied,
    store::{Request, SignedIn, WriteError},
};

/// The longest text that is taken for a number, a code or a token.
const LONGEST: usize = 200;

#[derive(Default)]
pub(super) struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Signs the holder of a passport in, with the number on the card and the one-time code that came with it. Every
    /// combination that is not good gets the same answer, and five tries are the most for a code.
    async fn activate_passport(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number on the card.")] number: String,
        #[graphql(desc = "The one-time code; case, spaces and dashes make no difference.")] code: String,
    ) -> Result<Option<SignIn>> {
        let signing_in = context::signing_in(ctx)?;
        let access = context::access(ctx)?;
        signing_in.attempts.may_try(access.address, Some(&number)).map_err(too_often)?;
        if number.len() > LONGEST || code.len() > LONGEST {
            return Err(not_signed_in());
        }
        let signed = context::store(ctx)?.activate(request(ctx)?, number.trim(), &code).await?;
        sign_in(ctx, signing_in, signed.ok_or_else(not_signed_in)?)
    }

    /// Gets another access token. The refresh token is good once: keep the new one. One that was used before ends the
    /// session, since somebody else has it too.
    async fn refresh_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What `activatePassport` or the last `refreshToken` gave.")] refresh_token: String,
    ) -> Result<Option<SignIn>> {
        let signing_in = context::signing_in(ctx)?;
        signing_in.attempts.may_try(context::access(ctx)?.address, None).map_err(too_often)?;
        if refresh_token.len() > LONGEST {
            return Err(not_signed_in());
        }
        let signed = context::store(ctx)?.refresh(request(ctx)?, &refresh_token).await?;
        sign_in(ctx, signing_in, signed.ok_or_else(not_signed_in)?)
    }

    /// Signs you out: its access tokens are refused from now on, everywhere. For passport holders.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Another session of yours, from `viewer.sessions`; left out: the one that asks.")]
        session: Option<ID>,
    ) -> Result<Option<SignOutPayload>> {
        let session = session.map(|id| id::session("session", &id)).transpose()?;
        let ended = context::store(ctx)?.sign_out(request(ctx)?, session).await.map_err(|error| match error {
            WriteError::Denied(denied) => denied.into(),
            WriteError::Store(error) => error.into(),
            WriteError::Unknown | WriteError::Conflict { .. } | WriteError::KeyTaken | WriteError::Refused(()) => {
                ApiError::from(Denied::Role)
            }
        })?;
        Ok(Some(SignOutPayload { session: ended.map(|id| GlobalId::Session(id).into()) }))
    }
}

fn request<'a>(ctx: &Context<'a>) -> Result<Request<'a>> {
    Ok(Request { view: context::view(ctx)?, access: context::access(ctx)?, key: None })
}

fn sign_in(ctx: &Context<'_>, signing_in: &SigningIn, signed: SignedIn) -> Result<Option<SignIn>> {
    let now = context::view(ctx)?.now();
    let lifetime =
        TimeDelta::from_std(signing_in.lifetime).map_err(|_| ApiError::internal("a lifetime that is none"))?;
    let subject = (signed.passport, signed.session);
    let token = signing_in.authority.issue_for_session(subject, now, lifetime, Uuid::now_v7());
    Ok(Some(SignIn {
        access_token: token.map_err(|_| ApiError::internal("a token that cannot be signed"))?,
        access_expires_at: (now + lifetime).into(),
        refresh_token: signed.refresh_token,
        refresh_expires_at: signed.expires_at.into(),
        session: GlobalId::Session(signed.session).into(),
    }))
}

/// The one answer to whatever is not good.
fn not_signed_in() -> ApiError {
    ApiError::not_signed_in()
}

fn too_often(wait: Duration) -> ApiError {
    ApiError::too_often(wait)
}
