//! Cursors: opaque, bound to the question they came from, and proof against edits by accident.
//!
//! A cursor is base64url of: the first 8 bytes of the SHA-256 of the question, the key of the edge, and the CRC-32 (IEEE 802.3)
//! of both. The key is where the edge stands in the order, so that paging goes on from there
//! whatever has come or gone in between. A forged cursor can only start elsewhere in an answer that is open anyway.

use base64::{Engine, encoded_len, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use smallvec::{SmallVec, ToSmallVec as _};

use super::{
    error::{ApiError, Result},
    plain::written_as_values,
};

const MARK: usize = 8;
const CHECK: usize = 4;
/// Bytes that the text of most questions takes.
const ROOM: usize = 1_024;
/// Bytes that most cursors take.
const SHORT: usize = 64;

/// The cursor of an edge: a text.
#[derive(Clone, Debug)]
pub(super) struct Cursor(SmallVec<[u8; SHORT]>);

impl Cursor {
    /// The cursor that says `bytes`.
    fn of(bytes: &[u8]) -> Self {
        let mut text = SmallVec::from([0; SHORT]);
        text.resize(encoded_len(bytes.len(), false).unwrap_or_default(), 0);
        let written = URL_SAFE_NO_PAD.encode_slice(bytes, &mut text);
        debug_assert_eq!(written, Ok(text.len()), "a cursor is as long as it is said to get");
        Self(text)
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

written_as_values!(answer Cursor as String);

/// A question, as far as its cursors are bound to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question([u8; MARK]);

impl Question {
    /// The question of a field with these arguments (but for `first` and `after`).
    pub(super) fn new(field: &str, arguments: &impl Serialize) -> Self {
        let mut text = Vec::with_capacity(ROOM);
        let written = serde_json::to_writer(&mut text, &(field, arguments));
        debug_assert!(written.is_ok(), "arguments can be written, and memory takes them");
        let mut mark = [0; MARK];
        mark.copy_from_slice(&Sha256::digest(text)[..MARK]);
        Self(mark)
    }

    /// The cursor of an edge.
    pub(super) fn cursor(self, key: &[u8]) -> Cursor {
        let mut said: SmallVec<[u8; SHORT]> = self.0.to_smallvec();
        said.extend_from_slice(key);
        let check = check(&said);
        said.extend_from_slice(&check);
        Cursor::of(&said)
    }

    /// The cursor of an edge that stands at `place` in the order.
    pub(super) fn cursor_at(self, place: &impl Serialize) -> Result<Cursor> {
        let key = serde_json::to_vec(place).map_err(|_| ApiError::internal("a place in an order has no text"))?;
        Ok(self.cursor(&key))
    }

    /// The place in the order of a cursor of this question.
    pub(super) fn place<T: DeserializeOwned>(self, cursor: &str) -> Result<T> {
        serde_json::from_slice(&self.key(cursor)?).map_err(|_| foreign())
    }

    /// The key in a cursor of this question.
    pub(super) fn key(self, cursor: &str) -> Result<Vec<u8>> {
        let edited =
            || ApiError::input("after", "This is not a cursor of ours; take `endCursor` of an answer as it is.");
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| edited())?;
        let (body, checked) = bytes.split_last_chunk::<CHECK>().ok_or_else(edited)?;
        let (question, key) = body.split_first_chunk::<MARK>().ok_or_else(edited)?;
        if check(body) != *checked {
            return Err(edited());
        }
        if *question != self.0 {
            return Err(ApiError::input(
                "after",
                "This cursor is of another question; keep all arguments but `first` and `after` as they were.",
            ));
        }
        Ok(key.to_vec())
    }
}

fn check(said: &[u8]) -> [u8; CHECK] {
    crc32fast::hash(said).to_be_bytes()
}

/// The key of an edge in the order of distance, then id.
pub(super) fn distance_key(distance_km: f64, id: u128) -> [u8; 24] {
    let mut key = [0; 24];
    key[..8].copy_from_slice(&distance_km.to_bits().to_be_bytes());
    key[8..].copy_from_slice(&id.to_be_bytes());
    key
}

/// Reads a key in the order of distance, then id.
pub(super) fn distance_and_id(key: &[u8]) -> Result<(f64, u128)> {
    let (distance, id) = key.split_first_chunk::<8>().ok_or_else(foreign)?;
    Ok((f64::from_bits(u64::from_be_bytes(*distance)), id_of(id)?))
}

/// Reads a key in the order of id.
pub(super) fn id_of(key: &[u8]) -> Result<u128> {
    key.try_into().map(u128::from_be_bytes).map_err(|_| foreign())
}

/// A cursor that is whole, and of no place in this order.
pub(super) fn foreign() -> ApiError {
    ApiError::input("after", "This is not a cursor of ours; take `endCursor` of an answer as it is.")
}
