//! Providers, their locations, the groups in them, and the places that the groups offer.
//!
//! A page of answers reads twenty of each, from anywhere in memory, 64 bytes at a time: what lists say comes first (`repr(C)`),
//! and a short name lies within. See `docs/performance.md`.

use chrono::{DateTime, Utc};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::{
    availability::Run,
    id::{CareGroupId, LocationId, PlaceId, ProviderId},
    postcode::AddressPostcode,
    vervoer::Vervoer,
    vocabulary::{
        CareCapability, CareForm, ClaimSource, ClaimStatus, Facility, Homogeneity, Leveringsvorm, LocationPrecision,
        ProviderKind,
    },
};
use crate::geo::Point;

/// A zorgaanbieder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[repr(C, align(64))]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Its name.
    pub name: CompactString,
    /// What kind of provider it is.
    pub kind: ProviderKind,
    /// Whether it takes part in the ZEVMB-fieldlab (jaarverslag 1).
    pub fieldlab: bool,
    /// Its version: one more with every change.
    pub version: i32,
    /// A telephone number for parents.
    pub phone: Option<String>,
    /// A mail address for parents.
    pub email: Option<String>,
    /// Its web site.
    pub website: Option<String>,
    /// Its number in the trade register; with a home address behind it for a zzp'er.
    pub kvk_number: Option<String>,
    /// Its AGB code.
    pub agb_code: Option<String>,
}

/// A building of a provider, with its true address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[repr(C, align(64))]
pub struct Location {
    /// The place.
    pub city: CompactString,
    /// Whose it is.
    pub provider_id: ProviderId,
    /// The true point.
    pub point: Point,
    /// Its true postcode.
    pub postcode: AddressPostcode,
    /// Whether the address may be shown.
    pub precision: LocationPrecision,
    /// Its id.
    pub id: LocationId,
    /// The street.
    pub street: Option<String>,
    /// The number, with additions.
    pub house_number: Option<String>,
    /// The gemeente.
    pub gemeente_code: String,
    /// What is known of its facilities, each at most once.
    pub facilities: Vec<(Facility, bool)>,
    /// Its version: one more with every change.
    pub version: i32,
}

/// A group in a building.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[repr(C, align(64))]
pub struct CareGroup {
    /// Its name.
    pub name: CompactString,
    /// How alike the care demand is (AEF 2.a).
    pub homogeneity: Homogeneity,
    /// Whether clients with challenging behaviour are excluded (AEF 2.a).
    pub challenging_behaviour_excluded: Option<bool>,
    /// How many clients it has room for.
    pub size: i32,
    /// Staff per ten clients (AEF 3.b).
    pub staff_per_ten: Option<f64>,
    /// Nurses in the team.
    pub nurses: Option<i32>,
    /// Its id.
    pub id: CareGroupId,
    /// Where it is.
    pub location_id: LocationId,
    /// What is known of the care that it can give, each at most once.
    pub capabilities: Vec<(CareCapability, bool)>,
    /// Its version: one more with every change.
    pub version: i32,
}

/// One care form offered by a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[repr(C, align(64))]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// Its name.
    pub name: CompactString,
    /// The free spots: runs in the order of slot and date, without overlap.
    pub availability: Vec<Run>,
    /// Its vervoer; none: not known; empty: there is none.
    pub vervoer: Option<Vec<Vervoer>>,
    /// When the provider last said that what it states is true.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// How many spots it has.
    pub capacity: i32,
    /// What it offers.
    pub care_form: CareForm,
    /// The youngest age, in whole years; none: no limit.
    pub min_age: Option<i32>,
    /// The greatest age, in whole years; none: no limit.
    pub max_age: Option<i32>,
    /// The group that offers it.
    pub care_group_id: CareGroupId,
    /// Its version: one more with every change.
    pub version: i32,
    /// A telephone number for parents.
    pub phone: Option<String>,
    /// A mail address for parents.
    pub email: Option<String>,
    /// How it is paid for; none: not known.
    pub leveringsvormen: Option<Vec<Leveringsvorm>>,
    /// The waiting list, if one is stated.
    pub waiting_list: Option<WaitingList>,
    /// What is said of kwaliteitseisen, in the order of code and source.
    pub claims: Vec<Claim>,
}

/// A waiting list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingList {
    /// How many people wait.
    pub length: Option<i32>,
    /// How many weeks it is expected to take.
    pub expected_weeks: Option<i32>,
    /// When this was stated.
    pub updated_at: DateTime<Utc>,
}

/// What one source says of one kwaliteitseis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The kwaliteitseis.
    pub code: String,
    /// Who says so.
    pub source: ClaimSource,
    /// What they say.
    pub status: ClaimStatus,
    /// Why.
    pub explanation: Option<String>,
    /// When it was assessed.
    pub assessed_at: DateTime<Utc>,
    /// What parents say of it.
    pub voices: Voices,
}

/// How many holders of a passport have said of a claim, as it is now, that it is right or wrong: one voice per passport, that
/// goes on with the passport that follows it, whatever has become of the passport since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voices {
    /// That it is right.
    pub confirming: u32,
    /// That it is wrong.
    pub disputing: u32,
}

/// How many voices there have to be before their number is shown.
const FEWEST_VOICES: u32 = 3;

/// A number of voices as it is shown; none: too few, or none at all. Who looks again and again sees one more voice come, and
/// learns that one of all holders of a passport gave it; while there are few, not even that.
pub fn shown_voices(count: u32) -> Option<u32> {
    (count >= FEWEST_VOICES).then_some(count)
}

/// One provider with all that hangs on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// The provider.
    pub provider: Provider,
    /// Its locations.
    pub locations: Vec<Location>,
    /// Their groups.
    pub groups: Vec<CareGroup>,
    /// The places that the groups offer.
    pub places: Vec<Place>,
}

impl Bundle {
    /// A provider without anything yet.
    pub const fn new(provider: Provider) -> Self {
        Self { provider, locations: Vec::new(), groups: Vec::new(), places: Vec::new() }
    }
}

impl Place {
    /// What filters and wishes take for true of a kwaliteitseis: the claim of the kenniscentrum if there is one, else
    /// the provider's (DESIGN, section 2).
    pub fn claimed(&self, code: &str) -> ClaimStatus {
        self.claims_by_weight()
            .filter(|claim| claim.code == code)
            .last()
            .map_or(ClaimStatus::Unknown, |claim| claim.status)
    }

    /// The claims, those that count for less first: of two of one kwaliteitseis the later is the one that [`Self::claimed`] takes.
    pub(super) fn claims_by_weight(&self) -> impl Iterator<Item = &Claim> {
        [ClaimSource::Provider, ClaimSource::Kenniscentrum]
            .into_iter()
            .flat_map(|source| self.claims.iter().filter(move |claim| claim.source == source))
    }
}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use super::*;

    /// What a processor reads at a time.
    const LINE: usize = 64;

    /// Where these fields end, the last of them.
    macro_rules! end {
        ($row:ty: $($field:ident $type:ty),+) => {
            [$(offset_of!($row, $field) + size_of::<$type>()),+].into_iter().max()
        };
    }

    #[test]
    fn what_lists_say_of_a_place_is_read_at_once() {
        assert!(end!(Provider: id ProviderId, name CompactString, kind ProviderKind) <= Some(LINE));
        let location = end!(
            Location: city CompactString, provider_id ProviderId, point Point, postcode AddressPostcode,
            precision LocationPrecision
        );
        assert!(location <= Some(LINE));
        assert!(end!(CareGroup: name CompactString, homogeneity Homogeneity, size i32) <= Some(LINE));
        assert!(end!(Place: id PlaceId, name CompactString, availability Vec<Run>) <= Some(LINE));
        let place = end!(Place: confirmed_at Option<DateTime<Utc>>, capacity i32, care_form CareForm);
        assert!(place <= Some(2 * LINE));
        for rows in [align_of::<Provider>(), align_of::<Location>(), align_of::<CareGroup>(), align_of::<Place>()] {
            assert_eq!(rows, LINE);
        }
    }
}
