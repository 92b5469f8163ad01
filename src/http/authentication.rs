//! From a bearer token to a scope: the token says who somebody is, the database that they still are.

use std::time::Instant;

use axum::http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{AUTHORIZATION, WWW_AUTHENTICATE},
};

use super::{Service, refusal::Refused};
use crate::{
    auth::{Requester, Scope, Standing, Subject},
    care::passport::{Passport, PassportStatus},
    graphql::error::Code,
    store::StoreError,
};

/// Who asks. No token is nobody; a bad one is an error, never nobody.
pub(super) async fn scope(service: &Service, headers: &HeaderMap) -> Result<Scope, Refused> {
    let scope = of_token(service, bearer(headers)?).await?;
    if let Some(pseudonym) = scope.pseudonym() {
        service.load.rates().of(pseudonym)?;
    }
    Ok(scope)
}

/// Who comes with a token; none: nobody.
pub(super) async fn of_token(service: &Service, token: Option<&str>) -> Result<Scope, Refused> {
    let Some(token) = token else { return Ok(Scope::anonymous()) };
    if !service.believes_clock() {
        return Err(unauthenticated());
    }
    let now = service.clock.now();
    let verified = match service.issuers.verify(token, now, Instant::now()).await {
        Some(verified) => verified,
        None => service.authority.verify(token, now),
    };
    let requester = verified.map_err(|_| unauthenticated())?;
    let standing = match standing(service, &requester).await {
        Ok(standing) => standing.ok_or_else(unauthenticated)?,
        Err(error) => {
            tracing::warn!(%error, "a token could not be confirmed");
            Standing::Unconfirmed
        }
    };
    Ok(requester.into_scope(standing))
}

/// The token of the one `Authorization` header, which must be a bearer token (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refused> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(unauthenticated());
    }
    value.to_str().ok().and_then(bearer_token).map(Some).ok_or_else(unauthenticated)
}

/// The token in `Bearer ...`.
pub(super) fn bearer_token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// What the database says of whom a token is for; none: there is no such passport, session, provider or region.
async fn standing(service: &Service, requester: &Requester) -> Result<Option<Standing>, StoreError> {
    let store = &service.store;
    let exists = match requester.subject() {
        Subject::PassportHolder(id) => {
            let now = service.clock.now();
            let worth = |passport: Passport| match passport.status(now) {
                PassportStatus::Active => Standing::Confirmed,
                PassportStatus::Expired | PassportStatus::Revoked => Standing::Ended,
            };
            return Ok(store.standing_of(*id, requester.session(), now).await?.map(worth));
        }
        Subject::Provider(id) => store.has_provider(*id).await?,
        Subject::Zorgkantoor(regions) => store.has_regions(regions),
        Subject::Kenniscentrum => true,
    };
    Ok(exists.then_some(Standing::Confirmed))
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
