//! A body as a file, since it is read twice: unnamed, in the system's directory for temporary files, gone when it is closed.

use std::{fs::File, io};

use axum::{
    body::Body,
    http::{StatusCode, header::CONTENT_LENGTH, request::Parts},
};
use futures::StreamExt;
use tokio::{io::AsyncWriteExt, time::timeout};

use super::{Imports, bad, unavailable};
use crate::{graphql::error::Code, http::refusal::Refused};

/// Whether a body says that it is too large.
pub(super) fn declares_too_much(parts: &Parts, imports: &Imports) -> bool {
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    length.is_some_and(|length| length > imports.limits.bytes)
}

/// The refusal of a body beyond its limit.
pub(super) fn too_large(imports: &Imports) -> Refused {
    let message = format!("The file is larger than {} bytes; split it.", imports.limits.bytes);
    Refused::new(StatusCode::PAYLOAD_TOO_LARGE, Code::BadRequest, message).closing()
}

/// Reads a body into a file.
pub(super) async fn spool(body: Body, imports: &Imports) -> Result<File, Refused> {
    let mut file = tokio::fs::File::from_std(tempfile::tempfile().map_err(|error| unwritable(&error))?);
    let mut chunks = body.into_data_stream();
    let mut left = imports.limits.bytes;
    loop {
        let chunk = match timeout(imports.within, chunks.next()).await {
            Ok(Some(Ok(chunk))) => chunk,
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(bad("The body ended before it was complete; send it again.")),
            Err(_) => {
                let message = format!("Nothing came for {} s; send the file at once.", imports.within.as_secs());
                return Err(Refused::new(StatusCode::REQUEST_TIMEOUT, Code::BadRequest, message).closing());
            }
        };
        left = left.checked_sub(chunk.len() as u64).ok_or_else(|| too_large(imports))?;
        file.write_all(&chunk).await.map_err(|error| unwritable(&error))?;
    }
    file.flush().await.map_err(|error| unwritable(&error))?;
    Ok(file.into_std().await)
}

/// There is no room for the file.
pub(super) fn unwritable(error: &io::Error) -> Refused {
    tracing::error!(%error, "an upload cannot be kept in the directory for temporary files");
    unavailable("The file cannot be taken at the moment. Try again later.").closing()
}
