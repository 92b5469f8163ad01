//! Ids: a `UUIDv7` (RFC 9562, section 5.7) in a type of its own per table, so that no id is taken for another's.

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        // sea-orm asks this of every primary key, for databases that number their rows.
        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

ids! {
    /// A zorgaanbieder.
    ProviderId
    /// A building of a provider.
    LocationId
    /// A group in a building.
    CareGroupId
    /// One care form offered by a group.
    PlaceId
    /// One vervoer arrangement of a place.
    VervoerId
    /// An entry of the contactenbestand.
    ContactId
    /// A change of the contactenbestand that a provider proposes.
    ProposalId
    /// A change of the map that a provider proposes.
    ReviewId
    /// A field of the map that changed.
    MapChangeId
    /// A ZEVMB-paspoort.
    PassportId
    /// An application for a passport.
    ApplicationId
    /// What a passport holder waits for.
    SavedSearchId
    /// A proposal where places would help.
    SuggestionId
    /// A device on which somebody is signed in.
    SessionId
}
