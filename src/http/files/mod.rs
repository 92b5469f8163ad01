//! Files over HTTP: the contactenbestand for the kenniscentrum, by `POST /v1/imports/contacts` and `GET /v1/exports/contacts`, the
//! places of the map for everybody, by `GET /v1/exports/places`, and the gap analysis, by `GET /v1/exports/gap`.

mod export;
mod gap;
mod import;
mod places;
mod spool;

use std::time::Duration;

use axum::{
    body::Body,
    http::{
        HeaderValue, Method, StatusCode,
        header::{ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
        request::Parts,
    },
    response::Response,
};
use futures::Stream;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use uuid::Uuid;

pub(super) use export::export;
pub(super) use gap::gap;
pub(super) use import::import;
pub(super) use places::places;

use super::{Service, access, authentication, refusal::Refused};
use crate::{
    auth::Denied,
    graphql::error::{Code, OUR_MISTAKE},
    store::{Access, StoreError, View},
};

/// How large a file may be that is imported over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportLimits {
    /// Bytes.
    pub bytes: u64,
}

impl Default for ImportLimits {
    fn default() -> Self {
        Self { bytes: 256 * 1024 * 1024 }
    }
}

/// What imports share.
pub(super) struct Imports {
    limits: ImportLimits,
    /// How long a body may make no progress.
    within: Duration,
    /// Whose turn it is: two at once would only wait for each other in the database.
    turn: Mutex<()>,
}

impl Imports {
    pub(super) fn new(limits: ImportLimits, within: Duration) -> Self {
        Self { limits, within, turn: Mutex::new(()) }
    }
}

/// The view of whoever asks with `method`.
async fn view(service: &Service, parts: &Parts, method: Method) -> Result<(View, Access), Refused> {
    if parts.method != method {
        let message = format!("This is asked with {method}.");
        let refused = Refused::new(StatusCode::METHOD_NOT_ALLOWED, Code::BadRequest, message);
        let allowed = HeaderValue::from_str(method.as_str());
        return Err(match allowed {
            Ok(allowed) => refused.with_header(ALLOW, allowed),
            Err(_) => refused,
        });
    }
    let scope = authentication::scope(service, &parts.headers).await?;
    Ok((service.store.view(scope, service.clock.now()), access::access(parts)))
}

/// Says in the log how a request ended.
fn log(what: &str, response: &Response) {
    tracing::info!(operation = what, status = response.status().as_u16(), "answered");
}

fn bad(message: &str) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, Code::BadRequest, message)
}

fn unavailable(message: &str) -> Refused {
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, message)
        .with_header(RETRY_AFTER, HeaderValue::from_static("1"))
}

fn unconfirmed() -> Refused {
    unavailable("Who you are cannot be confirmed at the moment. Try again in a second.")
}

/// A file that is written as it is sent.
fn streamed(
    parts: impl Stream<Item = Result<Vec<u8>, StoreError>> + Send + 'static,
    content_type: &'static str,
    disposition: &'static str,
) -> Response {
    let mut response = Response::new(Body::from_stream(parts));
    for (name, value) in [(CONTENT_TYPE, content_type), (CONTENT_DISPOSITION, disposition), (CACHE_CONTROL, "no-store")]
    {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn denied(denied: Denied) -> Refused {
    match denied {
        Denied::Anonymous => {
            let message = "Send `Authorization: Bearer` with a token of the kenniscentrum.";
            Refused::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, message)
                .with_header(WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer realm="zorgkaart""#))
        }
        Denied::Unconfirmed => unconfirmed(),
        Denied::PassportEnded | Denied::Role | Denied::OwnOnly | Denied::OtherRegion => {
            Refused::new(StatusCode::FORBIDDEN, Code::Forbidden, "This is for the kenniscentrum only.")
        }
    }
}

fn failed(error: &StoreError) -> Refused {
    match error {
        StoreError::Unavailable(_) | StoreError::Unrecorded(_) => {
            tracing::warn!(%error, "not available");
            unavailable("This is not available at the moment, and nothing was changed. Try again in a second.")
        }
        StoreError::Corrupt(_) | StoreError::Start(_) | StoreError::Database(_) => {
            let incident = Uuid::now_v7().to_string();
            tracing::error!(%incident, %error, "a defect");
            Refused::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, OUR_MISTAKE)
                .with_extension("incident", incident)
        }
    }
}
