//! The signed head of the audit trail: kept elsewhere, it shows a trail that was cut or written anew.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, crypto};
use serde::{Deserialize, Serialize};

use super::token::{Authority, BadToken, IssueError, part};

/// What it is, so that no token is taken for one, nor one for a token.
const HEAD_TYPE: &str = "zorgkaart-audit-head";

/// The head of the audit trail at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrailHead {
    /// The number of the last record.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
    /// When it was signed, seconds since 1970.
    pub at: i64,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

impl Authority {
    /// Signs a head as a compact JWS (RFC 7515).
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn sign_head(&self, (seq, hash): (i64, String), now: DateTime<Utc>) -> Result<String, IssueError> {
        self.sign_as(HEAD_TYPE, &TrailHead { seq, hash, at: now.timestamp() }, now)
    }

    /// Reads a head that one of the keys has signed.
    ///
    /// # Errors
    /// When it is none, or of a key that is not there any more.
    pub fn read_head(&self, text: &str) -> Result<TrailHead, BadToken> {
        let (message, signature) = text.trim().rsplit_once('.').ok_or(BadToken)?;
        let (header, payload) = message.split_once('.').ok_or(BadToken)?;
        let header: Header = part(header)?;
        let keys = self.keys();
        let key = keys.verifying(&header.kid).ok_or(BadToken)?;
        let ours = header.alg == "EdDSA" && header.typ == HEAD_TYPE;
        let signed = crypto::verify(signature, message.as_bytes(), key, Algorithm::EdDSA).map_err(|_| BadToken)?;
        if ours && signed { part(payload) } else { Err(BadToken) }
    }
}
