//! How large a document may be.

use serde::{Deserialize, Serialize};

/// The largest document that is answered. Every number is inclusive.
///
/// A document is measured with its fragments put in the place of their spreads, since that is what validation and
/// execution work through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Brackets of any kind inside each other; also selection sets inside each other through fragments, and lists and
    /// objects inside each other in the variables.
    pub nesting: u64,
    /// Lexical tokens: names, numbers, strings and punctuators, as the specification counts them.
    pub tokens: u64,
    /// Fields inside each other. The standard introspection question needs 15.
    pub depth: u64,
    /// Fields with an alias.
    pub aliases: u64,
    /// Uses of a directive.
    pub directives: u64,
    /// Fields that repeat a response key of their own selection set.
    pub duplicates: u64,
    /// Estimated number of answered fields; see `cost.rs` for the estimate.
    pub cost: u64,
    /// The largest page. A larger `first` is refused by its field; its cost is that of this page.
    pub page: u64,
    /// Values in arguments, counted wherever a variable is used, so that one large variable used often is not copied
    /// without end. A string counts once for every 64 bytes.
    pub values: u64,
    /// Bytes of one name. Names are repeated in error texts, so a long one multiplies.
    pub name: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nesting: 32,
            tokens: 2_000,
            depth: 16,
            aliases: 30,
            directives: 50,
            duplicates: 50,
            cost: 10_000,
            page: 100,
            values: 10_000,
            name: 100,
        }
    }
}

/// One of the [`Limits`] that a document can exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// [`Limits::nesting`]
    Nesting,
    /// [`Limits::tokens`]
    Tokens,
    /// [`Limits::depth`]
    Depth,
    /// [`Limits::aliases`]
    Aliases,
    /// [`Limits::directives`]
    Directives,
    /// [`Limits::duplicates`]
    Duplicates,
    /// [`Limits::cost`]
    Cost,
    /// [`Limits::values`]
    Values,
    /// [`Limits::name`]
    Name,
}

impl Limit {
    /// The name of the limit in `extensions.limit` and in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nesting => "nesting",
            Self::Tokens => "tokens",
            Self::Depth => "depth",
            Self::Aliases => "aliases",
            Self::Directives => "directives",
            Self::Duplicates => "duplicates",
            Self::Cost => "cost",
            Self::Values => "values",
            Self::Name => "name",
        }
    }

    /// What is counted, as the message says it.
    pub(super) const fn what(self) -> &'static str {
        match self {
            Self::Nesting => "levels of nesting",
            Self::Tokens => "tokens",
            Self::Depth => "levels of fields",
            Self::Aliases => "aliases",
            Self::Directives => "directives",
            Self::Duplicates => "repeated fields in one selection set",
            Self::Cost => "fields to answer, by estimate",
            Self::Values => "values in arguments",
            Self::Name => "characters in one name",
        }
    }

    /// What is allowed under `limits`.
    pub const fn of(self, limits: &Limits) -> u64 {
        match self {
            Self::Nesting => limits.nesting,
            Self::Tokens => limits.tokens,
            Self::Depth => limits.depth,
            Self::Aliases => limits.aliases,
            Self::Directives => limits.directives,
            Self::Duplicates => limits.duplicates,
            Self::Cost => limits.cost,
            Self::Values => limits.values,
            Self::Name => limits.name,
        }
    }
}
