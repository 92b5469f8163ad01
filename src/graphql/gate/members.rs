//! Input objects that give a member twice.
//!
//! "Input Object Field Uniqueness" (section 5.6.3 of the specification) refuses them. The parser keeps the last of such
//! members and says nothing, so they are looked for in the text.

use std::collections::HashSet;

use super::lexer::{position, tokens};
use super::refusal::{Refusal, short};

/// What a bracket opens.
enum Open<'a> {
    /// An input object, with the members that it has so far.
    Object(HashSet<&'a str>),
    /// Arguments, the declarations of variables, or a list.
    Values,
    /// A selection set.
    Selections,
}

/// Refuses `source`, a document that the parser has accepted, when an input object in it gives a member twice.
pub(super) fn check(source: &str) -> Result<(), Refusal> {
    let mut open = Vec::new();
    let mut before = (0, "");
    for token in tokens(source) {
        let (at, token) = token?;
        match (token, open.last_mut()) {
            ("(" | "[", _) => open.push(Open::Values),
            ("{", Some(Open::Object(_) | Open::Values)) => open.push(Open::Object(HashSet::new())),
            ("{", _) => open.push(Open::Selections),
            (")" | "]" | "}", _) => {
                open.pop();
            }
            (":", Some(Open::Object(members))) => {
                let (at, name) = before;
                if !members.insert(name) {
                    return Err(Refusal::Invalid {
                        message: format!("The member \"{}\" of an input object is given twice.", short(name)),
                        at: Some(position(source, at)),
                    });
                }
            }
            _ => {}
        }
        before = (at, token);
    }
    Ok(())
}
