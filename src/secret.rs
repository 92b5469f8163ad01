//! Secrets: made by the system's random numbers, kept as hashes only.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Crockford's base 32: no letter that can be taken for a digit, and none that makes words.
const READABLE: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SALT: usize = 16;
const TOKEN: usize = 32;

/// The system gives no random numbers, or no memory to hash with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("no secret could be made or hashed")]
pub(crate) struct NoSecret;

fn random<const N: usize>() -> Result<[u8; N], NoSecret> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| NoSecret)?;
    Ok(bytes)
}

/// A number: 64 bits.
pub(crate) fn number() -> Result<u64, NoSecret> {
    random().map(u64::from_ne_bytes)
}

/// Ten characters for people, as `XXXXX-XXXXX`: 50 bits.
pub(crate) fn readable() -> Result<String, NoSecret> {
    let letters = random::<10>()?.map(|byte| char::from(READABLE[usize::from(byte % 32)]));
    let text: String = letters.iter().collect();
    Ok(format!("{}-{}", &text[..5], &text[5..]))
}

/// What a person typed, as it was made: case, spaces and dashes make no difference, nor the letters that are taken for
/// digits.
pub(crate) fn as_made(typed: &str) -> String {
    typed
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// A text for machines: 256 bits.
pub(crate) fn token() -> Result<String, NoSecret> {
    Ok(URL_SAFE_NO_PAD.encode(random::<TOKEN>()?))
}

/// SHA-256 of a text for machines, in hexadecimal digits: it cannot be guessed, so it need not be slow.
pub(crate) fn digest(token: &str) -> String {
    format!("{:x}", Sha256::digest(token.as_bytes()))
}

/// Argon2id of a text for people, which can be guessed, in the PHC string format. Takes tens of milliseconds.
pub(crate) fn slow_hash(text: &str) -> Result<String, NoSecret> {
    let salt = random::<SALT>()?;
    let hash: PasswordHash = Argon2::default().hash_password_with_salt(text.as_bytes(), &salt).map_err(|_| NoSecret)?;
    Ok(hash.to_string())
}

/// Whether a text is the one of a hash. Takes as long for a hash that is none: that of another text.
pub(crate) fn is_of(text: &str, hash: Option<&str>) -> bool {
    // Argon2id of a text that nobody knows, with the parameters of `slow_hash`.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
    let same = parsed.is_ok_and(|parsed| Argon2::default().verify_password(text.as_bytes(), &parsed).is_ok());
    same && hash.is_some()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_people_type_is_read_as_it_was_made() {
        let made = readable().unwrap();
        assert_eq!(made.len(), 11);
        let plain = made.replace('-', "");
        assert_eq!(as_made(&made), plain);
        assert_eq!(as_made(&made.to_lowercase()), plain);
        assert_eq!(as_made(" 0o1-iL "), "00111");
    }

    #[test]
    fn secrets_differ() {
        let made: BTreeSet<String> = (0..1_000).map(|_| readable().unwrap()).collect();
        assert_eq!(made.len(), 1_000);
        assert_ne!(token().unwrap(), token().unwrap());
        assert_eq!(token().unwrap().len(), 43);
    }

    #[test]
    fn a_hash_is_of_its_text_alone() {
        let hash = slow_hash("K7Q2M").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(!hash.contains("K7Q2M"));
        assert!(is_of("K7Q2M", Some(&hash)));
        assert!(!is_of("K7Q2N", Some(&hash)));
        assert!(!is_of("K7Q2M", None));
        assert!(!is_of("", None));
        assert!(!is_of("K7Q2M", Some("no hash")));
    }

    #[test]
    fn the_hash_of_nobody_is_a_hash() {
        // Otherwise an unknown number would be answered sooner than a wrong code.
        assert!(
            PasswordHash::new(
                "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            )
            .is_ok()
        );
    }
}
