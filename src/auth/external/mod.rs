//! Tokens of issuers of others: OpenID providers of zorgaanbieders, zorgkantoren and the kenniscentrum, for their staff.
//!
//! A token names its issuer, and by that name, not yet believed, its configuration is found; then the signature is checked
//! by that issuer's keys, then the claims. What is wrong with a token nobody learns (SECURITY.md, "Tokens").

mod cache;
mod claims;
mod config;
mod json;
mod keys;
mod source;

use std::{collections::HashMap, sync::Arc, time::Instant};

use chrono::{DateTime, Utc};
use futures::future::join_all;

use super::{
    requester::{Requester, TokenHash},
    token::{BadToken, MAX_LENGTH},
};
use cache::KeyCache;
pub use config::{IssuerConfig, IssuerError, KeySource, SigningAlgorithm, check};
use json::Object;
pub use source::{Fetch, LARGEST_DOCUMENT};

/// The issuers of others whose tokens are taken.
#[derive(Default)]
pub struct Issuers {
    by_name: HashMap<String, Issuer>,
}

struct Issuer {
    config: IssuerConfig,
    keys: Arc<KeyCache>,
}

impl Issuers {
    /// Takes tokens of `issuers`, beside our own issuer that names itself `own`. Their keys are not read yet.
    ///
    /// # Errors
    /// As [`check`].
    pub fn new(issuers: Vec<IssuerConfig>, own: &str, fetch: &Arc<dyn Fetch>) -> Result<Self, IssuerError> {
        check(&issuers, own)?;
        let issuer = |config: IssuerConfig| {
            let keys = KeyCache::new(source::Source::new(&config, Arc::clone(fetch)));
            (config.issuer.clone(), Issuer { config, keys })
        };
        Ok(Self { by_name: issuers.into_iter().map(issuer).collect() })
    }

    /// Reads the keys of all, at the same time. Of one that is away they are read when they are missed.
    pub async fn load(&self, moment: Instant) {
        join_all(self.by_name.values().map(|issuer| issuer.keys.read(moment))).await;
    }

    /// Verifies a token at `now`; none when it does not say that it is of one of these issuers. `moment` is the same
    /// instant on a clock that never stands: it decides when keys are read again.
    pub async fn verify(
        &self,
        token: &str,
        now: DateTime<Utc>,
        moment: Instant,
    ) -> Option<Result<Requester, BadToken>> {
        if self.by_name.is_empty() || token.len() > MAX_LENGTH {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let claims = json::encoded_object(payload)?;
        let issuer = self.by_name.get(claims.get("iss")?.text()?)?;
        let signed = Signed { header: json::encoded_object(header), claims, message, signature };
        // Boxed, as it may fetch keys: a request of which that is no part need not carry it along.
        let verified = Box::pin(issuer.verify(&signed, now, moment)).await;
        Some(
            verified
                .map(|(subject, pseudonym)| Requester {
                    subject,
                    pseudonym,
                    token_hash: TokenHash::of(token),
                    session: None,
                })
                .ok_or(BadToken),
        )
    }
}

/// A token in its parts.
struct Signed<'a> {
    header: Option<Object>,
    claims: Object,
    message: &'a str,
    signature: &'a str,
}

impl Issuer {
    async fn verify(
        &self,
        token: &Signed<'_>,
        now: DateTime<Utc>,
        moment: Instant,
    ) -> Option<(super::Subject, String)> {
        let header = claims::header(&self.config, token.header.as_ref()?)?;
        let by = |key: &keys::Key| key.signed(header.algorithm, token.message, token.signature);
        if !self.keys.check(header.key, moment, by).await {
            return None;
        }
        claims::subject(&self.config, &token.claims, u64::try_from(now.timestamp()).ok()?)
    }
}
