//! What a token says, as closed types: a duplicate member, a wrong type or a missing claim does not parse.

use entity::id::{PassportId, ProviderId, SessionId};
use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};

use super::role::Role;

/// The media type of an access token (RFC 9068, section 2.1).
pub(super) const TOKEN_TYPE: &str = "at+jwt";

/// The protected header. Members that would name a key (`jku`, `jwk`, `x5u`, `x5c`) are not read at all.
#[derive(Debug, Deserialize)]
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) typ: String,
    pub(super) kid: String,
    /// Whether there are extensions that must be understood, whatever they are: none is.
    #[serde(default, deserialize_with = "present")]
    pub(super) crit: bool,
}

/// A member that is there, also when it is null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// The claims of an access token (RFC 9068, section 2.2), times in seconds since 1970.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) sub: String,
    pub(super) client_id: String,
    pub(super) iat: u64,
    pub(super) nbf: u64,
    pub(super) exp: u64,
    pub(super) jti: String,
    pub(super) role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) passport: Option<PassportId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) provider: Option<ProviderId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) regions: Option<Vec<String>>,
    /// The session of a passport holder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<SessionId>,
}

/// Whom a token is for: a role with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The holder of a passport.
    PassportHolder(PassportId),
    /// Staff of a provider.
    Provider(ProviderId),
    /// Staff of the zorgkantoor of these regions, by code; at least one.
    Zorgkantoor(Vec<String>),
    /// The kenniscentrum.
    Kenniscentrum,
}

impl Subject {
    /// The role.
    pub const fn role(&self) -> Role {
        match self {
            Self::PassportHolder(_) => Role::PassportHolder,
            Self::Provider(_) => Role::Provider,
            Self::Zorgkantoor(_) => Role::Zorgkantoor,
            Self::Kenniscentrum => Role::Kenniscentrum,
        }
    }

    /// Reads the subject; a role without what belongs to it, or with what belongs to another, is none.
    pub(super) fn of(claims: &Claims) -> Option<Self> {
        match (claims.role, claims.passport, claims.provider, &claims.regions) {
            (Role::PassportHolder, Some(passport), None, None) => Some(Self::PassportHolder(passport)),
            (Role::Provider, None, Some(provider), None) => Some(Self::Provider(provider)),
            (Role::Zorgkantoor, None, None, Some(regions)) if !regions.is_empty() && regions.len() <= 31 => {
                Some(Self::Zorgkantoor(regions.clone()))
            }
            (Role::Kenniscentrum, None, None, None) => Some(Self::Kenniscentrum),
            _ => None,
        }
    }
}
