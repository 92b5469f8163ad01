//! From a bearer token to a scope: the token says who somebody is, the database that they still are.

use axum::http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE},
};

use super::{Service, refusal::Refused};
use crate::{
    auth::{Requester, Scope, Subject},
    care::passport::PassportStatus,
    graphql::error::Code,
    store::StoreError,
};

/// Who asks. No token is nobody; a bad one is an error, never nobody.
pub(super) async fn scope(service: &Service, headers: &HeaderMap) -> Result<Scope, Refused> {
    let Some(token) = bearer(headers)? else { return Ok(Scope::anonymous()) };
    if !service.believes_clock() {
        return Err(unauthenticated());
    }
    let requester = service.authority.verify(token, service.clock.now()).map_err(|_| unauthenticated())?;
    confirmed(service, requester).await
}

/// The token of the one `Authorization` header, which must be a bearer token (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refused> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(unauthenticated());
    }
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(unauthenticated)?;
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() { Ok(Some(token)) } else { Err(unauthenticated()) }
}

async fn confirmed(service: &Service, requester: Requester) -> Result<Scope, Refused> {
    let store = &service.store;
    let active = match requester.subject() {
        Subject::PassportHolder(id) => {
            let passport = store.passport(*id).await.map_err(|error| unavailable(&error))?;
            passport.ok_or_else(unauthenticated)?.status(service.clock.now()) == PassportStatus::Active
        }
        Subject::Provider(id) => {
            let exists = store.has_provider(*id).await.map_err(|error| unavailable(&error))?;
            exists.then_some(true).ok_or_else(unauthenticated)?
        }
        Subject::Zorgkantoor(regions) => store.has_regions(regions).then_some(true).ok_or_else(unauthenticated)?,
        Subject::Kenniscentrum => true,
    };
    Ok(requester.into_scope(active))
}

/// One identical answer to every bad token: whoever guesses should learn nothing.
fn unauthenticated() -> Refused {
    Refused::new(
        StatusCode::UNAUTHORIZED,
        Code::Unauthenticated,
        "The token is not valid. Send `Authorization: Bearer` with a valid access token, or no header at all.",
    )
    .with_header(WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer realm="zorgkaart", error="invalid_token""#))
}

/// What cannot be confirmed is not believed.
fn unavailable(error: &StoreError) -> Refused {
    tracing::warn!(%error, "a token could not be confirmed");
    Refused::new(
        StatusCode::SERVICE_UNAVAILABLE,
        Code::Unavailable,
        "Your token cannot be confirmed at the moment. Try again in a second.",
    )
    .with_header(RETRY_AFTER, HeaderValue::from_static("1"))
}
