//! Enumerations: the vocabularies of the domain, described for the caller.

mod contact;
mod gap;
mod profile;

use async_graphql::Enum;
use serde::Serialize;

use super::plain::written_as_values;

pub(super) use contact::{
    ContactAction, ContactField, ContactStatus, OrganisationKind, ProposalStatus, WithdrawalReason,
};
pub(super) use gap::{CatchmentMethod, DemandSource, DistanceDecay, JobState, SiteObjective};
pub(super) use profile::{ClaimVoice, MapField, MapObject, ProviderKind, ReviewDecision, ReviewStatus};

written_as_values!(
    enum CareForm, Homogeneity, Leveringsvorm, Slot, TripFrom, ClaimStatus, ClaimSource, Freshness, LocationPrecision,
    Facility, CareCapability, Weekday, ContactStatus, OrganisationKind, WithdrawalReason
);

/// What a place offers.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::CareForm")]
pub(super) enum CareForm {
    /// A respite stay: nights, often in weekends or holidays.
    Logeren,
    /// Living in a residential group.
    Wonen,
    /// Part-time living: the form between logeren and wonen.
    Deeltijdwonen,
    /// Day activities, counted in dagdelen (half days).
    Dagbesteding,
}

/// How alike the care demand in a group is (kwaliteitseis 2.a).
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::Homogeneity")]
pub(super) enum Homogeneity {
    /// All clients have ZEVMB.
    HomogeneousZevmb,
    /// Clients with EMB and with ZEVMB.
    MixedEmbZevmb,
    /// Clients with other care demands too.
    Heterogeneous,
}

/// How care under the Wlz is delivered and paid for.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::Leveringsvorm")]
pub(super) enum Leveringsvorm {
    /// Zorg in natura.
    Zin,
    /// Deeltijdverblijf.
    Dtv,
    /// Volledig pakket thuis.
    Vpt,
    /// Modulair pakket thuis.
    Mpt,
    /// Persoonsgebonden budget.
    Pgb,
}

/// The part of a day that a free spot is about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::Slot")]
pub(super) enum Slot {
    /// Logeren: the night that begins on the date.
    Night,
    /// Dagbesteding: the morning.
    Morning,
    /// Dagbesteding: the afternoon.
    Afternoon,
    /// Wonen and deeltijdwonen: somebody can move in.
    Residence,
}

/// Where vervoer fetches people to bring them to a place.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::TripFrom")]
pub(super) enum TripFrom {
    /// At home.
    Home,
    /// At their dagbesteding.
    Dagbesteding,
}

/// What a claim says of a kwaliteitseis.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::ClaimStatus")]
pub(super) enum ClaimStatus {
    /// The place meets it.
    Met,
    /// The place meets it in part.
    PartlyMet,
    /// The place does not meet it.
    NotMet,
    /// It was looked at, and is not known.
    Unknown,
}

/// Who claims it. Filters and wishes take the kenniscentrum's claim if there is one, else the provider's.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::ClaimSource")]
pub(super) enum ClaimSource {
    /// The provider of the place.
    Provider,
    /// Parents who know the place.
    Parents,
    /// The ZEVMB-kenniscentrum.
    Kenniscentrum,
}

/// How old the provider's last confirmation is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::freshness::Freshness")]
pub(super) enum Freshness {
    /// Up to 14 days old.
    Fresh,
    /// Up to 45 days old.
    Aging,
    /// Older, or never confirmed; `Place.phoneFirst` says when it is too old to count on.
    Stale,
}

/// In which order places are answered.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum PlaceOrder {
    /// Nearest first, ties by id.
    Nearest,
    /// Those that are `FRESH` first, then `AGING`, then `STALE`; among each nearest first, ties by id.
    FreshFirst,
}

/// How exactly a location is shown.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::LocationPrecision")]
pub(super) enum LocationPrecision {
    /// With its address.
    Exact,
    /// A home: as its PC4 only, with the point of the PC4.
    Area,
}

/// What two experts decided on an application for a ZEVMB-paspoort.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::PassportOutcome")]
pub(super) enum PassportOutcome {
    /// ZEVMB: a passport for life.
    Zevmb,
    /// A child under 2: a passport for two years, then one re-assessment.
    VroegZevmb,
    /// From 2, development in doubt: a passport for two years, then one re-assessment.
    ZevmbMetHerbeoordeling,
    /// No ZEVMB: no passport.
    GeenZevmb,
}

/// What a passport is worth now.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::passport::PassportStatus")]
pub(super) enum PassportStatus {
    /// It opens what it promises.
    Active,
    /// Its last valid day has passed, or its first has not come.
    Expired,
    /// The kenniscentrum ended it.
    Revoked,
}

/// What a building has.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::Facility")]
pub(super) enum Facility {
    /// A room to rest.
    Rustruimte,
    /// A snoezelruimte.
    Snoezelruimte,
    /// High-low beds.
    HoogLaagbed,
    /// A ceiling hoist.
    Tillift,
    /// A bathroom with room for aids.
    RuimeBadkamer,
    /// Storage for oxygen.
    ZuurstofOpslag,
    /// Underfloor heating.
    Vloerverwarming,
    /// Sliding doors with a sensor.
    SchuifdeurenSensor,
    /// A garden.
    Tuin,
}

/// What care a group can give.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::CareCapability")]
pub(super) enum CareCapability {
    /// Somebody awake on site at night (kwaliteitseis 5.a).
    WakendeNachtzorg,
    /// Somebody asleep on site at night (kwaliteitseis 5.a).
    SlapendeNachtzorg,
    /// A remote waking watch by listening system (kwaliteitseis 5.a).
    Uitluistersysteem,
    /// Care for a tracheostomy.
    Tracheacanule,
    /// Tube feeding.
    Sondevoeding,
    /// Ventilation.
    Beademing,
    /// Care for epilepsy.
    Epilepsiezorg,
}

/// What somebody is to the map.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::auth::Role")]
pub(super) enum Role {
    /// Anyone, without a token.
    Anonymous,
    /// Parent or legal representative of one person with a ZEVMB-paspoort.
    PassportHolder,
    /// Staff of one zorgaanbieder.
    Provider,
    /// Staff of a zorgkantoor, bound to its regions.
    Zorgkantoor,
    /// The ZEVMB-kenniscentrum.
    Kenniscentrum,
}

/// A day of the week.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl From<Weekday> for chrono::Weekday {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Mon,
            Weekday::Tuesday => Self::Tue,
            Weekday::Wednesday => Self::Wed,
            Weekday::Thursday => Self::Thu,
            Weekday::Friday => Self::Fri,
            Weekday::Saturday => Self::Sat,
            Weekday::Sunday => Self::Sun,
        }
    }
}

impl From<chrono::Weekday> for Weekday {
    fn from(day: chrono::Weekday) -> Self {
        match day {
            chrono::Weekday::Mon => Self::Monday,
            chrono::Weekday::Tue => Self::Tuesday,
            chrono::Weekday::Wed => Self::Wednesday,
            chrono::Weekday::Thu => Self::Thursday,
            chrono::Weekday::Fri => Self::Friday,
            chrono::Weekday::Sat => Self::Saturday,
            chrono::Weekday::Sun => Self::Sunday,
        }
    }
}

/// Turns a list of the API into one of the domain, each word once; left out and empty are the same: nothing is asked.
pub(super) fn domain<T: Into<U>, U: PartialEq>(list: Option<Vec<T>>) -> Vec<U> {
    let mut words = Vec::new();
    for word in list.unwrap_or_default().into_iter().map(Into::into) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}
