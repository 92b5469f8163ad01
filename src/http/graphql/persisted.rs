//! Documents that the operator has listed, which clients may ask by their hash: shorter requests, and nothing that anybody
//! can add to.

use std::{collections::HashMap, fs, io, path::Path};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// The listed documents, by the SHA-256 of their text in lower-case hexadecimal digits.
#[derive(Clone, Debug, Default)]
pub struct Persisted(HashMap<String, String>);

/// Why a list cannot be used.
#[derive(Debug, Error)]
pub enum PersistedError {
    /// The file cannot be read.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// It is something else.
    #[error("it must be a JSON object of documents by their SHA-256: {0}")]
    NoList(#[from] serde_json::Error),
    /// A document is not what its hash says.
    #[error("\"{hash}\" is not the SHA-256 of its document, which is {right}")]
    OtherHash {
        /// As it is listed.
        hash: String,
        /// As it is.
        right: String,
    },
}

impl Persisted {
    /// Reads a list: a JSON object in which each member is named by the SHA-256 of the document that it holds.
    ///
    /// # Errors
    /// When the file cannot be read, is no such object, or a hash is not that of its document.
    pub fn read(file: &Path) -> Result<Self, PersistedError> {
        Self::of(&fs::read(file)?)
    }

    fn of(text: &[u8]) -> Result<Self, PersistedError> {
        let documents: HashMap<String, String> = serde_json::from_slice(text)?;
        for (hash, document) in &documents {
            let right = format!("{:x}", Sha256::digest(document));
            if *hash != right {
                return Err(PersistedError::OtherHash { hash: hash.clone(), right });
            }
        }
        Ok(Self(documents))
    }

    /// The document that `extensions.persistedQuery.sha256Hash` of a request names; none: it is not listed.
    pub(super) fn named(&self, extensions: &Map<String, Value>) -> Option<&str> {
        let hash = extensions.get("persistedQuery")?.get("sha256Hash")?.as_str()?;
        self.0.get(hash).map(String::as_str)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use serde_json::json;

    use super::*;

    /// `printf '{ b }' | sha256sum`
    const HASH: &str = "057b04649e8755c690649b6c6f320caa93fb107429e8b4bfb5b081a109264e8f";

    #[test]
    fn only_what_has_its_hash_is_listed() {
        let right = format!("{:x}", Sha256::digest("{ a }"));
        let list = Persisted::of(json!({ &right: "{ a }" }).to_string().as_bytes()).unwrap();
        let named = |hash: Value| list.named(json!({ "persistedQuery": { "sha256Hash": hash } }).as_object().unwrap());
        assert_eq!(named(json!(right)), Some("{ a }"));
        for hash in [json!(HASH), json!(right.to_uppercase()), json!(null), json!([right])] {
            assert_eq!(named(hash), None);
        }
        assert_eq!(list.named(json!({ "persistedQuery": right }).as_object().unwrap()), None);
        for (text, sign) in [
            (json!({ HASH: "{ a }" }).to_string(), right.as_str()),
            (json!({ &right: "{ a } " }).to_string(), "is not the SHA-256"),
            (json!({ &right: null }).to_string(), "JSON object"),
            (json!([right]).to_string(), "JSON object"),
            ("{".into(), "JSON object"),
        ] {
            let said = Persisted::of(text.as_bytes()).unwrap_err().to_string();
            assert!(said.contains(sign), "{said}");
        }
    }
}
