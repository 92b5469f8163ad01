//! The gate before the parser: what a document may be, decided before anything can be made to work on it.
//!
//! 1. `lexer` counts tokens and brackets in one linear pass, so that nothing recursive meets unbounded nesting.
//! 2. The engine's parser reads the document.
//! 3. `measure` and `duplicates` measure it with its fragments expanded, so that neither validation nor execution
//!    meets more than the [`Limits`] allow.
//! 4. `members` refuses what the parser has not told us of.
//! 5. `variables` looks at the values of the operation that is answered.
//!
//! Pure: no I/O, no clock, no schema. HTTP and WebSocket requests both go through [`admit`].

mod cost;
mod duplicates;
mod lexer;
mod limits;
mod measure;
mod members;
mod refusal;
#[cfg(test)]
mod tests;
mod variables;

use async_graphql::Variables;
use async_graphql::parser::{parse_query, types::ExecutableDocument};

pub use limits::{Limit, Limits};
pub use refusal::Refusal;
pub(crate) use refusal::short;
pub use variables::settle;

/// Parses `query` if it is within `limits`.
///
/// The document is ready for the engine once it is [`settle`]d: hand it over with `Request::set_parsed_query`.
///
/// # Errors
/// Says why the document is not answered. Finding out takes time that the limits bound, whatever the document holds.
pub fn admit(query: &str, variables: &Variables, limits: &Limits) -> Result<ExecutableDocument, Refusal> {
    let survey = lexer::survey(query)?;
    Refusal::over(Limit::Nesting, limits, survey.nesting)?;
    Refusal::over(Limit::Tokens, limits, survey.tokens)?;
    Refusal::over(Limit::Name, limits, survey.longest_name)?;
    variables::check_nesting(variables, limits)?;

    let document = parse_query(query).map_err(|error| Refusal::from_parser(&error, limits))?;
    measure::check(&document, variables, limits)?;
    duplicates::check(&document, limits)?;
    members::check(query)?;
    Ok(document)
}

/// Whether a document that was admitted with other variables is within `limits` with these.
///
/// # Errors
/// Says why it is not answered.
pub fn admit_again(document: &ExecutableDocument, variables: &Variables, limits: &Limits) -> Result<(), Refusal> {
    variables::check_nesting(variables, limits)?;
    measure::check(document, variables, limits)
}
