//! JSON read strictly: no object at any level says anything twice, for two readers could each believe another half.

use std::{collections::HashMap, fmt};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

/// The members of an object.
pub(super) type Object = HashMap<String, Json>;

/// A value, as far as tokens and keys need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Text(String),
    /// A whole number that is not negative.
    Whole(u64),
    List(Vec<Self>),
    Object(Object),
    /// Null, true, false, and other numbers: nothing that we read.
    Other,
}

impl Json {
    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) const fn whole(&self) -> Option<u64> {
        if let Self::Whole(number) = self { Some(*number) } else { None }
    }

    pub(super) fn list(&self) -> Option<&[Self]> {
        if let Self::List(values) = self { Some(values) } else { None }
    }

    pub(super) const fn object(&self) -> Option<&Object> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// One text, or each of a list of texts.
    pub(super) fn texts(&self) -> Option<Vec<&str>> {
        match self {
            Self::Text(text) => Some(vec![text]),
            Self::List(values) => values.iter().map(Self::text).collect(),
            Self::Whole(_) | Self::Object(_) | Self::Other => None,
        }
    }
}

/// Reads an object and nothing behind it.
pub(super) fn object(bytes: &[u8]) -> Option<Object> {
    match serde_json::from_slice(bytes) {
        Ok(Json::Object(members)) => Some(members),
        _ => None,
    }
}

/// Reads an object that is written in base64url, as the parts of a token are.
pub(super) fn encoded_object(text: &str) -> Option<Object> {
    object(&URL_SAFE_NO_PAD.decode(text).ok()?)
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Strict)
    }
}

struct Strict;

impl<'de> Visitor<'de> for Strict {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Whole(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json, A::Error> {
        let mut members = Object::new();
        while let Some((name, value)) = object.next_entry()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member is there twice"));
            }
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_by_type() {
        let read = object(br#"{"t":"x","n":18446744073709551615,"l":["a","b"],"o":{"t":"y"}}"#).unwrap();
        assert_eq!((read["t"].text(), read["n"].whole()), (Some("x"), Some(u64::MAX)));
        assert_eq!(read["l"].texts(), Some(vec!["a", "b"]));
        assert_eq!(read["t"].texts(), Some(vec!["x"]));
        assert_eq!(read["o"].object().unwrap()["t"], Json::Text("y".into()));
        for other in ["null", "true", "-1", "1.5", "1e3", "18446744073709551616"] {
            let read = object(format!("{{\"x\":{other}}}").as_bytes()).unwrap();
            assert_eq!(read["x"], Json::Other, "{other}");
        }
    }

    #[test]
    fn nothing_is_said_twice_at_any_level() {
        for twice in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"b":{"a":1,"a":1}}"#,
            r#"{"b":[{"c":[{"a":1,"a":1}]}]}"#,
            r#"{"":1,"":1}"#,
        ] {
            assert_eq!(object(twice.as_bytes()), None, "{twice}");
        }
        let apart = object(br#"{"a":{"a":1},"b":[{"a":1},{"a":1}],"A":1}"#);
        assert!(apart.is_some());
    }

    #[test]
    fn what_is_no_object_alone_is_not_read() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for wrong in ["", "[]", "null", "\"x\"", "{}{}", "{}x", "{\"a\":1", "{\"a\":\u{1}}", &deep] {
            assert_eq!(object(wrong.as_bytes()), None);
        }
        assert_eq!(object(b"{\"a\":\"\xff\"}"), None);
        assert!(encoded_object("e30").is_some());
        assert_eq!((encoded_object("e30="), encoded_object("e3 0")), (None, None));
    }
}
