//! `GET /v1/exports/contacts`: all entries as a file.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::Method,
    response::Response,
};
use futures::{StreamExt, future, stream};

use super::{Service, bad, denied, failed, log, streamed, view};
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
    Ok(streamed(parts, "text/csv; charset=utf-8", "attachment; filename=\"contacts.csv\""))
}
