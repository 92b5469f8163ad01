//! The closed list of error codes.

/// What went wrong, as `extensions.code` of every error says it.
///
/// The list is closed: clients may match on it exhaustively, and an answer with any other code is a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The HTTP request is not a GraphQL request.
    BadRequest,
    /// The document is not GraphQL.
    GraphqlParseFailed,
    /// The document does not fit the schema.
    GraphqlValidationFailed,
    /// The document is larger than a limit allows; `extensions.limit` names the limit.
    QueryTooComplex,
    /// The body holds several requests.
    BatchingNotSupported,
    /// The body names a stored document instead of holding one.
    PersistedQueryNotSupported,
    /// A value is not acceptable; `extensions.argument` names the argument.
    BadUserInput,
    /// No token, or not a valid one.
    Unauthenticated,
    /// The viewer has no right to this.
    Forbidden,
    /// The row has changed since it was read.
    Conflict,
    /// Too many requests from this subject.
    RateLimited,
    /// Something that this answer needs is away for a moment.
    Unavailable,
    /// A defect of ours; `extensions.incident` leads to the log.
    Internal,
}

impl Code {
    /// Every code there is.
    pub const ALL: [Self; 13] = [
        Self::BadRequest,
        Self::GraphqlParseFailed,
        Self::GraphqlValidationFailed,
        Self::QueryTooComplex,
        Self::BatchingNotSupported,
        Self::PersistedQueryNotSupported,
        Self::BadUserInput,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::Conflict,
        Self::RateLimited,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The code as clients read it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::BatchingNotSupported => "BATCHING_NOT_SUPPORTED",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::Conflict => "CONFLICT",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    /// The code that clients read as `text`, if there is one.
    pub fn from_name(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_its_name_lead_to_each_other() {
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.as_str()), Some(code));
        }
        assert_eq!(Code::from_name("TEAPOT"), None);
    }
}
