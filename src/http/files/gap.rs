//! `GET /v1/exports/gap`: the gap analysis as a map, features or a table, for those who may ask it.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{
        HeaderValue, Method, StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::Response,
};
use url::form_urlencoded;

use super::{Service, bad, failed, log, unconfirmed, view};
use crate::{
    graphql::{
        error::{ApiError, Code},
        gap_question,
    },
    http::{graphql::MediaType, refusal::Refused},
    store::{GapAsked, GapFormat},
};

/// The longest query of the address, bytes.
const LONGEST: usize = 8 * 1024;

pub(in crate::http) async fn gap(State(service): State<Arc<Service>>, request: Request) -> Response {
    let response = match exported(&service, request).await {
        Ok(response) => response,
        Err(refused) => refused.respond(MediaType::Json),
    };
    log("exportGap", &response);
    response
}

/// What the address asks.
struct Asked {
    format: GapFormat,
    region: Option<String>,
    input: String,
}

async fn exported(service: &Service, request: Request) -> Result<Response, Refused> {
    let (parts, _) = request.into_parts();
    let (view, access) = view(service, &parts, Method::GET).await?;
    // Before anything is said of what was asked.
    view.scope().see_demand().map_err(|denied| refused(&denied.into()))?;
    let Asked { format, region, input } = asked(parts.uri.query().unwrap_or_default())?;
    let (question, region) = gap_question(&input, region, &view).map_err(|error| refused(&error))?;
    let asked = GapAsked { question, purpose: "exportGap" };
    let written = service.store.export_gap(&view, &access, &asked, region, format).await;
    let bytes = match written {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(refusal)) => return Err(refused(&refusal.into())),
        Err(error) => return Err(failed(&error)),
    };
    let (content_type, disposition) = match format {
        GapFormat::Svg => ("image/svg+xml", "inline; filename=\"gap.svg\""),
        GapFormat::GeoJson => ("application/geo+json", "attachment; filename=\"gap.geojson\""),
        GapFormat::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"gap.csv\""),
    };
    let mut response = Response::new(Body::from(bytes));
    for (name, value) in [(CONTENT_TYPE, content_type), (CONTENT_DISPOSITION, disposition), (CACHE_CONTROL, "no-store")]
    {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// Reads the parameters, each once.
fn asked(query: &str) -> Result<Asked, Refused> {
    let wrong =
        || bad("The parameters are format (svg, geojson or csv), input (GapInput as JSON) and, if wanted, region.");
    if query.len() > LONGEST {
        return Err(bad("The address is too long; ask with less."));
    }
    let (mut format, mut region, mut input) = (None, None, None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let slot = match &*name {
            "format" => &mut format,
            "region" => &mut region,
            "input" => &mut input,
            _ => return Err(wrong()),
        };
        if slot.replace(value.into_owned()).is_some() {
            return Err(wrong());
        }
    }
    let format = match format.as_deref() {
        Some("svg") => GapFormat::Svg,
        Some("geojson") => GapFormat::GeoJson,
        Some("csv") => GapFormat::Csv,
        _ => return Err(wrong()),
    };
    Ok(Asked { format, region, input: input.ok_or_else(wrong)? })
}

/// What the API would say, over HTTP.
fn refused(error: &ApiError) -> Refused {
    let status = match error.code() {
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::Unavailable => return unconfirmed(),
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let refused = Refused::new(status, error.code(), error.message());
    match error.argument() {
        Some(argument) => refused.with_extension("argument", argument),
        None => refused,
    }
}
