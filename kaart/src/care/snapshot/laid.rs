//! Providers with all that hangs on them, linked: what stays while places stay where they are.

use std::{collections::HashMap, sync::Arc};

use foldhash::fast::RandomState;

use super::{
    super::{
        ground::Ground,
        id::{CareGroupId, LocationId, PlaceId, ProviderId},
        place::{Bundle, CareGroup, Location, Place, Provider},
        reference::Reference,
        text::folded,
        vocabulary::LocationPrecision,
    },
    PlaceFacts, SeenLocation,
    rows::Table,
};
use crate::geo::Point;

/// What stands on the ground.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) providers: Vec<Provider>,
    pub(super) locations: Vec<Location>,
    pub(super) groups: Vec<CareGroup>,
    pub(super) places: Vec<Place>,
}

/// The map as it was laid. Immutable.
#[derive(Debug)]
pub(super) struct Laid {
    pub(super) ground: Arc<Ground>,
    /// The codes of the zorgkantoorregio's, in order.
    regions: Vec<String>,
    /// The providers in the order of name without case and accents, then id.
    pub(super) by_name: Vec<(String, ProviderId)>,
    pub(super) providers: Table<ProviderId, Provider>,
    pub(super) locations: Table<LocationId, Location>,
    pub(super) groups: Table<CareGroupId, CareGroup>,
    pub(super) places: Table<PlaceId, Place>,
    seen: Vec<Seen>,
    pub(super) provider_of_location: Vec<u32>,
    pub(super) location_of_group: Vec<u32>,
    /// What places hang on: found at once.
    pub(super) parents: Vec<Parents>,
    /// What hangs on a provider.
    pub(super) hanging: Vec<Hanging>,
}

/// What a place hangs on, by number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parents {
    group: u32,
    location: u32,
    pub(super) provider: u32,
}

/// Where a location is for everybody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) point: Point,
    /// Which of the zorgkantoorregio's.
    pub(super) region: usize,
}

/// What hangs on a provider.
#[derive(Clone, Debug, Default)]
pub(super) struct Hanging {
    pub(super) locations: u32,
    pub(super) groups: u32,
    /// By id.
    pub(super) places: Vec<u32>,
    /// Whether one of the locations may be shown as its area only.
    pub(super) has_area: bool,
}

impl Laid {
    /// Links `parts`, those without a parent left out.
    pub(super) fn lay(ground: Arc<Ground>, parts: Parts) -> Self {
        let Parts { providers, mut locations, mut groups, mut places } = parts;
        let regions = Regions::of(&ground.reference);
        let providers = Table::new(providers, |provider| provider.id);
        let mut hanging = vec![Hanging::default(); providers.rows.len()];
        let (mut provider_of_location, mut seen) = (Vec::with_capacity(locations.len()), Vec::new());
        locations.retain(|location| {
            let parent = providers.position(&location.provider_id);
            let Some((provider, at)) = parent.zip(regions.seen(location)) else { return false };
            let on = &mut hanging[provider as usize];
            on.locations += 1;
            on.has_area |= location.precision == LocationPrecision::Area;
            provider_of_location.push(provider);
            seen.push(at);
            true
        });
        let locations = Table::new(locations, |location| location.id);
        let mut location_of_group = Vec::with_capacity(groups.len());
        groups.retain(|group| {
            let Some(location) = locations.position(&group.location_id) else { return false };
            hanging[provider_of_location[location as usize] as usize].groups += 1;
            location_of_group.push(location);
            true
        });
        let groups = Table::new(groups, |group| group.id);
        let mut parents = Vec::with_capacity(places.len());
        places.retain(|place| {
            let Some(group) = groups.position(&place.care_group_id) else { return false };
            let location = location_of_group[group as usize];
            let provider = provider_of_location[location as usize];
            hanging[provider as usize].places.push(number(parents.len()));
            parents.push(Parents { group, location, provider });
            true
        });
        let places = Table::new(places, |place| place.id);
        for Hanging { places: own, .. } in &mut hanging {
            own.sort_unstable_by_key(|place| places.rows[*place as usize].id);
        }
        Self {
            by_name: order_by_name(&providers.rows),
            regions: ground.reference.regions.keys().cloned().collect(),
            ground,
            providers,
            locations,
            groups,
            places,
            seen,
            provider_of_location,
            location_of_group,
            parents,
            hanging,
        }
    }

    /// `place`, which has this number, with all that it hangs on.
    #[inline]
    pub(super) fn facts<'a>(&'a self, ordinal: u32, place: &'a Place) -> Option<PlaceFacts<'a>> {
        let Parents { group, location, provider } = *self.parents.get(ordinal as usize)?;
        Some(PlaceFacts {
            place,
            group: self.groups.rows.get(group as usize)?,
            location: self.locations.rows.get(location as usize)?,
            provider: self.providers.rows.get(provider as usize)?,
            // Few ask for these: nothing of them is read here.
            seen: self.seen.get(location as usize)?,
            regions: &self.regions,
        })
    }

    /// What hangs on a provider; none: there is no such provider.
    pub(super) fn hanging(&self, provider: ProviderId) -> Option<&Hanging> {
        self.hanging.get(self.providers.position(&provider)? as usize)
    }

    /// Whether a provider, its buildings and groups are those of `bundle`, which has as many places, of the same groups and
    /// care forms.
    pub(super) fn is_of<'a>(&self, bundle: &Bundle, place: impl Fn(PlaceId) -> Option<&'a Place>) -> bool {
        let Some(Hanging { locations, groups, places, .. }) = self.hanging(bundle.provider.id) else { return false };
        let same_place = |new: &Place| {
            let old = place(new.id);
            old.is_some_and(|old| (old.care_group_id, old.care_form) == (new.care_group_id, new.care_form))
        };
        (*locations as usize, *groups as usize) == (bundle.locations.len(), bundle.groups.len())
            && places.len() == bundle.places.len()
            && self.providers.get(&bundle.provider.id) == Some(&bundle.provider)
            && bundle.locations.iter().all(|location| self.locations.get(&location.id) == Some(location))
            && bundle.groups.iter().all(|group| self.groups.get(&group.id) == Some(group))
            && bundle.places.iter().all(same_place)
    }
}

/// In which zorgkantoorregio a gemeente lies.
struct Regions<'a> {
    reference: &'a Reference,
    /// By gemeente; which of those of the columns.
    numbers: HashMap<&'a str, usize, RandomState>,
}

impl<'a> Regions<'a> {
    fn of(reference: &'a Reference) -> Self {
        let regions: HashMap<_, _, RandomState> = reference.regions.keys().zip(0..).collect();
        let gemeenten = reference.gemeenten.iter();
        let number = |region| regions.get(region).copied();
        let numbers = gemeenten.filter_map(|(code, gemeente)| Some((code.as_str(), number(&gemeente.region_code)?)));
        Self { reference, numbers: numbers.collect() }
    }

    /// None where its PC4, its gemeente or the region is not known, which foreign keys rule out.
    fn seen(&self, location: &Location) -> Option<Seen> {
        self.reference.postcodes.get(&location.postcode.pc4())?;
        let seen = SeenLocation::by_everybody(location, self.reference)?;
        Some(Seen { point: seen.point(), region: *self.numbers.get(seen.gemeente_code())? })
    }
}

fn order_by_name(providers: &[Provider]) -> Vec<(String, ProviderId)> {
    let mut by_name: Vec<_> = providers.iter().map(|provider| (folded(&provider.name), provider.id)).collect();
    by_name.sort_unstable();
    by_name
}

/// There are fewer rows than 2^32.
fn number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
