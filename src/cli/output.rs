//! What the program prints: results on stdout, everything else on stderr.

use std::io::Write;

/// A result, alone on stdout, so that it can be piped.
pub(super) fn result(text: &str) {
    // A reader that has gone away wants no more.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Something for the person at the terminal.
pub(super) fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Why the command failed.
pub(super) fn error(error: &anyhow::Error) {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // Many errors tell their cause as well.
        if !said.contains(&cause) {
            let separator = if said.is_empty() { "" } else { ": " };
            said = format!("{said}{separator}{cause}");
        }
    }
    note(&format!("zorgkaart: {said}"));
}
