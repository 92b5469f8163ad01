//! The JSON of answers.

use async_graphql::Value;
use axum::body::Bytes;
use serde::Serialize;

/// The response key under which whoever puts an answer in form asks the type of an object; no name that a question can hold.
/// What it is asked of is answered as a tree of values, and written when it has its form.
pub(crate) const TYPE_KEY: &str = "~type";

/// Bytes before what is written already, in which an answer can begin.
const HEADROOM: usize = 64;
/// Where it ends.
const END: &[u8] = b"}}";
/// Bytes that it takes to end there.
pub(super) const ROOM_BEHIND: usize = END.len();

/// A buffer for JSON of some length, which [`written`] takes.
pub(super) fn buffer(length: usize) -> Vec<u8> {
    let mut json = Vec::with_capacity(HEADROOM + length);
    json.resize(HEADROOM, b' ');
    json
}

/// A value that is JSON already: bytes, of which no scalar of ours is made.
pub(super) fn written(buffer: Vec<u8>) -> Value {
    Value::Binary(buffer.into())
}

/// A whole answer, where all of its data is one field that is written already: what stands around it is written around it.
pub(crate) fn in_place(data: &mut Value) -> Option<Bytes> {
    let Value::Object(fields) = data else { return None };
    let only = fields.len() == 1;
    let (name, value) = fields.first_mut().filter(|_| only)?;
    let Value::Binary(written) = value else { return None };
    if written.len() < HEADROOM {
        return None;
    }
    let mut before = Vec::with_capacity(HEADROOM);
    before.extend_from_slice(b"{\"data\":{");
    key(0, name, &mut before);
    let begin = HEADROOM.checked_sub(before.len())?;
    match std::mem::take(written).try_into_mut() {
        Ok(mut json) => {
            json[begin..HEADROOM].copy_from_slice(&before);
            json.extend_from_slice(END);
            Some(json.freeze().slice(begin..))
        }
        // Somebody else has it too.
        Err(json) => {
            *written = json;
            None
        }
    }
}

/// Writes a value.
pub(crate) fn write(value: &Value, json: &mut Vec<u8>) {
    match value {
        Value::Null => json.extend_from_slice(b"null"),
        Value::Boolean(truth) => json.extend_from_slice(if *truth { b"true" } else { b"false" }),
        Value::Number(number) => scalar(number, json),
        Value::String(written) => text(written, json),
        Value::Enum(name) => text(name, json),
        Value::Binary(written) => json.extend_from_slice(written.get(HEADROOM..).unwrap_or_default()),
        Value::List(items) => {
            json.push(b'[');
            for (at, item) in items.iter().enumerate() {
                comma(at, json);
                write(item, json);
            }
            json.push(b']');
        }
        Value::Object(fields) => {
            json.push(b'{');
            for (at, (name, value)) in fields.iter().enumerate() {
                key(at, name, json);
                write(value, json);
            }
            json.push(b'}');
        }
    }
}

/// Writes a text.
pub(super) fn text(text: &str, json: &mut Vec<u8>) {
    let is_escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    // Few texts hold anything that JSON escapes. To look at all of one, many bytes at a time, is quicker than to stop early.
    if text.bytes().fold(false, |any, byte| any | is_escaped(byte)) {
        return scalar(text, json);
    }
    json.reserve(text.len() + 2);
    json.push(b'"');
    json.extend_from_slice(text.as_bytes());
    json.push(b'"');
}

/// Writes a text or a number.
pub(super) fn scalar(value: &(impl Serialize + ?Sized), json: &mut Vec<u8>) {
    let written = serde_json::to_writer(json, value);
    debug_assert!(written.is_ok(), "a text or a number can be written, and memory takes it");
}

/// Writes what stands before the member that comes `at`th.
pub(super) fn comma(at: usize, json: &mut Vec<u8>) {
    if at > 0 {
        json.push(b',');
    }
}

/// Writes the key of the field that comes `at`th. Names hold nothing that JSON escapes.
pub(crate) fn key(at: usize, name: &str, json: &mut Vec<u8>) {
    comma(at, json);
    json.push(b'"');
    json.extend_from_slice(name.as_bytes());
    json.extend_from_slice(b"\":");
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use async_graphql::{Name, Number, indexmap::IndexMap};
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Boolean),
            any::<i64>().prop_map(|number| Value::Number(number.into())),
            any::<f64>().prop_map(|number| Number::from_f64(number).map_or(Value::Null, Value::Number)),
            any::<String>().prop_map(Value::String),
            "[ -~]{0,40}".prop_map(Value::String),
            "[ -~\"\\\\\t\n\u{7f}]{0,40}".prop_map(Value::String),
            "[A-Z_]{1,9}".prop_map(|name| Value::Enum(Name::new(name))),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            let fields = prop::collection::vec(("[_A-Za-z][_0-9A-Za-z]{0,9}", inner.clone()), 0..5);
            let object = |fields: Vec<(String, Value)>| {
                fields.into_iter().map(|(name, value)| (Name::new(name), value)).collect::<IndexMap<_, _>>()
            };
            prop_oneof![
                prop::collection::vec(inner, 0..5).prop_map(Value::List),
                fields.prop_map(move |fields| Value::Object(object(fields))),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_value_is_written_as_serde_writes_it(value in values()) {
            let mut json = Vec::new();
            write(&value, &mut json);
            prop_assert_eq!(String::from_utf8(json).unwrap(), serde_json::to_string(&value).unwrap());
        }

        #[test]
        fn what_is_written_is_taken_as_it_is(value in values()) {
            let mut inner = buffer(0);
            write(&value, &mut inner);
            let mut json = Vec::new();
            write(&Value::List(vec![written(inner), value.clone()]), &mut json);
            let expected = serde_json::to_string(&[&value, &value]).unwrap();
            prop_assert_eq!(String::from_utf8(json).unwrap(), expected);
        }

        #[test]
        fn an_answer_of_one_field_is_written_around_it(value in values(), name in "[_A-Za-z][_0-9A-Za-z]{0,70}", room: u8) {
            let mut inner = buffer(room.into());
            write(&value, &mut inner);
            let mut data = Value::Object(IndexMap::from_iter([(Name::new(&name), written(inner))]));
            let expected = serde_json::to_string(&serde_json::json!({ "data": { &*name: value } })).unwrap();
            let also = data.clone();
            prop_assert_eq!(in_place(&mut data), None, "somebody else has it");
            drop(also);
            let whole = in_place(&mut data).unwrap_or_else(|| {
                assert!(name.len() > HEADROOM - 12, "there is room");
                let mut json = Vec::new();
                write(&Value::Object(IndexMap::from_iter([(Name::new("data"), data)])), &mut json);
                json.into()
            });
            prop_assert_eq!(&*whole, expected.as_bytes());
        }
    }
}
