//! Why a document is not answered.

use async_graphql::{ErrorExtensionValues, Pos, ServerError, parser};

use super::limits::{Limit, Limits};
use crate::{care::text::is_plain, graphql::error::Code};

/// How much of the sender's text a message repeats at most.
const ECHO: usize = 40;

/// Why the gate refuses a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is not GraphQL.
    Parse {
        /// What was wrong and what would be right.
        message: String,
        /// Where, if at one place.
        at: Option<Pos>,
    },
    /// It is GraphQL, but of no schema.
    Invalid {
        /// What was wrong and what would be right.
        message: String,
        /// Where, if at one place.
        at: Option<Pos>,
    },
    /// `operationName` does not choose one of its operations.
    Operation {
        /// What was wrong and what would be right.
        message: String,
    },
    /// A variable that must have a value has none.
    Variable {
        /// The name of the variable.
        name: String,
        /// What was wrong and what would be right.
        message: String,
        /// Where the variable is declared.
        at: Pos,
    },
    /// It is larger than a limit allows.
    TooComplex {
        /// The limit.
        limit: Limit,
        /// What the limit allows.
        allowed: u64,
        /// What the document has.
        found: u64,
    },
}

impl Refusal {
    /// The code of the error.
    pub const fn code(&self) -> Code {
        match self {
            Self::Parse { .. } => Code::GraphqlParseFailed,
            Self::Invalid { .. } => Code::GraphqlValidationFailed,
            Self::Operation { .. } => Code::BadRequest,
            Self::Variable { .. } => Code::BadUserInput,
            Self::TooComplex { .. } => Code::QueryTooComplex,
        }
    }

    /// What was wrong and what would be right.
    pub fn message(&self) -> String {
        match self {
            Self::Parse { message, .. }
            | Self::Invalid { message, .. }
            | Self::Operation { message }
            | Self::Variable { message, .. } => message.clone(),
            Self::TooComplex { limit, allowed, found } => {
                format!("The question has {found} {}; at most {allowed} are answered.", limit.what())
            }
        }
    }

    /// Refuses what exceeds `limit`.
    pub(super) fn over(limit: Limit, limits: &Limits, found: u64) -> Result<(), Self> {
        let allowed = limit.of(limits);
        if found > allowed { Err(Self::TooComplex { limit, allowed, found }) } else { Ok(()) }
    }

    /// The parser's refusal in our own words: its message repeats whole lines of the document.
    pub(super) fn from_parser(error: &parser::Error, limits: &Limits) -> Self {
        let at = error.positions().next();
        match error {
            parser::Error::Syntax { message, start, .. } => {
                // Its last line says what would have been right there, in the terms of the grammar.
                let right = message.lines().next_back().and_then(|line| line.trim().strip_prefix("= "));
                let right = right.map_or_else(|| "this does not fit here".to_owned(), grammar_terms);
                Self::Parse {
                    message: format!("Syntax error at line {}, column {}: {right}.", start.line, start.column),
                    at,
                }
            }
            parser::Error::MultipleOperations { .. } => Self::Invalid {
                message: "An operation without a name must be the only operation of the document.".to_owned(),
                at,
            },
            parser::Error::OperationDuplicated { operation, .. } => Self::Invalid {
                message: format!("Two operations are named \"{}\"; give each its own name.", short(operation)),
                at,
            },
            parser::Error::FragmentDuplicated { fragment, .. } => Self::Invalid {
                message: format!("Two fragments are named \"{}\"; give each its own name.", short(fragment)),
                at,
            },
            parser::Error::RecursionLimitExceeded => {
                let allowed = limits.nesting;
                Self::TooComplex { limit: Limit::Nesting, allowed, found: allowed.saturating_add(1) }
            }
            _ => Self::Parse { message: "The document holds no operation; send a query or a mutation.".to_owned(), at },
        }
    }
}

impl From<Refusal> for ServerError {
    fn from(refusal: Refusal) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", refusal.code().as_str());
        let at = match &refusal {
            Refusal::Parse { at, .. } | Refusal::Invalid { at, .. } => *at,
            Refusal::Operation { .. } => None,
            Refusal::Variable { name, at, .. } => {
                extensions.set("argument", name.as_str());
                Some(*at)
            }
            Refusal::TooComplex { limit, allowed, found } => {
                extensions.set("limit", limit.as_str());
                extensions.set("allowed", *allowed);
                extensions.set("found", *found);
                None
            }
        };
        let mut error = Self::new(refusal.message(), at);
        error.extensions = Some(extensions);
        error
    }
}

/// `text` as a message may repeat it: cut, and without characters that show as something else or not at all.
pub(crate) fn short(text: &str) -> String {
    let plain = text.chars().map(|c| if is_plain(c) { c } else { char::REPLACEMENT_CHARACTER });
    if text.chars().nth(ECHO).is_none() { plain.collect() } else { plain.take(ECHO - 1).chain(['…']).collect() }
}

/// The grammar's rule names as words.
fn grammar_terms(expected: &str) -> String {
    expected.chars().take(160).collect::<String>().replace('_', " ").replace("EOI", "the end of the document")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_by_characters() {
        assert_eq!(short("kort"), "kort");
        assert_eq!(short(&"é".repeat(40)), "é".repeat(40));
        assert_eq!(short(&"é".repeat(41)), format!("{}…", "é".repeat(39)));
    }

    #[test]
    fn what_is_repeated_shows_as_it_is() {
        assert_eq!(short("a\u{202e}b\u{0}c\r\n"), "a\u{fffd}b\u{fffd}c\u{fffd}\u{fffd}");
        assert_eq!(short(&"\u{2066}".repeat(41)), format!("{}…", "\u{fffd}".repeat(39)));
    }

    #[test]
    fn a_limit_is_named_with_what_it_allows_and_what_was_found() {
        let refusal = Refusal::TooComplex { limit: Limit::Aliases, allowed: 30, found: 31 };
        assert_eq!(refusal.message(), "The question has 31 aliases; at most 30 are answered.");
        let error = ServerError::from(refusal);
        let json = serde_json::to_value(&error).unwrap_or_default();
        assert_eq!(json["extensions"]["code"], "QUERY_TOO_COMPLEX");
        assert_eq!(json["extensions"]["limit"], "aliases");
        assert_eq!(json["extensions"]["allowed"], 30);
        assert_eq!(json["extensions"]["found"], 31);
    }
}
