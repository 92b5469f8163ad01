//! Cells that begin as a formula does (SECURITY.md, "Text"): written with an apostrophe before them, read without it.
//!
//! A spreadsheet that takes semicolons for separators begins a cell after each of them, so that is guarded too. Whatever is
//! guarded is read back as it was, also what had an apostrophe before.

use std::iter;

/// The text with an apostrophe before whatever a spreadsheet could take for a formula.
pub fn guarded(text: &str) -> String {
    pieces(text, |piece| if is_formula(piece) { ["'", piece] } else { ["", piece] })
}

/// The text without the apostrophes that guard it.
pub(super) fn unguarded(text: &str) -> String {
    pieces(text, |piece| match piece.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => ["", rest],
        _ => ["", piece],
    })
}

fn pieces<'a>(text: &'a str, change: impl Fn(&'a str) -> [&'a str; 2]) -> String {
    let mut separator = "";
    let changed = text.split(';').flat_map(|piece| {
        let [guard, piece] = change(piece);
        iter::once(std::mem::replace(&mut separator, ";")).chain([guard, piece])
    });
    changed.collect()
}

/// Whether a text begins as a formula does, maybe behind spaces, or apostrophes of its own.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches(['\'', ' ']).starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_begins_as_a_formula_gets_an_apostrophe() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+31 30 123", "'+31 30 123"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("'=1", "''=1"),
            ("a;=1;b", "a;'=1;b"),
            ("a; =1", "a;' =1"),
            ("", ""),
            ("'t Huis", "'t Huis"),
            ("a=1", "a=1"),
            ("a;b", "a;b"),
        ] {
            assert_eq!(guarded(text), written);
            assert_eq!(unguarded(written), text);
        }
        // As a spreadsheet leaves it, or somebody has typed it.
        assert_eq!(unguarded("=1"), "=1");
    }

    proptest! {
        #[test]
        fn whatever_is_guarded_is_read_back(text in "['=+; a@\t\r-]{0,12}") {
            let written = guarded(&text);
            prop_assert_eq!(unguarded(&written), text);
            for cell in written.split(';') {
                prop_assert!(!cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r']));
            }
        }
    }
}
