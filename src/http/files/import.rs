//! `POST /v1/imports/contacts`: a file of contacts in, a report out.

use std::{convert::Infallible, sync::Arc};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header::CONTENT_TYPE, request::Parts},
    response::Response,
};
use futures::stream;
use url::form_urlencoded;

use super::{Service, bad, denied, failed, log, spool, unavailable, view};
use crate::{
    care::{
        contact::file::{Mistake, Report},
        file::Columns,
    },
    graphql::error::Code,
    http::{
        graphql::{self, MediaType},
        refusal::Refused,
    },
    store::{ImportError, ImportOptions},
};

/// How many mistakes are written at once.
const MISTAKES: usize = 1_000;

pub(in crate::http) async fn import(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let response = match imported(&service, &parts, body).await {
        Ok(report) => answer(report),
        Err(refused) => refused.respond(MediaType::Json),
    };
    log("importContacts", &response);
    response
}

async fn imported(service: &Service, parts: &Parts, body: Body) -> Result<Report, Refused> {
    let imports = &service.imports;
    let (view, access) = view(service, parts, Method::POST).await?;
    let unsupported = |message| Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadRequest, message);
    if !graphql::is_of_type(&parts.headers, "text/csv") {
        return Err(unsupported("Send the file as text/csv in UTF-8."));
    }
    if !graphql::is_plain(&parts.headers) {
        return Err(unsupported("Send the file without compression."));
    }
    service.store.may_import_contacts(&view, &access).await.map_err(denied)?;
    let options = options(parts.uri.query().unwrap_or_default())?;
    if spool::declares_too_much(parts, imports) {
        return Err(spool::too_large(imports));
    }
    let file = spool::spool(body, imports).await?;
    let turn = imports.turn.try_lock();
    let _turn = turn.map_err(|_| unavailable("Another import is running. Try again when it is done."))?;
    let imported = service.store.import_contacts(&view, &access, &file, options, &|_, _| {}).await;
    imported.map_err(|error| match error {
        ImportError::Denied(why) => denied(why),
        ImportError::File(error) => spool::unwritable(&error),
        ImportError::Meanwhile => unavailable("Others made the same entries, and nothing was imported. Try again."),
        ImportError::Store(error) => failed(&error),
    })
}

/// Reads the parameters `dryRun` and `partial`.
fn options(query: &str) -> Result<ImportOptions, Refused> {
    let mut options = ImportOptions::default();
    let mut seen = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let option = match name.as_ref() {
            "dryRun" => &mut options.dry_run,
            "partial" => &mut options.partial,
            _ => return Err(bad("The parameters are dryRun and partial, each true or false.")),
        };
        *option = match value.as_ref() {
            "true" => true,
            "false" => false,
            _ => return Err(bad("dryRun and partial are true or false.")),
        };
        if seen.contains(&name) {
            return Err(bad("Each parameter is given once."));
        }
        seen.push(name);
    }
    Ok(options)
}

/// The report as JSON, written as it is sent: it may be long.
fn answer(report: Report) -> Response {
    let status = if report.applied || report.dry_run { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    // Numbers and booleans, which always serialize.
    let head = serde_json::to_string(&report).unwrap_or_default();
    let head = format!("{},\"errors\":[", head.trim_end_matches('}'));
    let Report { mistakes, .. } = report;
    let parts = (0..=mistakes.len().div_ceil(MISTAKES)).scan(head, move |text, at| {
        let begin = at * MISTAKES;
        let some = mistakes.get(begin..(begin + MISTAKES).min(mistakes.len())).unwrap_or_default();
        let mut text = std::mem::take(text);
        for (index, mistake) in some.iter().enumerate() {
            if begin + index > 0 {
                text.push(',');
            }
            text.push_str(&written(mistake));
        }
        if begin >= mistakes.len() {
            text.push_str("]}");
        }
        Some(Ok::<_, Infallible>(text))
    });
    let mut response = Response::new(Body::from_stream(stream::iter(parts)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MediaType::Json.content_type()));
    response
}

fn written(mistake: &Mistake) -> String {
    let Mistake { line, column, reason } = mistake;
    let column = column.map(Columns::name);
    serde_json::json!({ "line": line, "column": column, "reason": reason.to_string() }).to_string()
}
