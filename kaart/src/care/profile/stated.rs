//! What somebody states of an object of the map, read field by field: from a client and from a file alike.

use std::{collections::BTreeMap, ops::RangeInclusive};

use serde::Serialize;
use serde_json::{Map, Value, json};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::is_night_care;
use crate::{
    care::{
        postcode::{AddressPostcode, MalformedPostcode},
        reference::Reference,
        text::{is_email, is_phone, is_plain},
        vocabulary::{
            CareCapability, CareForm, Facility, Homogeneity, Leveringsvorm, LocationPrecision, MapField, ProviderKind,
        },
    },
    geo::Point,
};

/// The longest text, in characters.
const LONGEST: usize = 200;
/// How many digits a number in the trade register has, and an AGB code.
const REGISTER_DIGITS: usize = 8;

/// What is stated of some fields, in the form in which a profile serializes them. What is not in it stays as it is. Of
/// facilities and capabilities only those that are named change; null: not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Statement(pub BTreeMap<MapField, Value>);

/// A field that cannot be as it is stated, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refusal(pub MapField, pub StatedError);

/// Why something cannot be stated.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum StatedError {
    /// A field that every object of its kind has.
    #[error("this cannot be left empty")]
    Missing,
    /// A field that no object of its kind has.
    #[error("this is not stated of such an object")]
    Foreign,
    /// A text that is too long or has characters that do not show.
    #[error("this is one line of at most {LONGEST} characters")]
    Text,
    /// No mail address.
    #[error("this is a mail address, such as naam@organisatie.example")]
    Email,
    /// No telephone number.
    #[error("a telephone number has 5 to 15 digits, with spaces, +, -, / and brackets where you like")]
    Phone,
    /// No web site.
    #[error("a web site is an address such as https://www.organisatie.example")]
    Website,
    /// No number of a register.
    #[error("this is a number of {REGISTER_DIGITS} digits")]
    Register,
    /// No postcode.
    #[error(transparent)]
    Postcode(#[from] MalformedPostcode),
    /// A postcode that is not there.
    #[error("there is no such postcode")]
    NoPostcode,
    /// A gemeente that is not there.
    #[error("there is no gemeente with this code; they look like GM0344")]
    Gemeente,
    /// Not a number that the field takes.
    #[error("this is a number from {least} to {most}")]
    Number {
        /// The least.
        least: i32,
        /// The greatest.
        most: i32,
    },
    /// No point.
    #[error("a point has a latitude from -90 to 90 and a longitude from -180 to 180")]
    Point,
    /// A point far from its postcode.
    #[error("this point is {km} km from the postcode; one of both is wrong (latitude and longitude in their order?)")]
    Apart {
        /// How far.
        km: f64,
    },
    /// The youngest age is above the greatest.
    #[error("the greatest age is not below the youngest")]
    Ages,
    /// A word that is not in the list of the field.
    #[error("this is none of the words that can stand here")]
    Word,
    /// A value of another kind.
    #[error("such a value cannot stand here")]
    Value,
    /// Only the kenniscentrum states it.
    #[error("the kenniscentrum states this; leave it out")]
    Kenniscentrum,
    /// It is live at once, so it waits for nobody.
    #[error("this does not wait for review; change it where it is")]
    Live,
    /// More spots are stated to be free.
    #[error("more spots are stated to be free from today on; state fewer there first")]
    Capacity,
}

impl Statement {
    /// States a field; null, or an empty text or list, takes away what it held.
    ///
    /// # Errors
    /// When the field cannot hold it.
    pub fn state(&mut self, field: MapField, said: Value, reference: &Reference) -> Result<(), Refusal> {
        let said = match said {
            Value::String(text) => {
                let text: String = text.trim().nfc().collect();
                if text.is_empty() { Value::Null } else { Value::String(text) }
            }
            other => other,
        };
        let read = if said.is_null() { Ok(nothing(field)) } else { read(field, said, reference) };
        self.0.insert(field, read.map_err(|error| Refusal(field, error))?);
        Ok(())
    }

    /// States what is known of the care that a group can give; night care is a field of its own.
    pub fn capabilities(&mut self, known: impl IntoIterator<Item = (CareCapability, Option<bool>)>) {
        for (capability, offered) in known {
            let field = if is_night_care(capability) { MapField::NightCare } else { MapField::Capabilities };
            self.fact(field, capability.code(), offered);
        }
    }

    /// States what is known of the facilities of a location.
    pub fn facilities(&mut self, known: impl IntoIterator<Item = (Facility, Option<bool>)>) {
        for (facility, present) in known {
            self.fact(MapField::Facilities, facility.code(), present);
        }
    }

    fn fact(&mut self, field: MapField, name: &str, fact: Option<bool>) {
        if let Value::Object(facts) = self.0.entry(field).or_insert_with(|| Value::Object(Map::new())) {
            facts.insert(name.to_owned(), json!(fact));
        }
    }
}

/// How a field holds nothing.
fn nothing(field: MapField) -> Value {
    match field {
        MapField::Leveringsvormen => json!([]),
        MapField::Fieldlab => json!(false),
        _ => Value::Null,
    }
}

/// Reads the value of a field, which is not empty.
fn read(field: MapField, said: Value, reference: &Reference) -> Result<Value, StatedError> {
    use MapField as F;
    match field {
        F::Name | F::Street | F::HouseNumber | F::City => checked(said, is_line, StatedError::Text),
        F::Phone => checked(said, is_phone, StatedError::Phone),
        F::Email => checked(said, is_email, StatedError::Email),
        F::Website => checked(said, is_website, StatedError::Website),
        F::KvkNumber | F::AgbCode => checked(said, is_register, StatedError::Register),
        F::Gemeente => checked(said, |code| reference.gemeenten.contains_key(code), StatedError::Gemeente),
        F::Postcode => postcode(&said, reference),
        F::Point => point(&said),
        F::Kind => word(said, ProviderKind::ALL, |one| one.code()),
        F::Precision => word(said, LocationPrecision::ALL, |one| one.code()),
        F::Homogeneity => word(said, Homogeneity::ALL, |one| one.code()),
        F::CareForm => word(said, CareForm::ALL, |one| one.code()),
        F::Size | F::Capacity => whole(said, 1..=1_000),
        F::Nurses => whole(said, 0..=1_000),
        F::MinAge | F::MaxAge => whole(said, 0..=120),
        F::StaffPerTen => {
            let number = said.as_f64().filter(|number| (0.0..=100.0).contains(number));
            number.map(|number| json!(number)).ok_or(StatedError::Number { least: 0, most: 100 })
        }
        F::Fieldlab | F::ChallengingBehaviourExcluded => {
            if said.is_boolean() {
                Ok(said)
            } else {
                Err(StatedError::Value)
            }
        }
        F::Leveringsvormen => {
            let items = said.as_array().ok_or(StatedError::Value)?;
            let find = |item: &Value| Leveringsvorm::ALL.iter().find(|one| item == one.code()).ok_or(StatedError::Word);
            let mut items = items.iter().map(find).collect::<Result<Vec<_>, _>>()?;
            items.sort_unstable();
            items.dedup();
            Ok(json!(items))
        }
        // Facts are stated one by one; the rest is not stated in a profile.
        F::Facilities
        | F::Capabilities
        | F::NightCare
        | F::WaitingList
        | F::Vervoer
        | F::Availability
        | F::ConfirmedAt
        | F::Claim
        | F::OnMap => Err(StatedError::Foreign),
    }
}

fn checked(said: Value, fits: impl Fn(&str) -> bool, error: StatedError) -> Result<Value, StatedError> {
    if said.as_str().is_some_and(fits) { Ok(said) } else { Err(error) }
}

fn is_line(text: &str) -> bool {
    text.chars().count() <= LONGEST && text.chars().all(is_plain)
}

fn is_register(text: &str) -> bool {
    text.len() == REGISTER_DIGITS && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_website(text: &str) -> bool {
    let of_the_web =
        |url: Url| ["http", "https"].contains(&url.scheme()) && url.domain().is_some_and(|domain| domain.contains('.'));
    is_line(text) && !text.contains(' ') && Url::parse(text).is_ok_and(of_the_web)
}

/// A postcode as a location holds it.
fn postcode(said: &Value, reference: &Reference) -> Result<Value, StatedError> {
    let text = said.as_str().ok_or(StatedError::Value)?;
    let postcode: AddressPostcode = text.parse()?;
    if !reference.postcodes.contains_key(&postcode.pc4()) {
        return Err(StatedError::NoPostcode);
    }
    Ok(json!(postcode))
}

fn point(said: &Value) -> Result<Value, StatedError> {
    let degrees = |name| said.get(name).and_then(Value::as_f64).ok_or(StatedError::Point);
    let point = Point::new(degrees("lat")?, degrees("lng")?).map_err(|_| StatedError::Point)?;
    Ok(json!(super::Coordinates::from(point)))
}

fn word<T>(said: Value, all: &[T], code: impl Fn(&T) -> &'static str) -> Result<Value, StatedError> {
    if all.iter().any(|one| said == code(one)) { Ok(said) } else { Err(StatedError::Word) }
}

fn whole(said: Value, range: RangeInclusive<i32>) -> Result<Value, StatedError> {
    let number = said.as_i64().and_then(|number| i32::try_from(number).ok());
    if number.is_some_and(|number| range.contains(&number)) {
        Ok(said)
    } else {
        Err(StatedError::Number { least: *range.start(), most: *range.end() })
    }
}
