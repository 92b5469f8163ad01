//! Documents that have been answered before: parsed, measured, planned and validated once.
//!
//! Clients ask the same few documents with other variables. Only documents that the engine did not refuse are kept, so that
//! what is wrong never takes room; how much room they take is bounded.

use std::sync::Arc;

use async_graphql::Value;
use async_graphql::Variables;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest, Sha256};

use super::Asked;
use super::request::Question;
use super::shape::Plan;

/// How many bytes all that is kept may take.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// How many documents that is at least expected to be.
const EXPECTED: usize = 256;
/// What a byte of text takes at most once it is parsed, twice: a field of one letter is two bytes.
const PARSED_BYTES: usize = 256;
/// What a field in the plan takes at most.
const PLANNED_BYTES: usize = 256;

/// A document with all that follows from it, whatever values its variables have.
#[derive(Debug)]
pub(super) struct Known {
    /// As the client wrote it, for what it costs with its variables.
    pub(super) asked_for: ExecutableDocument,
    /// As the engine gets it.
    pub(super) ready: ExecutableDocument,
    /// The name of the operation that is answered.
    pub(super) operation: Option<String>,
    pub(super) plan: Plan,
    pub(super) asked: Asked,
    pub(super) kind: OperationType,
    /// Whether its variables can be held against their types alone, see [`InputTypes::tie`](super::values::InputTypes::tie).
    pub(super) tied: bool,
    /// The length of its text.
    pub(super) text: usize,
    /// SHA-256 of its text, for whoever records what was asked.
    pub(super) hash: Arc<str>,
}

/// What a document is known by: its text, the operation, and which variables have a value. Of values only what decides
/// what is skipped, and where null stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 32]);

/// The documents that were answered last, or often.
#[derive(Debug, Clone)]
pub(super) struct Documents(Arc<Cache<Key, Arc<Known>, Bytes>>);

#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<Key, Arc<Known>> for Bytes {
    fn weight(&self, _: &Key, known: &Arc<Known>) -> u64 {
        let bytes = PARSED_BYTES * known.text + PLANNED_BYTES * known.plan.fields();
        u64::try_from(bytes).unwrap_or(u64::MAX).max(1)
    }
}

impl Documents {
    pub(super) fn new() -> Self {
        Self(Arc::new(Cache::with_weighter(EXPECTED, MOST_BYTES, Bytes)))
    }

    pub(super) fn get(&self, key: &Key) -> Option<Arc<Known>> {
        self.0.get(key)
    }

    /// Keeps a document that the engine has answered.
    pub(super) fn keep(&self, key: Key, known: Arc<Known>) {
        self.0.insert(key, known);
    }
}

impl Key {
    pub(super) fn of(question: &Question) -> Self {
        let mut digest = Sha256::new();
        let mut part = |bytes: &[u8]| {
            digest.update(bytes.len().to_le_bytes());
            digest.update(bytes);
        };
        part(question.query.as_bytes());
        // An operation cannot be named with nothing.
        part(question.operation_name.as_deref().unwrap_or_default().as_bytes());
        given(&question.variables).for_each(|(name, value)| {
            part(name.as_bytes());
            part(value);
        });
        Self(digest.finalize().into())
    }
}

/// The variables that have a value, and what a document's form depends on of it.
fn given(variables: &Variables) -> impl Iterator<Item = (&str, &'static [u8])> {
    variables.iter().map(|(name, value)| {
        let value: &'static [u8] = match value {
            Value::Null => b"null",
            Value::Boolean(true) => b"true",
            Value::Boolean(false) => b"false",
            _ => b"value",
        };
        (name.as_str(), value)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use async_graphql::parser::parse_query;

    use super::{super::shape::Types, *};

    #[test]
    fn what_is_kept_is_bounded() {
        let document = parse_query("{ who }").unwrap();
        let types = Types::of("type Query { who: String }");
        // A thousandth of what there is room for, each.
        let text = usize::try_from(MOST_BYTES / 1_000).unwrap() / PARSED_BYTES;
        let known = || {
            let mut ready = document.clone();
            let plan = types.plan(&mut ready, None, &Variables::default());
            let (operation, asked, kind) = (None, Asked::Nothing, OperationType::Query);
            Arc::new(Known {
                asked_for: document.clone(),
                ready,
                operation,
                plan,
                asked,
                kind,
                tied: true,
                text,
                hash: "".into(),
            })
        };
        let documents = Documents::new();
        for number in 0..5_000_u16 {
            documents.keep(Key(Sha256::digest(number.to_le_bytes()).into()), known());
            assert!(documents.0.weight() <= MOST_BYTES);
        }
        assert!((500..=1_000).contains(&documents.0.len()), "{}", documents.0.len());
    }
}
