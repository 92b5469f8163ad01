//! What somebody states of a contact, read field by field: from a client and from a file alike. Errors never repeat what
//! was stated.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use crate::care::{
    id::{LocationId, ProviderId},
    postcode::{MalformedPostcode, Pc4},
    reference::Reference,
    text::{is_email, is_phone, is_plain},
    vocabulary::{ContactField, OrganisationKind},
};

/// The longest text, in characters.
const LONGEST: usize = 200;
/// The longest word for an expertise, and the longest external id, in characters.
const LONGEST_WORD: usize = 100;
/// How many words, or codes, a list may hold.
const MOST: usize = 400;

/// What is stated of some fields, in the form in which an entry serializes them. What is not in it stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Statement(pub BTreeMap<ContactField, Value>);

/// Why something cannot be stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StatedError {
    /// A field that every entry has.
    #[error("this cannot be left empty")]
    Missing,
    /// A text that is too long or has characters that do not show.
    #[error("this is one line of at most {LONGEST} characters")]
    Text,
    /// A word that is too long or has characters that do not show.
    #[error("this is a word of at most {LONGEST_WORD} characters, such as sondevoeding")]
    Word,
    /// An external id that is too long or has other characters.
    #[error("an external id has at most {LONGEST_WORD} visible ASCII characters")]
    ExternalId,
    /// No mail address.
    #[error("this is a mail address, such as naam@organisatie.example")]
    Email,
    /// No telephone number.
    #[error("a telephone number has 5 to 15 digits, with spaces, +, -, / and brackets where you like")]
    Phone,
    /// No postcode.
    #[error(transparent)]
    Postcode(#[from] MalformedPostcode),
    /// A postcode that is not there.
    #[error("there is no such postcode")]
    NoPostcode,
    /// A gemeente that is not there.
    #[error("there is no gemeente with this code; they look like GM0344")]
    Gemeente,
    /// A region that is not there.
    #[error("there is no zorgkantoorregio with this code; they look like ZK23")]
    Region,
    /// A kind of organisation that is not in the list.
    #[error("this is no kind of organisation; they look like ZORGAANBIEDER")]
    Kind,
    /// A longer list than anybody has.
    #[error("at most {MOST} at a time")]
    TooMany,
}

/// Whether a text can be an expertise; PostgreSQL for one has no text with a NUL in it.
pub fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= LONGEST_WORD && text.chars().all(is_plain)
}

impl Statement {
    /// States a field that holds a text; an empty one, or none, takes away what it held.
    ///
    /// # Errors
    /// When the field cannot hold it.
    pub fn text(&mut self, field: ContactField, said: Option<&str>, reference: &Reference) -> Result<(), StatedError> {
        let text: String = said.unwrap_or_default().trim().nfc().collect();
        let value = if text.is_empty() {
            let needed = [ContactField::Name, ContactField::Organisation, ContactField::OrganisationKind];
            if needed.contains(&field) {
                return Err(StatedError::Missing);
            }
            Value::Null
        } else {
            read(field, &text, reference)?
        };
        self.0.insert(field, value);
        Ok(())
    }

    /// States a field that holds a list: expertise, or the codes of gemeenten or regions.
    ///
    /// # Errors
    /// When it cannot hold one of them, which is named by its number; or so many.
    pub fn list<'a>(
        &mut self,
        field: ContactField,
        said: impl IntoIterator<Item = &'a str>,
        reference: &Reference,
    ) -> Result<(), (usize, StatedError)> {
        let mut items = Vec::new();
        for (at, item) in said.into_iter().enumerate() {
            let item: String = item.trim().nfc().collect();
            let checked = match field {
                _ if at >= MOST => Err(StatedError::TooMany),
                ContactField::Gemeenten => reference.gemeenten.get(&item).map(drop).ok_or(StatedError::Gemeente),
                ContactField::Regions => reference.regions.get(&item).map(drop).ok_or(StatedError::Region),
                _ => is_word(&item).then_some(()).ok_or(StatedError::Word),
            };
            checked.map_err(|error| (at, error))?;
            items.push(item);
        }
        items.sort_unstable();
        items.dedup();
        self.0.insert(field, json!(items));
        Ok(())
    }

    /// States at which provider the person works, and in which of its buildings.
    pub fn work(&mut self, provider: Option<ProviderId>, location: Option<LocationId>) {
        self.0.insert(ContactField::Provider, json!(provider));
        self.0.insert(ContactField::Location, json!(location));
    }
}

/// Reads the text of a field, which is not empty.
fn read(field: ContactField, text: &str, reference: &Reference) -> Result<Value, StatedError> {
    match field {
        ContactField::ExternalId if text.len() > LONGEST_WORD || !text.bytes().all(|b| b.is_ascii_graphic()) => {
            Err(StatedError::ExternalId)
        }
        ContactField::Email => is_email(text).then(|| json!(text)).ok_or(StatedError::Email),
        ContactField::Phone => is_phone(text).then(|| json!(text)).ok_or(StatedError::Phone),
        ContactField::WorkPostcode => {
            let pc4: Pc4 = text.parse()?;
            reference.postcodes.contains_key(&pc4).then(|| json!(pc4)).ok_or(StatedError::NoPostcode)
        }
        ContactField::OrganisationKind => OrganisationKind::ALL
            .iter()
            .find(|kind| kind.code() == text)
            .map(|kind| json!(kind))
            .ok_or(StatedError::Kind),
        _ if text.chars().count() <= LONGEST && text.chars().all(is_plain) => Ok(json!(text)),
        _ => Err(StatedError::Text),
    }
}
