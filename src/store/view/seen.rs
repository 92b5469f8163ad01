//! What a requester may see of a place and of whose it is.

use chrono::{DateTime, Utc};

use super::Inner;
use crate::care::{
    freshness::Freshness,
    id::{LocationId, PlaceId, ProviderId},
    place::{CareGroup, Claim, Location, Place, Provider},
    vervoer::Vervoer,
    vocabulary::{CareForm, Leveringsvorm},
};

/// What everybody may see of a place.
#[derive(Debug)]
pub struct SeenPlace<'a> {
    pub(super) place: &'a Place,
    /// Its group.
    pub group: &'a CareGroup,
    pub(super) location: &'a Location,
    pub(super) seen: &'a Inner,
}

impl<'a> SeenPlace<'a> {
    /// Its id.
    pub fn id(&self) -> PlaceId {
        self.place.id
    }

    /// Its name.
    pub fn name(&self) -> &'a str {
        &self.place.name
    }

    /// What it offers.
    pub fn care_form(&self) -> CareForm {
        self.place.care_form
    }

    /// Its version.
    pub fn version(&self) -> i32 {
        self.place.version
    }

    /// How many spots it has.
    pub fn capacity(&self) -> i32 {
        self.place.capacity
    }

    /// A telephone number for parents.
    pub fn phone(&self) -> Option<&'a str> {
        self.place.phone.as_deref()
    }

    /// A mail address for parents.
    pub fn email(&self) -> Option<&'a str> {
        self.place.email.as_deref()
    }

    /// The youngest age.
    pub fn min_age(&self) -> Option<i32> {
        self.place.min_age
    }

    /// The greatest age.
    pub fn max_age(&self) -> Option<i32> {
        self.place.max_age
    }

    /// How it is paid for; none: not known.
    pub fn leveringsvormen(&self) -> Option<&'a [Leveringsvorm]> {
        self.place.leveringsvormen.as_deref()
    }

    /// Its vervoer; none: not known.
    pub fn vervoer(&self) -> Option<&'a [Vervoer]> {
        self.place.vervoer.as_deref()
    }

    /// What is said of kwaliteitseisen.
    pub fn claims(&self) -> &'a [Claim] {
        &self.place.claims
    }

    /// When the provider last confirmed it.
    pub fn confirmed_at(&self) -> Option<DateTime<Utc>> {
        self.place.confirmed_at
    }

    /// Where it is.
    pub fn location_id(&self) -> LocationId {
        self.location.id
    }

    /// Whose it is.
    pub fn provider_id(&self) -> ProviderId {
        self.location.provider_id
    }

    /// How far what it states can be relied on.
    pub fn freshness(&self) -> Freshness {
        self.seen.moment.freshness.freshness(self.confirmed_at(), self.seen.moment.now)
    }

    /// Whether it is so long ago that parents had better phone first.
    pub fn phone_first(&self) -> bool {
        self.seen.moment.freshness.phone_first(self.confirmed_at(), self.seen.moment.now)
    }

    /// Whether the requester may change it.
    pub fn is_changeable(&self) -> bool {
        self.seen.scope.change_place_of(self.provider_id()).is_ok()
    }
}

/// What the requester may see of a provider.
#[derive(Debug)]
pub struct SeenProvider<'a> {
    pub(super) provider: &'a Provider,
    pub(super) seen: &'a Inner,
}

impl<'a> SeenProvider<'a> {
    /// Its id.
    pub const fn id(&self) -> ProviderId {
        self.provider.id
    }

    /// Its name.
    pub fn name(&self) -> &'a str {
        &self.provider.name
    }

    /// A telephone number for parents.
    pub fn phone(&self) -> Option<&'a str> {
        self.provider.phone.as_deref()
    }

    /// A mail address for parents.
    pub fn email(&self) -> Option<&'a str> {
        self.provider.email.as_deref()
    }

    /// Its AGB code.
    pub fn agb_code(&self) -> Option<&'a str> {
        self.provider.agb_code.as_deref()
    }

    /// Whether it takes part in the ZEVMB-fieldlab.
    pub const fn fieldlab(&self) -> bool {
        self.provider.fieldlab
    }

    /// Its version.
    pub const fn version(&self) -> i32 {
        self.provider.version
    }

    /// Its web site, unless that would give a home away.
    pub fn website(&self) -> Option<&'a str> {
        self.provider.website.as_deref().filter(|_| self.is_shown())
    }

    /// Its number in the trade register, unless that would give a home away.
    pub fn kvk_number(&self) -> Option<&'a str> {
        self.provider.kvk_number.as_deref().filter(|_| self.is_shown())
    }

    /// Whether what leads to its address may be seen.
    fn is_shown(&self) -> bool {
        let Inner { map, scope, .. } = self.seen;
        !map.has_area_location(self.provider.id) || scope.sees_home_of(self.provider.id)
    }
}
