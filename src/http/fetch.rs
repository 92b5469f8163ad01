//! Gets the keys of issuers of others over HTTP.

use std::time::Duration;

use futures::future::BoxFuture;
use reqwest::{Client, StatusCode, Url, header::ACCEPT, redirect::Policy};

use crate::auth::{Fetch, LARGEST_DOCUMENT};

/// How long one document may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Gets documents over HTTPS, from whom the certificate authorities of this machine vouch for.
#[derive(Clone, Copy, Debug)]
pub struct HttpFetch;

impl Fetch for HttpFetch {
    fn get(&self, url: Url) -> BoxFuture<'_, Result<Vec<u8>, String>> {
        Box::pin(get(url))
    }
}

async fn get(url: Url) -> Result<Vec<u8>, String> {
    // A client for each document: there is one an hour, and authorities that the machine got meanwhile count. It is
    // the address in the configuration that is safe, not where that would lead.
    let client = Client::builder().timeout(PATIENCE).redirect(Policy::none()).build().map_err(said)?;
    let mut response = client.get(url.clone()).header(ACCEPT, "application/json").send().await.map_err(said)?;
    if response.status() != StatusCode::OK {
        return Err(format!("{url} answers {}", response.status()));
    }
    let mut document = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(said)? {
        if document.len() + chunk.len() > LARGEST_DOCUMENT {
            return Err(format!("{url} answers more than {LARGEST_DOCUMENT} bytes"));
        }
        document.extend_from_slice(&chunk);
    }
    Ok(document)
}

/// What is wrong, with what is behind it: the outermost error only says that something is.
#[expect(clippy::needless_pass_by_value, reason = "as map_err gives it")]
fn said(error: reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
