//! The embedded issuer's signing keys: Ed25519, made at first start, kept in the data directory for this user only.

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
    /// The keys in `directory`, whose files are named `<key id>.der`; makes the directory and a first key, named by
    /// `first_id`, where there is none.
    ///
    /// # Errors
    /// When the directory cannot be used, or what it holds is no key or is open to others.
    pub fn load_or_create(directory: &Path, first_id: impl FnOnce() -> Uuid) -> Result<Self, KeyError> {
        private::create_dir(directory).map_err(|source| KeyError::File { path: directory.into(), source })?;
        let mut files = key_files(directory)?;
        if files.is_empty() {
            let path = directory.join(format!("{}.der", first_id().simple()));
            let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::NoEntropy)?;
            let der = pair.to_pkcs8().map_err(|_| KeyError::NoEntropy)?;
            match private::create_file(&path, der.as_ref()) {
                // Two processes that start at once: each made one, all verify, the newest signs.
                Ok(()) => files.push(path),
                Err(source) => return Err(KeyError::File { path, source }),
            }
        }
        files.sort();
        let mut verifying = HashMap::new();
        let mut signing = None;
        for path in files {
            let (id, encoding, decoding) = load(&path)?;
            verifying.insert(id.clone(), decoding);
            // Key ids are UUIDv7, so the last in order is the newest.
            signing = Some((id, encoding));
        }
        let signing = signing.ok_or_else(|| KeyError::NotAKey { path: directory.into() })?;
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

/// Files for this user only.
#[cfg(unix)]
mod private {
    use std::{
        fs,
        io::{self, Write},
        os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
        path::Path,
    };

    pub(super) fn create_dir(path: &Path) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    /// Written beside and moved, so that whoever starts at the same time finds a whole key or none.
    pub(super) fn create_file(path: &Path, content: &[u8]) -> io::Result<()> {
        let beside = path.with_extension("new");
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(beside, path)
    }

    pub(super) fn is_exposed(path: &Path) -> io::Result<bool> {
        Ok(fs::metadata(path)?.mode() & 0o077 != 0)
    }
}

/// Elsewhere the data directory's own permissions decide.
#[cfg(not(unix))]
mod private {
    use std::{
        fs,
        io::{self, Write},
        path::Path,
    };

    pub(super) fn create_dir(path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    /// Written beside and moved, so that whoever starts at the same time finds a whole key or none.
    pub(super) fn create_file(path: &Path, content: &[u8]) -> io::Result<()> {
        let beside = path.with_extension("new");
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(beside, path)
    }

    pub(super) fn is_exposed(_: &Path) -> io::Result<bool> {
        Ok(false)
    }
}
