//! The map in memory: every place with all that is stated of it, linked and indexed, as of one moment. Immutable. What
//! of it somebody may see is for `store::view` to say.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use chrono::NaiveDate;

use super::{
    agreement::Agreement,
    brief::Brief,
    columns::Columns,
    ground::Ground,
    id::{CareGroupId, LocationId, PlaceId, ProviderId},
    place::{Bundle, CareGroup, Location, Place, Provider},
    reference::{Postcode, Reference},
    text::folded,
    vocabulary::LocationPrecision,
};
use crate::geo::{
    Point,
    index::{Entry, PlaceIndex},
};

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

/// What stands on the ground.
#[derive(Default)]
struct Rows {
    providers: Vec<Provider>,
    locations: Vec<Location>,
    groups: Vec<CareGroup>,
    places: Vec<Place>,
}

/// What everybody may know of where a location is. With precision AREA everything is that of its PC4, so that no
/// distance, order, cell, gemeente or name says more (DESIGN, section 5).
#[derive(Clone, Debug, PartialEq)]
pub struct PublicLocation {
    /// The point for distance, order, cells and filters, for every viewer alike.
    pub point: Point,
    /// The street; none where it may not be shown.
    pub street: Option<String>,
    /// The house number; none where it may not be shown.
    pub house_number: Option<String>,
    /// The postcode, or its PC4.
    pub postcode: String,
    /// The place.
    pub city: String,
    /// The gemeente, by code.
    pub gemeente_code: String,
    /// The zorgkantoorregio, by code.
    pub region_code: String,
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
    /// What everybody may know of where that is.
    pub public: &'a PublicLocation,
    /// The zorgkantoorregio there.
    pub region_code: &'a str,
    /// Whose it is.
    pub provider: &'a Provider,
}

/// The map as of one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// What it lies on.
    pub ground: Arc<Ground>,
    pub(super) columns: Columns,
    pub(super) index: PlaceIndex,
    /// The providers in the order of name without case and accents, then id.
    by_name: Vec<(String, ProviderId)>,
    providers: Table<ProviderId, Provider>,
    locations: Table<LocationId, Location>,
    groups: Table<CareGroupId, CareGroup>,
    places: Table<PlaceId, Place>,
    public: Vec<PublicLocation>,
    provider_of_location: Vec<u32>,
    location_of_group: Vec<u32>,
    group_of_place: Vec<u32>,
    /// In the order of the index.
    briefs: Vec<Brief>,
    places_of_provider: Vec<Vec<u32>>,
    has_area: Vec<bool>,
}

#[derive(Debug)]
struct Table<I, T> {
    rows: Vec<T>,
    by_id: HashMap<I, u32>,
}

impl<I: Eq + Hash, T> Table<I, T> {
    fn new(rows: Vec<T>, id: impl Fn(&T) -> I) -> Self {
        let by_id = rows.iter().zip(0..).map(|(row, at)| (id(row), at)).collect();
        Self { rows, by_id }
    }

    fn position(&self, id: &I) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    fn get(&self, id: &I) -> Option<&T> {
        self.rows.get(self.position(id)? as usize)
    }
}

impl Snapshot {
    /// Links and indexes `records`; the index keeps availability from `base` on.
    pub fn build(records: Records, base: NaiveDate) -> Self {
        let Records { reference, agreements, providers, locations, groups, places } = records;
        let ground = Arc::new(Ground::new(reference, agreements));
        Self::lay(ground, Rows { providers, locations, groups, places }, base)
    }

    /// Links and indexes the providers of `bundles` on `ground`; the index keeps availability from `base` on.
    pub fn of(ground: Arc<Ground>, bundles: impl IntoIterator<Item = Bundle>, base: NaiveDate) -> Self {
        let mut rows = Rows::default();
        for bundle in bundles {
            rows.providers.push(bundle.provider);
            rows.locations.extend(bundle.locations);
            rows.groups.extend(bundle.groups);
            rows.places.extend(bundle.places);
        }
        Self::lay(ground, rows, base)
    }

    fn lay(ground: Arc<Ground>, rows: Rows, base: NaiveDate) -> Self {
        let Rows { providers, mut locations, mut groups, mut places } = rows;
        let reference = &ground.reference;
        let providers = Table::new(providers, |provider| provider.id);
        locations.retain(|location| providers.position(&location.provider_id).is_some());
        let (locations, public) = locations
            .into_iter()
            .filter_map(|location| {
                let area = reference.postcodes.get(&location.pc4)?;
                let public = PublicLocation::of(&location, area, reference)?;
                Some((location, public))
            })
            .unzip();
        let locations = Table::new(locations, |location: &Location| location.id);
        groups.retain(|group| locations.position(&group.location_id).is_some());
        let groups = Table::new(groups, |group| group.id);
        places.retain(|place| groups.position(&place.care_group_id).is_some());
        places.sort_unstable_by_key(|place| place.id);
        let places = Table::new(places, |place| place.id);

        let provider_of_location =
            locations.rows.iter().filter_map(|location| providers.position(&location.provider_id)).collect();
        let location_of_group = groups.rows.iter().filter_map(|group| locations.position(&group.location_id)).collect();
        let group_of_place = places.rows.iter().filter_map(|place| groups.position(&place.care_group_id)).collect();
        let mut snapshot = Self {
            columns: Columns::new(reference, base),
            index: PlaceIndex::default(),
            by_name: order_by_name(&providers.rows),
            places_of_provider: vec![Vec::new(); providers.rows.len()],
            has_area: vec![false; providers.rows.len()],
            ground,
            providers,
            locations,
            groups,
            places,
            public,
            provider_of_location,
            location_of_group,
            group_of_place,
            briefs: Vec::new(),
        };
        snapshot.link_providers();
        snapshot.index = snapshot.build_index();
        let indexed = snapshot.index.ordinals().filter_map(|ordinal| snapshot.places.rows.get(ordinal as usize));
        snapshot.briefs = indexed.map(Brief::of).collect();
        snapshot
    }

    fn link_providers(&mut self) {
        for (location, provider) in self.locations.rows.iter().zip(&self.provider_of_location) {
            self.has_area[*provider as usize] |= location.precision == LocationPrecision::Area;
        }
        for (place, group) in (0..).zip(&self.group_of_place) {
            let location = self.location_of_group[*group as usize];
            let provider = self.provider_of_location[location as usize];
            self.places_of_provider[provider as usize].push(place);
        }
    }

    fn build_index(&self) -> PlaceIndex {
        let entries: Vec<Entry> = (0..)
            .zip(&self.places.rows)
            .filter_map(|(ordinal, place)| {
                let facts = self.facts(ordinal)?;
                Some(Entry {
                    ordinal,
                    id: place.id.0.as_u128(),
                    point: facts.public.point,
                    partition: Columns::partition(place.care_form, facts.group.homogeneity),
                })
            })
            .collect();
        PlaceIndex::build(&self.columns.per_partition(), &entries, |entry, row| {
            if let Some(facts) = self.facts(entry.ordinal) {
                self.columns.fill(&facts, row);
            }
        })
    }

    /// A place with all that it hangs on, by its number in this snapshot.
    #[inline]
    pub fn facts(&self, ordinal: u32) -> Option<PlaceFacts<'_>> {
        let place = self.places.rows.get(ordinal as usize)?;
        let group_at = *self.group_of_place.get(ordinal as usize)? as usize;
        let location_at = *self.location_of_group.get(group_at)? as usize;
        let provider_at = *self.provider_of_location.get(location_at)? as usize;
        let public = self.public.get(location_at)?;
        Some(PlaceFacts {
            place,
            group: self.groups.rows.get(group_at)?,
            location: self.locations.rows.get(location_at)?,
            public,
            region_code: &public.region_code,
            provider: self.providers.rows.get(provider_at)?,
        })
    }

    /// A place in a few numbers, by its number in the index.
    pub(super) fn brief(&self, number: usize) -> Option<&Brief> {
        self.briefs.get(number)
    }

    /// A place's number in this snapshot.
    pub fn place(&self, id: PlaceId) -> Option<u32> {
        self.places.position(&id)
    }

    /// How many places there are; their numbers run from 0.
    pub fn place_count(&self) -> usize {
        self.places.rows.len()
    }

    /// A provider.
    pub fn provider(&self, id: ProviderId) -> Option<&Provider> {
        self.providers.get(&id)
    }

    /// All providers in the order of name without case and accents (which is given), then id.
    pub fn providers_by_name(&self) -> &[(String, ProviderId)] {
        &self.by_name
    }

    /// The places of a provider, by id.
    pub fn places_of(&self, provider: ProviderId) -> &[u32] {
        self.providers
            .position(&provider)
            .and_then(|at| self.places_of_provider.get(at as usize))
            .map_or(&[], Vec::as_slice)
    }

    /// Whether a provider has a location that may be shown as its area only.
    pub fn has_area_location(&self, provider: ProviderId) -> bool {
        self.providers.position(&provider).and_then(|at| self.has_area.get(at as usize)).copied().unwrap_or(false)
    }

    /// The providers with all that hangs on them, but for those that `left_out` names.
    pub fn bundles(&self, left_out: impl Fn(ProviderId) -> bool) -> Vec<Bundle> {
        let mut bundles: Vec<Bundle> = self.providers.rows.iter().cloned().map(Bundle::new).collect();
        for (location, provider) in self.locations.rows.iter().zip(&self.provider_of_location) {
            bundles[*provider as usize].locations.push(location.clone());
        }
        let provider_of = |group: u32| {
            let location = self.location_of_group[group as usize];
            self.provider_of_location[location as usize] as usize
        };
        for (at, group) in (0..).zip(&self.groups.rows) {
            bundles[provider_of(at)].groups.push(group.clone());
        }
        for (place, group) in self.places.rows.iter().zip(&self.group_of_place) {
            bundles[provider_of(*group)].places.push(place.clone());
        }
        bundles.retain(|bundle| !left_out(bundle.provider.id));
        bundles
    }

    /// The index of the places.
    pub fn index(&self) -> &PlaceIndex {
        &self.index
    }
}

fn order_by_name(providers: &[Provider]) -> Vec<(String, ProviderId)> {
    let mut by_name: Vec<_> = providers.iter().map(|provider| (folded(&provider.name), provider.id)).collect();
    by_name.sort_unstable();
    by_name
}

impl PublicLocation {
    /// None where the gemeente is not known, which a foreign key rules out.
    fn of(location: &Location, area: &Postcode, reference: &Reference) -> Option<Self> {
        let region_of = |gemeente: &str| Some(reference.gemeenten.get(gemeente)?.region_code.clone());
        Some(match location.precision {
            LocationPrecision::Area => Self {
                point: area.point,
                street: None,
                house_number: None,
                postcode: area.pc4.to_string(),
                city: area.place_name.clone(),
                gemeente_code: area.gemeente_code.clone(),
                region_code: region_of(&area.gemeente_code)?,
            },
            LocationPrecision::Exact => Self {
                point: location.point,
                street: location.street.clone(),
                house_number: location.house_number.clone(),
                postcode: location.postcode.clone(),
                city: location.city.clone(),
                gemeente_code: location.gemeente_code.clone(),
                region_code: region_of(&location.gemeente_code)?,
            },
        })
    }
}
