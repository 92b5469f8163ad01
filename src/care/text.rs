//! Text that people write and search.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Whether a character shows as itself: no control character, none without width and none that turns the order of
/// others (Unicode's bidirectional controls).
pub fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `text` without case and accents, for comparing what people type: "Thús" and "thus" are one.
pub fn folded(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}
