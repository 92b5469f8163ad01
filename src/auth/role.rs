//! The roles (DOMAIN, "Who uses it, and for what").

use serde::{Deserialize, Serialize};

/// What somebody is to the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Anyone.
    Anonymous,
    /// Parent or legal representative of one person with a ZEVMB-paspoort.
    PassportHolder,
    /// Staff of one zorgaanbieder.
    Provider,
    /// Staff of a zorgkantoor.
    Zorgkantoor,
    /// The ZEVMB-kenniscentrum.
    Kenniscentrum,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Anonymous, Self::PassportHolder, Self::Provider, Self::Zorgkantoor, Self::Kenniscentrum];

    /// The role as tokens and the API write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Anonymous => "ANONYMOUS",
            Self::PassportHolder => "PASSPORT_HOLDER",
            Self::Provider => "PROVIDER",
            Self::Zorgkantoor => "ZORGKANTOOR",
            Self::Kenniscentrum => "KENNISCENTRUM",
        }
    }

    /// The role that is written as `code`.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}
