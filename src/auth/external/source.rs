//! Where the keys of an issuer come from. How a document gets here over a network is for others: see [`Fetch`].

use std::{fs::File, io::Read, sync::Arc};

use futures::future::BoxFuture;
use url::Url;

use super::{
    config::{IssuerConfig, KeySource, SigningAlgorithm, address, discovery_address, is_here},
    json,
    keys::KeySet,
};

/// The largest document that is read, bytes.
pub const LARGEST_DOCUMENT: usize = 256 * 1024;

/// Gets a document.
pub trait Fetch: Send + Sync {
    /// The document at an address, at most [`LARGEST_DOCUMENT`] long; or why there is none, for the log.
    fn get(&self, url: Url) -> BoxFuture<'_, Result<Vec<u8>, String>>;
}

/// Where the keys of one issuer are.
pub(super) struct Source {
    issuer: String,
    keys: KeySource,
    algorithms: Vec<SigningAlgorithm>,
    fetch: Arc<dyn Fetch>,
}

impl Source {
    pub(super) fn new(config: &IssuerConfig, fetch: Arc<dyn Fetch>) -> Self {
        let (issuer, keys, algorithms) = (config.issuer.clone(), config.keys.clone(), config.algorithms.clone());
        Self { issuer, keys, algorithms, fetch }
    }

    /// The name of the issuer.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The keys as they are now; or why they cannot be had, for the log.
    pub(super) async fn read(&self) -> Result<KeySet, String> {
        let document = match &self.keys {
            KeySource::Discovery => self.fetch.get(self.discover().await?).await?,
            KeySource::Url(url) => self.fetch.get(address(url)?).await?,
            KeySource::File(path) => {
                let path = path.clone();
                tokio::task::spawn_blocking(move || {
                    let mut document = Vec::new();
                    let mut file = File::open(path)?.take(LARGEST_DOCUMENT as u64 + 1);
                    file.read_to_end(&mut document).map(|_| document)
                })
                .await
                .map_err(|error| error.to_string())?
                .map_err(|error| error.to_string())?
            }
        };
        if document.len() > LARGEST_DOCUMENT {
            return Err(format!("the keys are more than {LARGEST_DOCUMENT} bytes"));
        }
        KeySet::parse(&document, &self.algorithms).ok_or_else(|| "the keys are no JWKS".into())
    }

    /// Where the issuer says that its keys are.
    async fn discover(&self) -> Result<Url, String> {
        let asked = discovery_address(&self.issuer)?;
        let here = is_here(&asked);
        let document = self.fetch.get(asked).await?;
        let said = json::object(&document).ok_or("what the issuer says of itself is no JSON object")?;
        let text = |name: &str| said.get(name).and_then(json::Json::text);
        // Whoever answers for another issuer could put their keys under its name.
        if text("issuer") != Some(self.issuer.as_str()) {
            return Err("what was found there is of another issuer".into());
        }
        let keys = address(text("jwks_uri").ok_or("the issuer does not say where its keys are (jwks_uri)")?)?;
        if is_here(&keys) && !here {
            return Err("the issuer says that its keys are on this machine".into());
        }
        Ok(keys)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests;
