//! The embedded issuer's signing keys: Ed25519, kept in the data directory for this user only.
//!
//! A key is named by a `UUIDv7`, so its name says when it was made. A new one verifies at once and signs ten minutes later,
//! so that all replicas have it before anybody comes with its tokens. An old one verifies until its tokens are gone.

use crate::private;
use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::Serialize;
use thiserror::Error;
use uuid::{NoContext, Timestamp, Uuid};

/// How long a new key waits before it signs.
const HAND_ROUND: TimeDelta = TimeDelta::minutes(10);
/// How long an old key verifies after the next one began to sign: the longest life of a token, and as much again.
const LINGER: TimeDelta = TimeDelta::hours(2);

/// The keys of this service, from the oldest to the newest.
pub struct Keys(Vec<Key>);

struct Key {
    id: String,
    /// None: its name does not say.
    made: Option<DateTime<Utc>>,
    signing: EncodingKey,
    verifying: DecodingKey,
    public: Vec<u8>,
}

/// A public key, as others read it (RFC 8037, section 2; RFC 7517, section 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct PublicKey {
    kty: &'static str,
    crv: &'static str,
    alg: &'static str,
    #[serde(rename = "use")]
    used_for: &'static str,
    kid: String,
    x: String,
}

/// Why there are no keys.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The directory or a file in it cannot be read or written.
    #[error("the key directory {path} cannot be used: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There is no key yet.
    #[error("there is no signing key in {path}; `zorgkaart migrate`, `seed` and `serve` make one")]
    NoKeys {
        /// Where.
        path: PathBuf,
    },
    /// A file holds no Ed25519 key.
    #[error("{path} holds no Ed25519 private key (PKCS#8); move it away and start again")]
    NotAKey {
        /// Which.
        path: PathBuf,
    },
    /// Others can read the keys.
    #[error("{path} can be read by others; allow this user only (mode 0600)")]
    Exposed {
        /// Which.
        path: PathBuf,
    },
    /// The system gives no random numbers.
    #[error("no key could be made: the system gives no random numbers")]
    NoEntropy,
}

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The new key.
    pub made: String,
    /// From when on it signs.
    pub signs_from: DateTime<Utc>,
    /// The keys whose tokens are gone, which were removed.
    pub removed: Vec<String>,
}

impl Keys {
    /// Makes a first key in `directory`, named by `first_id`, if it holds none.
    ///
    /// Nobody else may do so at the same time.
    ///
    /// # Errors
    /// When the directory cannot be used.
    pub fn ensure(directory: &Path, first_id: impl FnOnce() -> Uuid) -> Result<(), KeyError> {
        private::create_dir(directory).map_err(|source| KeyError::File { path: directory.into(), source })?;
        if key_files(directory)?.is_empty() { make(directory, first_id()) } else { Ok(()) }
    }

    /// Makes another key and removes those whose tokens are gone.
    ///
    /// # Errors
    /// When the directory cannot be used.
    pub fn rotate(directory: &Path, now: DateTime<Utc>) -> Result<Rotated, KeyError> {
        let keys = Self::load(directory)?;
        let made = u64::try_from(now.timestamp()).ok().zip(Some(now.timestamp_subsec_nanos()));
        let (seconds, nanos) = made.ok_or(KeyError::NoEntropy)?;
        let id = Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, nanos));
        make(directory, id)?;
        let mut removed = Vec::new();
        for (key, next) in keys.0.iter().zip(keys.0.iter().skip(1)) {
            if next.signs_from().is_some_and(|from| from + LINGER < now) {
                let path = directory.join(format!("{}.der", key.id));
                fs::remove_file(&path).map_err(|source| KeyError::File { path, source })?;
                removed.push(key.id.clone());
            }
        }
        Ok(Rotated { made: id.simple().to_string(), signs_from: now + HAND_ROUND, removed })
    }

    /// The keys in `directory`, whose files are named `<key id>.der`.
    ///
    /// # Errors
    /// When there are none, or what the directory holds is no key or is open to others.
    pub fn load(directory: &Path) -> Result<Self, KeyError> {
        if !directory.is_dir() {
            return Err(KeyError::NoKeys { path: directory.into() });
        }
        let mut files = key_files(directory)?;
        files.sort();
        let keys: Vec<Key> = files.iter().map(|path| load(path)).collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(KeyError::NoKeys { path: directory.into() }) } else { Ok(Self(keys)) }
    }

    /// The key that signs at `now`: the newest that has been handed round, else the oldest.
    pub(super) fn signing(&self, now: DateTime<Utc>) -> Option<(&str, &EncodingKey)> {
        let ready = self.0.iter().rev().find(|key| key.signs_from().is_none_or(|from| from <= now));
        ready.or_else(|| self.0.first()).map(|key| (key.id.as_str(), &key.signing))
    }

    /// The key with an id.
    pub(super) fn verifying(&self, id: &str) -> Option<&DecodingKey> {
        self.0.iter().find(|key| key.id == id).map(|key| &key.verifying)
    }

    /// The public keys, for others (RFC 7517).
    pub(super) fn public(&self) -> HashMap<&'static str, Vec<PublicKey>> {
        let keys = self.0.iter().map(|key| PublicKey {
            kty: "OKP",
            crv: "Ed25519",
            alg: "EdDSA",
            used_for: "sig",
            kid: key.id.clone(),
            x: URL_SAFE_NO_PAD.encode(&key.public),
        });
        HashMap::from([("keys", keys.collect())])
    }
}

impl Key {
    /// From when on it signs; none: always.
    fn signs_from(&self) -> Option<DateTime<Utc>> {
        Some(self.made? + HAND_ROUND)
    }
}

fn make(directory: &Path, id: Uuid) -> Result<(), KeyError> {
    let path = directory.join(format!("{}.der", id.simple()));
    let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::NoEntropy)?;
    let der = pair.to_pkcs8().map_err(|_| KeyError::NoEntropy)?;
    private::create_file(&path, der.as_ref()).map_err(|source| KeyError::File { path, source })
}

fn key_files(directory: &Path) -> Result<Vec<PathBuf>, KeyError> {
    let file_error = |source| KeyError::File { path: directory.into(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).map_err(file_error)? {
        let path = entry.map_err(file_error)?.path();
        if path.extension().is_some_and(|extension| extension == "der") {
            files.push(path);
        }
    }
    Ok(files)
}

fn load(path: &Path) -> Result<Key, KeyError> {
    let file_error = |source| KeyError::File { path: path.into(), source };
    if private::is_exposed(path).map_err(file_error)? {
        return Err(KeyError::Exposed { path: path.into() });
    }
    let der = fs::read(path).map_err(file_error)?;
    let not_a_key = || KeyError::NotAKey { path: path.into() };
    let pair = Ed25519KeyPair::from_pkcs8(&der).map_err(|_| not_a_key())?;
    let id = path.file_stem().and_then(|stem| stem.to_str()).ok_or_else(not_a_key)?.to_owned();
    let public = pair.public_key().as_ref().to_vec();
    Ok(Key {
        made: made(&id),
        id,
        signing: EncodingKey::from_ed_der(&der),
        verifying: DecodingKey::from_ed_der(&public),
        public,
    })
}

/// When a key was made, by its name.
fn made(id: &str) -> Option<DateTime<Utc>> {
    let (seconds, nanos) = Uuid::try_parse(id).ok()?.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}
