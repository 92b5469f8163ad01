//! Dutch postcodes: four digits (PC4), with or without two letters (PC6).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The four digits of a postcode, 1000 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pc4(u16);

/// Why a text is no postcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a postcode is four digits, 1000 to 9999, with or without two letters, such as 3511 or 3511 AB")]
pub struct MalformedPostcode;

impl Pc4 {
    /// The PC4 with a number from 1000 to 9999.
    pub fn from_number(number: u16) -> Option<Self> {
        (1000..=9999).contains(&number).then_some(Self(number))
    }

    /// The PC4 as a number.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl FromStr for Pc4 {
    type Err = MalformedPostcode;

    /// Reads `3511`, `3511AB`, `3511 AB`, in capitals or not; the letters are checked and left out.
    fn from_str(text: &str) -> Result<Self, MalformedPostcode> {
        let text = text.trim();
        let (digits, rest) = text.split_at_checked(4).ok_or(MalformedPostcode)?;
        let letters = rest.strip_prefix(' ').unwrap_or(rest);
        let has_letters = letters.len() == 2 && letters.bytes().all(|b| b.is_ascii_alphabetic());
        if !digits.bytes().all(|b| b.is_ascii_digit()) || !(rest.is_empty() || has_letters) {
            return Err(MalformedPostcode);
        }
        digits.parse().ok().and_then(Self::from_number).ok_or(MalformedPostcode)
    }
}

impl fmt::Display for Pc4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}
