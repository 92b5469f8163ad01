//! Text that people write and search.

use email_address::{EmailAddress, Options};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// How many digits a telephone number has: 14 030 of a gemeente has five, E.164 allows fifteen.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=15;

/// Whether a character shows as itself: no control character, none without width and none that turns the order of
/// others (Unicode's bidirectional controls).
pub fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `text` without case and accents, for comparing what people type: "Thús" and "thus" are one.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// Whether a text is a mail address.
pub fn is_email(text: &str) -> bool {
    let strict = Options::default().with_required_tld().without_display_text().without_domain_literal();
    text.chars().all(is_plain) && EmailAddress::parse_with_options(text, strict).is_ok()
}

/// Whether a text is a telephone number.
pub fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    DIGITS.contains(&digits) && text.bytes().all(|b| b.is_ascii_digit() || b" +-()/.".contains(&b)) && text.len() <= 40
}
