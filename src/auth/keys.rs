//! The embedded issuer's signing keys: Ed25519, made at first start, kept in the data directory for this user only.

use crate::private;
use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use jsonwebtoken::{DecodingKey, EncodingKey};
use thiserror::Error;
use uuid::Uuid;

/// The keys of this service: the newest signs, all verify.
pub struct Keys {
    pub(super) signing: (String, EncodingKey),
    pub(super) verifying: HashMap<String, DecodingKey>,
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

impl Keys {
    /// Makes a first key in `directory`, named by `first_id`, if it holds none.
    ///
    /// Nobody else may do so at the same time.
    ///
    /// # Errors
    /// When the directory cannot be used.
    pub fn ensure(directory: &Path, first_id: impl FnOnce() -> Uuid) -> Result<(), KeyError> {
        private::create_dir(directory).map_err(|source| KeyError::File { path: directory.into(), source })?;
        if !key_files(directory)?.is_empty() {
            return Ok(());
        }
        let path = directory.join(format!("{}.der", first_id().simple()));
        let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::NoEntropy)?;
        let der = pair.to_pkcs8().map_err(|_| KeyError::NoEntropy)?;
        private::create_file(&path, der.as_ref()).map_err(|source| KeyError::File { path, source })
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
        let mut verifying = HashMap::new();
        let mut signing = None;
        for path in files {
            let (id, encoding, decoding) = load(&path)?;
            verifying.insert(id.clone(), decoding);
            // Key ids are UUIDv7, so the last in order is the newest.
            signing = Some((id, encoding));
        }
        let signing = signing.ok_or_else(|| KeyError::NoKeys { path: directory.into() })?;
        Ok(Self { signing, verifying })
    }
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

fn load(path: &Path) -> Result<(String, EncodingKey, DecodingKey), KeyError> {
    let file_error = |source| KeyError::File { path: path.into(), source };
    if private::is_exposed(path).map_err(file_error)? {
        return Err(KeyError::Exposed { path: path.into() });
    }
    let der = fs::read(path).map_err(file_error)?;
    let not_a_key = || KeyError::NotAKey { path: path.into() };
    let pair = Ed25519KeyPair::from_pkcs8(&der).map_err(|_| not_a_key())?;
    let id = path.file_stem().and_then(|stem| stem.to_str()).ok_or_else(not_a_key)?.to_owned();
    Ok((id, EncodingKey::from_ed_der(&der), DecodingKey::from_ed_der(pair.public_key().as_ref())))
}
