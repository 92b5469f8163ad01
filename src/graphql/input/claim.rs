//! What is said of kwaliteitseisen at a place.

use async_graphql::{ID, InputObject};

use super::{
    super::{
        enums::{ClaimSource, ClaimStatus, ClaimVoice},
        id,
    },
    contact::Read,
    idempotency_key, kwaliteitseis, text,
};
use crate::store::{StateClaim, View, VoiceClaim};

/// What a place meets of a kwaliteitseis.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct StateClaimInput {
    /// The place: your own, unless you are the kenniscentrum.
    place: ID,
    /// The kwaliteitseis, by code, such as `3.b`.
    code: String,
    /// What is claimed.
    status: ClaimStatus,
    /// Why, in words: at most 200 characters; left out: nothing.
    explanation: Option<String>,
    /// The `version` of the place that you have seen, as in `SetAvailabilityInput`.
    expected_version: Option<i32>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

/// What you say, as a parent, of a claim.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct VoiceClaimInput {
    /// The place.
    place: ID,
    /// The kwaliteitseis, by code, such as `3.b`.
    code: String,
    /// Whose claim it is.
    source: ClaimSource,
    /// What you say, in the place of what you said of it before.
    voice: ClaimVoice,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl StateClaimInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<StateClaim> {
        let asked = StateClaim {
            place: id::place("input.place", &self.place)?,
            code: kwaliteitseis("input.code", self.code, view.reference())?,
            status: self.status.into(),
            explanation: self.explanation.map(|words| text("input.explanation", &words)).transpose()?,
            expected_version: self.expected_version,
        };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

impl VoiceClaimInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<VoiceClaim> {
        let asked = VoiceClaim {
            place: id::place("input.place", &self.place)?,
            code: kwaliteitseis("input.code", self.code, view.reference())?,
            source: self.source.into(),
            agrees: match self.voice {
                ClaimVoice::Confirm => Some(true),
                ClaimVoice::Dispute => Some(false),
                ClaimVoice::None => None,
            },
        };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}
