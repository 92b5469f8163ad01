//! `GET /v1/exports/places`: the places of the map as a file, for everybody, as far as they may see them.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::Method,
    response::Response,
};
use futures::stream;
use url::form_urlencoded;

use super::{Service, bad, failed, log, streamed, unconfirmed, view};
use crate::{
    http::{graphql::MediaType, refusal::Refused},
    store::{ExportError, ExportFormat},
};

pub(in crate::http) async fn places(State(service): State<Arc<Service>>, request: Request) -> Response {
    let response = match exported(&service, request).await {
        Ok(response) => response,
        Err(refused) => refused.respond(MediaType::Json),
    };
    log("exportPlaces", &response);
    response
}

async fn exported(service: &Service, request: Request) -> Result<Response, Refused> {
    let (parts, _) = request.into_parts();
    let (view, access) = view(service, &parts, Method::GET).await?;
    let format = format(parts.uri.query().unwrap_or_default())?;
    let begun = service.store.export_places(view, &access, format).await;
    let exporting = begun.map_err(|error| match error {
        ExportError::Denied(_) => unconfirmed(),
        ExportError::Store(error) => failed(&error),
    })?;
    let parts =
        stream::try_unfold(exporting, async |mut exporting| Ok(exporting.part()?.map(|part| (part, exporting))));
    Ok(match format {
        ExportFormat::Csv => streamed(parts, "text/csv; charset=utf-8", "attachment; filename=\"places.csv\""),
        ExportFormat::GeoJson => streamed(parts, "application/geo+json", "attachment; filename=\"places.geojson\""),
    })
}

/// Reads the parameter `format`.
fn format(query: &str) -> Result<ExportFormat, Refused> {
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    match (parameters.next(), parameters.next()) {
        (Some((name, value)), None) if name == "format" && value == "csv" => Ok(ExportFormat::Csv),
        (Some((name, value)), None) if name == "format" && value == "geojson" => Ok(ExportFormat::GeoJson),
        _ => Err(bad("The one parameter is format: csv or geojson.")),
    }
}
