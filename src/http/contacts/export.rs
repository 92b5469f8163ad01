//! `GET /v1/exports/contacts`: all entries as a file.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{
        HeaderValue, Method,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::Response,
};
use futures::{StreamExt, future, stream};

use super::{Service, bad, denied, failed, log, view};
use crate::{
    http::{graphql::MediaType, refusal::Refused},
    store::Exporting,
};

pub(in crate::http) async fn export(State(service): State<Arc<Service>>, request: Request) -> Response {
    let response = match exported(&service, request).await {
        Ok(response) => response,
        Err(refused) => refused.respond(MediaType::Json),
    };
    log("exportContacts", &response);
    response
}

async fn exported(service: &Service, request: Request) -> Result<Response, Refused> {
    let (parts, _) = request.into_parts();
    let (view, access) = view(service, &parts, Method::GET).await?;
    let begun = Exporting::begin(Arc::clone(&service.store), view, access).await;
    let mut exporting = begun.map_err(denied)?;
    if parts.uri.query().is_some_and(|query| !query.is_empty()) {
        return Err(bad("This takes no parameters: all entries are exported."));
    }
    // Before the answer begins, so that a database that is away is answered as such.
    let first = exporting.next().await.map_err(|error| failed(&error))?.unwrap_or_default();
    let rest = stream::try_unfold(exporting, async |mut exporting| match exporting.next().await {
        Ok(part) => Ok(part.map(|part| (part, exporting))),
        Err(error) => {
            tracing::warn!(%error, "an export was cut");
            Err(error)
        }
    });
    let parts = stream::once(future::ready(Ok(first))).chain(rest);
    let mut response = Response::new(Body::from_stream(parts));
    for (name, value) in [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"contacts.csv\""),
        (CACHE_CONTROL, "no-store"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}
