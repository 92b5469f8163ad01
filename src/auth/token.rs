//! Access tokens: issuing and verifying (RFC 9068; SECURITY.md, "Tokens").
//!
//! The library checks the signature; the claims are checked here, against an injected clock and by closed types,
//! since the library's own checks let through what a careful reader would not.

use arc_swap::ArcSwap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entity::id::{PassportId, SessionId};
use jsonwebtoken::{Algorithm, crypto};
use quick_cache::sync::Cache;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;
use thiserror::Error;
use uuid::Uuid;

use super::{
    claims::{Claims, Header, Subject, TOKEN_TYPE},
    keys::Keys,
    requester::{Requester, TokenHash},
};

/// The longest token that is looked at, bytes.
pub(super) const MAX_LENGTH: usize = 4 * 1024;
/// How far clocks may differ, seconds.
pub(super) const LEEWAY: u64 = 5;
/// The longest life of a token, seconds.
pub(super) const MAX_LIFETIME: u64 = 60 * 60;
/// How many good signatures are remembered; some 2,000 families with a few devices each are well below.
const REMEMBERED: usize = 20_000;

/// Issues and verifies the tokens of this service.
pub struct Authority {
    keys: ArcSwap<Keys>,
    issuer: String,
    audience: String,
    /// Tokens whose signature was found good, by their fingerprint.
    signed: Cache<String, Arc<Signed>>,
}

/// What a good signature is under.
struct Signed {
    /// The key that it is of.
    kid: String,
    claims: Claims,
}

/// A token that is not taken. It does not say why: whoever guesses should learn nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the token is not valid")]
pub struct BadToken;

/// Why a token cannot be issued.
#[derive(Debug, Error)]
pub enum IssueError {
    /// A life that is no life, or too long.
    #[error("a token lives from 1 second to {MAX_LIFETIME} seconds")]
    Lifetime,
    /// There is no key.
    #[error("there is no key to sign with")]
    NoKey,
    /// The key does not sign.
    #[error("the key does not sign: {0}")]
    Signing(#[from] jsonwebtoken::errors::Error),
}

impl Authority {
    /// Signs and verifies with `keys` for `issuer` and `audience`.
    pub fn new(keys: Keys, issuer: String, audience: String) -> Self {
        Self { keys: ArcSwap::from_pointee(keys), issuer, audience, signed: Cache::new(REMEMBERED) }
    }

    /// Signs and verifies with other keys from now on.
    pub fn use_keys(&self, keys: Keys) {
        self.keys.store(Arc::new(keys));
        self.signed.clear();
    }

    /// The public keys as a JWK set (RFC 7517), for whoever verifies our tokens.
    pub fn public_keys(&self) -> impl Serialize + use<> {
        self.keys.load().public()
    }

    /// A token for `subject` that lives for `lifetime` from `now`; `id` is its `jti`.
    ///
    /// # Errors
    /// When the lifetime is not between a second and an hour, or the key does not sign.
    pub fn issue(
        &self,
        subject: &Subject,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
        id: Uuid,
    ) -> Result<String, IssueError> {
        self.sign(subject, None, now, lifetime, id)
    }

    /// A token of a session of a passport, as [`issue`](Self::issue).
    ///
    /// # Errors
    /// When the lifetime is not between a second and an hour, or the key does not sign.
    pub fn issue_for_session(
        &self,
        (passport, session): (PassportId, SessionId),
        now: DateTime<Utc>,
        lifetime: TimeDelta,
        id: Uuid,
    ) -> Result<String, IssueError> {
        self.sign(&Subject::PassportHolder(passport), Some(session), now, lifetime, id)
    }

    fn sign(
        &self,
        subject: &Subject,
        sid: Option<SessionId>,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
        id: Uuid,
    ) -> Result<String, IssueError> {
        let lifetime = u64::try_from(lifetime.num_seconds()).map_err(|_| IssueError::Lifetime)?;
        if !(1..=MAX_LIFETIME).contains(&lifetime) {
            return Err(IssueError::Lifetime);
        }
        let seconds = u64::try_from(now.timestamp()).map_err(|_| IssueError::Lifetime)?;
        let (passport, provider, regions) = match subject {
            Subject::PassportHolder(passport) => (Some(*passport), None, None),
            Subject::Provider(provider) => (None, Some(*provider), None),
            Subject::Zorgkantoor(regions) => (None, None, Some(regions.clone())),
            Subject::Kenniscentrum => (None, None, None),
        };
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: pseudonym(subject),
            client_id: "zorgkaart".into(),
            iat: seconds,
            nbf: seconds,
            exp: seconds + lifetime,
            jti: id.simple().to_string(),
            role: subject.role(),
            passport,
            provider,
            regions,
            sid,
        };
        self.sign_as(TOKEN_TYPE, &claims, now)
    }

    /// Signs what is of a type, with the key that signs at `now`.
    pub(super) fn sign_as(&self, typ: &str, claims: &impl Serialize, now: DateTime<Utc>) -> Result<String, IssueError> {
        let mut header = jsonwebtoken::Header::new(Algorithm::EdDSA);
        header.typ = Some(typ.into());
        let keys = self.keys.load();
        let (id, key) = keys.signing(now).ok_or(IssueError::NoKey)?;
        header.kid = Some(id.into());
        Ok(jsonwebtoken::encode(&header, claims, key)?)
    }

    /// The keys of this moment.
    pub(super) fn keys(&self) -> Arc<Keys> {
        self.keys.load_full()
    }

    /// Verifies a token at `now`.
    ///
    /// # Errors
    /// Always the same one, whatever is wrong with the token.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Requester, BadToken> {
        if token.len() > MAX_LENGTH {
            return Err(BadToken);
        }
        let token_hash = TokenHash::of(token);
        let keys = self.keys.load();
        // A signature stays good for as long as its key does; all else is looked at again.
        let known = self.signed.get(token_hash.as_str()).filter(|signed| keys.verifying(&signed.kid).is_some());
        let signed = if let Some(signed) = known {
            signed
        } else {
            let signed = Arc::new(Signed::read(token, &keys)?);
            self.signed.insert(token_hash.as_str().to_owned(), Arc::clone(&signed));
            signed
        };
        let claims = &signed.claims;
        self.check(claims, now)?;
        let subject = Subject::of(claims).ok_or(BadToken)?;
        // Only holders have sessions.
        if claims.sub != pseudonym(&subject) || claims.sid.is_some() && claims.passport.is_none() {
            return Err(BadToken);
        }
        Ok(Requester { subject, pseudonym: claims.sub.clone(), token_hash, session: claims.sid })
    }

    fn check(&self, claims: &Claims, now: DateTime<Utc>) -> Result<(), BadToken> {
        let now = u64::try_from(now.timestamp()).map_err(|_| BadToken)?;
        let ours = claims.iss == self.issuer && claims.aud == self.audience;
        let begun = claims.nbf <= now + LEEWAY && claims.iat <= now + LEEWAY;
        let alive = claims.exp.checked_add(LEEWAY).is_some_and(|end| end > now);
        let short = claims.exp.checked_sub(claims.iat).is_some_and(|life| life <= MAX_LIFETIME);
        if ours && begun && alive && short { Ok(()) } else { Err(BadToken) }
    }
}

impl Signed {
    /// Reads a token that one of `keys` has signed.
    fn read(token: &str, keys: &Keys) -> Result<Self, BadToken> {
        let (message, signature) = token.rsplit_once('.').ok_or(BadToken)?;
        let (header, payload) = message.split_once('.').ok_or(BadToken)?;
        let header: Header = part(header)?;
        if header.alg != "EdDSA" || !header.typ.eq_ignore_ascii_case(TOKEN_TYPE) || header.crit {
            return Err(BadToken);
        }
        let key = keys.verifying(&header.kid).ok_or(BadToken)?;
        if !crypto::verify(signature, message.as_bytes(), key, Algorithm::EdDSA).map_err(|_| BadToken)? {
            return Err(BadToken);
        }
        Ok(Self { kid: header.kid, claims: part(payload)? })
    }
}

/// The `sub` of a token: the role and, where there is one, whose it is.
fn pseudonym(subject: &Subject) -> String {
    match subject {
        Subject::PassportHolder(id) => format!("passport:{}", id.0.simple()),
        Subject::Provider(id) => format!("provider:{}", id.0.simple()),
        Subject::Zorgkantoor(regions) => format!("zorgkantoor:{}", regions.join("+")),
        Subject::Kenniscentrum => "kenniscentrum".into(),
    }
}

pub(super) fn part<T: DeserializeOwned>(encoded: &str) -> Result<T, BadToken> {
    let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| BadToken)?;
    serde_json::from_slice(&json).map_err(|_| BadToken)
}
