//! Dutch postcodes: four digits (PC4), with or without two letters (PC6).

use std::{fmt, str::FromStr};

use arrayvec::ArrayString;
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

    /// Reads what is an [`AddressPostcode`]; the letters are checked and left out.
    fn from_str(text: &str) -> Result<Self, MalformedPostcode> {
        text.parse().map(AddressPostcode::pc4)
    }
}

impl fmt::Display for Pc4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

/// The postcode of an address: a PC6, such as `3511AB`, or the PC4 alone where the letters are not known or not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AddressPostcode {
    pc4: Pc4,
    /// Capitals.
    letters: Option<[u8; 2]>,
}

impl AddressPostcode {
    /// Bytes that the longest takes.
    pub const LONGEST: usize = 6;

    /// Its four digits.
    pub const fn pc4(self) -> Pc4 {
        self.pc4
    }

    /// Its text, such as `3511AB` or `3511`.
    pub fn text(self) -> ArrayString<{ Self::LONGEST }> {
        let mut text = ArrayString::new();
        let number = self.pc4.0;
        for power in [1000, 100, 10, 1] {
            text.push(char::from_digit(u32::from(number / power % 10), 10).unwrap_or('0'));
        }
        self.letters.into_iter().flatten().for_each(|letter| text.push(letter.into()));
        text
    }
}

impl From<Pc4> for AddressPostcode {
    fn from(pc4: Pc4) -> Self {
        Self { pc4, letters: None }
    }
}

impl FromStr for AddressPostcode {
    type Err = MalformedPostcode;

    /// Reads `3511`, `3511AB`, `3511 AB`, in capitals or not.
    fn from_str(text: &str) -> Result<Self, MalformedPostcode> {
        let text = text.trim();
        let (digits, rest) = text.split_at_checked(4).ok_or(MalformedPostcode)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(MalformedPostcode);
        }
        let pc4 = digits.parse().ok().and_then(Pc4::from_number).ok_or(MalformedPostcode)?;
        let letters = match rest.strip_prefix(' ').unwrap_or(rest).as_bytes() {
            [] => None,
            [one, other] if one.is_ascii_alphabetic() && other.is_ascii_alphabetic() => {
                Some([one.to_ascii_uppercase(), other.to_ascii_uppercase()])
            }
            _ => return Err(MalformedPostcode),
        };
        Ok(Self { pc4, letters })
    }
}

impl TryFrom<String> for AddressPostcode {
    type Error = MalformedPostcode;

    fn try_from(text: String) -> Result<Self, MalformedPostcode> {
        text.parse()
    }
}

impl From<AddressPostcode> for String {
    fn from(postcode: AddressPostcode) -> Self {
        postcode.text().as_str().to_owned()
    }
}
