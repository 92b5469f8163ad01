//! Text that people write and search.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// `text` without case and accents, for comparing what people type: "Thús" and "thus" are one.
pub fn folded(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}
