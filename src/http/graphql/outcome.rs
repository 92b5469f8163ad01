//! What came of a request, for metrics and logs: by root field, code and limit, which are closed lists.

use async_graphql::parser::types::{OperationDefinition, Selection};
use axum::response::Response;

use super::Types;
use crate::graphql::error::Code;

/// What came of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What was asked.
    pub operation: Asked,
    /// The code of the first error; none: no error.
    pub code: Option<Code>,
    /// The limit that it went over.
    pub limit: Option<String>,
}

/// What was asked, as far as it is in the schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// Nothing that there is.
    #[default]
    Nothing,
    /// One root field.
    Field(String),
    /// More than one, or by a fragment.
    Several,
}

impl Asked {
    /// As a label.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Nothing => "none",
            Self::Field(name) => name,
            Self::Several => "several",
        }
    }

    /// What an operation asks.
    pub(super) fn of(operation: &OperationDefinition, types: &Types) -> Self {
        match operation.selection_set.node.items.as_slice() {
            [one] => match &one.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    // Those of introspection are no fields of the schema.
                    let known =
                        types.has_root(operation.ty, name) || matches!(name, "__schema" | "__type" | "__typename");
                    if known { Self::Field(name.into()) } else { Self::Nothing }
                }
                Selection::FragmentSpread(_) | Selection::InlineFragment(_) => Self::Several,
            },
            _ => Self::Several,
        }
    }
}

impl Outcome {
    /// The code of the first error, or `OK`.
    pub fn code_text(&self) -> &'static str {
        self.code.map_or("OK", Code::as_str)
    }

    /// The outcome that a response carries.
    pub fn of(response: &Response) -> Self {
        response.extensions().get().cloned().unwrap_or_default()
    }

    /// Says what was asked.
    pub(super) fn asked(response: &mut Response, operation: Asked) {
        let outcome = Self { operation, ..Self::of(response) };
        response.extensions_mut().insert(outcome);
    }
}
