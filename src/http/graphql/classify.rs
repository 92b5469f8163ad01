//! Codes and words for the errors that the engine raises itself.
//!
//! Resolvers give their errors a code. The engine's own come without one, in its own words, which may repeat the client's
//! input at any length. Here each gets a code of the closed list and a short message.

use async_graphql::{ServerError, Value};
use uuid::Uuid;

use super::arguments::{Argument, Arguments};
use crate::graphql::error::{Code, OUR_MISTAKE};
use crate::graphql::gate::short;

/// The longest message in characters.
const LONGEST: usize = 300;

/// The code of an error, if it has one of the list.
pub(super) fn code(error: &ServerError) -> Option<Code> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Code::from_name(code),
        Value::Enum(code) => Code::from_name(code),
        _ => None,
    }
}

/// Gives every error a code. `refused` says that nothing was executed.
pub(super) fn classify(mut errors: Vec<ServerError>, refused: bool, query: &str) -> Vec<ServerError> {
    let mut arguments = None;
    for error in errors.iter_mut().filter(|error| code(error).is_none()) {
        let arguments = arguments.get_or_insert_with(|| Arguments::of(query));
        let argument = error.locations.first().and_then(|at| arguments.at(*at));
        match argument {
            Some(argument) if refused => refuse_argument(error, argument),
            None if refused => {
                error.message = tidy(&error.message);
                set_code(error, Code::GraphqlValidationFailed);
            }
            Some(argument) => {
                error.message = explain(&error.message, &argument.name);
                set_code(error, Code::BadUserInput);
                set(error, "argument", argument.name.as_str());
            }
            None => conceal(error),
        }
    }
    // The engine validates in two passes and says some things in both.
    errors.dedup();
    errors
}

/// An error at an argument before execution: of the document, or of the variable in it.
fn refuse_argument(error: &mut ServerError, argument: &Argument) {
    // The engine says `Invalid value for argument "near.point.lat", expected type "Float"`.
    let said = error.message.strip_prefix("Invalid value for argument \"").and_then(|rest| rest.split_once("\", "));
    let Some((path, reason)) = said else {
        error.message = tidy(&error.message);
        return set_code(error, Code::GraphqlValidationFailed);
    };
    let path = path.to_owned();
    error.message = format!("Argument \"{path}\" is not acceptable: {}.", tidy(reason));
    if argument.varies {
        set_code(error, Code::BadUserInput);
        set(error, "argument", path);
    } else {
        set_code(error, Code::GraphqlValidationFailed);
    }
}

/// A defect of ours: the client learns where to look it up, and no more.
fn conceal(error: &mut ServerError) {
    let incident = Uuid::now_v7().to_string();
    tracing::error!(%incident, error = %error.message, path = ?error.path, "an error without a code");
    *error = ServerError { message: OUR_MISTAKE.to_owned(), source: None, extensions: None, ..error.clone() };
    set_code(error, Code::Internal);
    set(error, "incident", incident);
}

fn set_code(error: &mut ServerError, code: Code) {
    set(error, "code", code.as_str());
}

fn set(error: &mut ServerError, name: &str, value: impl Into<Value>) {
    error.extensions.get_or_insert_default().set(name, value);
}

/// What the engine says about a value that a resolver's argument cannot hold, in our words.
fn explain(message: &str, argument: &str) -> String {
    // Inner types first, then what they were part of: only the first helps.
    let message = message.split(" (occurred while parsing ").next().unwrap_or(message);
    let quoted = |prefix: &str| message.strip_prefix(prefix).and_then(|rest| rest.split_once('"'));
    if let Some((kind, reason)) = quoted("Failed to parse \"") {
        let reason = reason.trim_start_matches(": ");
        format!("Argument \"{argument}\" is not a valid {kind}: {}", tidy(reason))
    } else if let Some((kind, _)) = quoted("Expected input type \"") {
        format!("Argument \"{argument}\" must be of type {kind}.")
    } else {
        format!("Argument \"{argument}\" is not acceptable: {}", tidy(message))
    }
}

/// A message with its quotations and itself cut short.
fn tidy(message: &str) -> String {
    let pieces: Vec<String> = message
        .split('"')
        .enumerate()
        .map(|(n, piece)| if n % 2 == 1 { short(piece) } else { piece.to_owned() })
        .collect();
    let tidy = pieces.join("\"");
    if tidy.chars().count() > LONGEST { tidy.chars().take(LONGEST - 1).chain(['…']).collect() } else { tidy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_is_quoted_in_our_words() {
        assert_eq!(
            explain("Failed to parse \"Date\": no such day (occurred while parsing \"StayInput\")", "filter"),
            "Argument \"filter\" is not a valid Date: no such day"
        );
        assert_eq!(
            explain(&format!("Expected input type \"Int\", found \"{}\".", "x".repeat(5_000)), "first"),
            "Argument \"first\" must be of type Int."
        );
        assert_eq!(explain("too large", "first"), "Argument \"first\" is not acceptable: too large");
    }

    #[test]
    fn quotations_are_cut_short() {
        assert_eq!(tidy("Unknown type \"Lamp\""), "Unknown type \"Lamp\"");
        let long = "x".repeat(90);
        assert_eq!(tidy(&format!("Unknown type \"{long}\"!")), format!("Unknown type \"{}…\"!", "x".repeat(39)));
        assert_eq!(tidy(&"word ".repeat(900)).chars().count(), LONGEST);
    }
}
