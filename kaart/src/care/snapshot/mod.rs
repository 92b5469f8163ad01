//! The map in memory: every place with all that is stated of it, linked and indexed, as of one moment. What
//! of it somebody may see is for `store::view` to say.

mod indexed;
mod laid;
mod rows;
mod seen;

use std::sync::Arc;

use chrono::NaiveDate;

use super::{
    agreement::Agreement,
    brief::Briefs,
    columns::Columns,
    ground::Ground,
    id::{PlaceId, ProviderId},
    place::{Bundle, CareGroup, Location, Place, Provider},
    reference::Reference,
};
use crate::geo::{
    Point,
    index::{Candidate, PlaceIndex},
};
use indexed::Indexed;
use laid::{Laid, Parts, Seen};
pub(super) use rows::Rows;
pub use seen::SeenLocation;

/// What a snapshot is made of; rows whose parent is missing are left out.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// Reference data.
    pub reference: Reference,
    /// What passports open.
    pub agreements: Vec<Agreement>,
    /// The providers.
    pub providers: Vec<Provider>,
    /// Their locations.
    pub locations: Vec<Location>,
    /// Their groups.
    pub groups: Vec<CareGroup>,
    /// Their places.
    pub places: Vec<Place>,
}

/// A place with all that it hangs on.
#[derive(Clone, Copy, Debug)]
pub struct PlaceFacts<'a> {
    /// The place.
    pub place: &'a Place,
    /// Its group.
    pub group: &'a CareGroup,
    /// The group's location.
    pub location: &'a Location,
    /// Whose it is.
    pub provider: &'a Provider,
    /// Where the location is for everybody.
    seen: &'a Seen,
    /// The codes of the zorgkantoorregio's.
    regions: &'a [String],
}

impl PlaceFacts<'_> {
    /// Where the location is for everybody: see [`SeenLocation`].
    pub const fn point(&self) -> Point {
        self.seen.point
    }

    /// The zorgkantoorregio there, for everybody.
    pub fn region_code(&self) -> &str {
        // It is one of them: what lies in none is left out.
        self.regions.get(self.seen.region).map_or("", String::as_str)
    }

    /// Each reads a little of each piece of memory that most answers are made of: of the rows, then of what they lead to. What
    /// it comes to means nothing. The first is for all places before the second is for any: what a row leads to can be asked
    /// for when the row has come.
    pub(super) const TOUCH: [fn(&Self) -> usize; 2] = [Self::touch_rows, Self::touch_lists];

    /// Without a condition, so that the processor is at the next place while it waits for this one.
    fn touch_rows(&self) -> usize {
        let Self { place, group, location, provider, .. } = self;
        let of_place = usize::from(place.confirmed_at.is_some()) + place.availability.len();
        of_place + usize::from(group.size > 0) + location.city.len() + provider.name.len()
    }

    fn touch_lists(&self) -> usize {
        let Self { place, provider, .. } = self;
        let names = [&place.name, &provider.name].map(|name| name.bytes().next().map_or(0, usize::from));
        // Who looks for the next stay seldom reads on; two runs lie in as much as is read at a time.
        let runs = place.availability.iter().take(4).step_by(2).map(|run| usize::from(run.free > 0));
        names.iter().sum::<usize>() + runs.sum::<usize>()
    }
}

/// All that is on the map, each with what it hangs on, before it is indexed.
#[derive(Debug)]
pub struct Linked(Laid);

impl Linked {
    /// Links `records`.
    pub fn of(records: Records) -> Self {
        let Records { reference, agreements, providers, locations, groups, places } = records;
        let ground = Arc::new(Ground::new(reference, agreements));
        Self(Laid::lay(ground, Parts { providers, locations, groups, places }))
    }

    /// Indexes it; the index keeps availability from `base` on.
    pub fn index(self, base: NaiveDate) -> Snapshot {
        let Self(laid) = self;
        let (indexed, index) = Indexed::of(&laid, base);
        let places = &laid.places.rows;
        Snapshot {
            restated: Rows::all(&None, places.len()),
            briefs: Briefs::of(places, index.ordinals()),
            laid: Arc::new(laid),
            indexed: Arc::new(indexed),
            index,
        }
    }
}

/// The map as of one moment. A clone is a version that shares what it does not change.
#[derive(Clone, Debug)]
pub struct Snapshot {
    laid: Arc<Laid>,
    indexed: Arc<Indexed>,
    /// What places state otherwise since then; none: as they were laid.
    restated: Rows<Option<Arc<Place>>>,
    briefs: Briefs,
    pub(super) index: PlaceIndex,
}

impl Snapshot {
    /// Links and indexes `records`; the index keeps availability from `base` on.
    pub fn build(records: Records, base: NaiveDate) -> Self {
        Linked::of(records).index(base)
    }

    /// Links and indexes the providers of `bundles` on `ground`; the index keeps availability from `base` on.
    pub fn of(ground: Arc<Ground>, bundles: impl IntoIterator<Item = Bundle>, base: NaiveDate) -> Self {
        let mut parts = Parts::default();
        for bundle in bundles {
            parts.providers.push(bundle.provider);
            parts.locations.extend(bundle.locations);
            parts.groups.extend(bundle.groups);
            parts.places.extend(bundle.places);
        }
        Linked(Laid::lay(ground, parts)).index(base)
    }

    /// Takes over what the places of a provider state where they, its groups and its buildings are the ones that are here:
    /// bits change and nothing moves. False: they are not, and nothing is taken over.
    #[must_use]
    pub fn restate(self: &mut Arc<Self>, bundle: &Bundle) -> bool {
        if !self.laid.is_of(bundle, |id| self.stated(self.place(id)?)) {
            return false;
        }
        for place in &bundle.places {
            let Some(ordinal) = self.place(place.id).filter(|ordinal| self.stated(*ordinal) != Some(place)) else {
                continue;
            };
            let Self { laid, indexed, restated, briefs, index } = Arc::make_mut(self);
            let Some((facts, number)) = laid.facts(ordinal, place).zip(indexed.number(ordinal)) else { continue };
            index.set(number, |row| indexed.columns.fill(&facts, row));
            let before = restated.get(ordinal as usize).and_then(Option::as_deref);
            if let Some(before) = before.or_else(|| laid.places.rows.get(ordinal as usize)) {
                briefs.replace(number, before, place);
            }
            restated.replace(ordinal as usize, Some(Arc::new(place.clone())));
        }
        true
    }

    /// What is stated of a place itself, by its number in this snapshot.
    pub(super) fn stated(&self, ordinal: u32) -> Option<&Place> {
        let laid = self.laid.places.rows.get(ordinal as usize)?;
        Some(self.restated.get(ordinal as usize)?.as_deref().unwrap_or(laid))
    }

    /// A place with all that it hangs on, by its number in this snapshot.
    #[inline]
    pub fn facts(&self, ordinal: u32) -> Option<PlaceFacts<'_>> {
        self.laid.facts(ordinal, self.stated(ordinal)?)
    }

    /// A place as the index knows it, by its number in this snapshot.
    pub(super) fn candidate(&self, ordinal: u32) -> Option<Candidate> {
        let number = self.indexed.number(ordinal)?;
        Some(Candidate { number, at: self.index.at(number)? })
    }

    /// The places in a few numbers.
    pub(super) fn briefs(&self) -> &Briefs {
        &self.briefs
    }

    /// What it lies on.
    pub fn ground(&self) -> &Arc<Ground> {
        &self.laid.ground
    }

    /// Which bit of the index means what.
    pub(super) fn columns(&self) -> &Columns {
        &self.indexed.columns
    }

    /// A place's number in this snapshot.
    pub fn place(&self, id: PlaceId) -> Option<u32> {
        self.laid.places.position(&id)
    }

    /// How many places there are; their numbers run from 0.
    pub fn place_count(&self) -> usize {
        self.laid.places.rows.len()
    }

    /// A provider.
    pub fn provider(&self, id: ProviderId) -> Option<&Provider> {
        self.laid.providers.get(&id)
    }

    /// All providers in the order of name without case and accents (which is given), then id.
    pub fn providers_by_name(&self) -> &[(String, ProviderId)] {
        &self.laid.by_name
    }

    /// The places of a provider, by id.
    pub fn places_of(&self, provider: ProviderId) -> &[u32] {
        self.laid.hanging(provider).map_or(&[], |hanging| hanging.places.as_slice())
    }

    /// Whether a provider has a location that may be shown as its area only.
    pub fn has_area_location(&self, provider: ProviderId) -> bool {
        self.laid.hanging(provider).is_some_and(|hanging| hanging.has_area)
    }

    /// The providers with all that hangs on them, but for those that `left_out` names.
    pub fn bundles(&self, left_out: impl Fn(ProviderId) -> bool) -> Vec<Bundle> {
        let laid = &*self.laid;
        let mut bundles: Vec<Bundle> = laid.providers.rows.iter().cloned().map(Bundle::new).collect();
        for (location, provider) in laid.locations.rows.iter().zip(&laid.provider_of_location) {
            bundles[*provider as usize].locations.push(location.clone());
        }
        for (group, location) in laid.groups.rows.iter().zip(&laid.location_of_group) {
            let provider = laid.provider_of_location[*location as usize];
            bundles[provider as usize].groups.push(group.clone());
        }
        for (ordinal, parents) in (0..).zip(&laid.parents) {
            bundles[parents.provider as usize].places.extend(self.stated(ordinal).cloned());
        }
        bundles.retain(|bundle| !left_out(bundle.provider.id));
        bundles
    }

    /// The index of the places.
    pub const fn index(&self) -> &PlaceIndex {
        &self.index
    }
}
