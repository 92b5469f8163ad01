//! The map: a large snapshot, and a small one over it of the providers that changed so much that their places may lie
//! elsewhere. What the places of a provider state changes where they lie.
//!
//! Each provider lies in one of the two with all that hangs on it, so that nothing is ever half old and half new. A map is as
//! of one moment for whoever has it; a change makes another, which shares what it does not change.

use std::{
    collections::{BTreeMap, HashSet},
    hint::black_box,
    sync::Arc,
};

use chrono::NaiveDate;

use super::{
    filter::Moment,
    ground::Ground,
    id::{LocationId, PlaceId, ProviderId},
    ordinals::Ordinals,
    place::{Bundle, Provider},
    plan::{Count, Fetching, Search},
    snapshot::{PlaceFacts, Snapshot},
    truth::Truth,
    vervoer::Destination,
};
use crate::geo::index::{Cluster, Hit, MOST_CLUSTERS, TooManyClusters};

/// What changed: providers with all that hangs on them as they are now; none: no longer on the map.
pub type Changed = BTreeMap<ProviderId, Option<Bundle>>;

/// The map as of one moment.
#[derive(Clone, Debug)]
pub struct Map {
    base: Arc<Snapshot>,
    over: Arc<Snapshot>,
    /// The providers of `base` that do not count any more, and their places there.
    replaced: HashSet<ProviderId>,
    replaced_places: Ordinals,
    /// The number from which on places lie in `over`.
    split: u32,
    base_date: NaiveDate,
}

impl Map {
    /// A map of one snapshot, whose index begins on `base_date`.
    pub fn new(base: Arc<Snapshot>, base_date: NaiveDate) -> Self {
        let over = Arc::new(Snapshot::of(Arc::clone(base.ground()), [], base_date));
        let split = u32::try_from(base.place_count()).unwrap_or(u32::MAX);
        Self { base, over, replaced: HashSet::new(), replaced_places: Ordinals::default(), split, base_date }
    }

    /// The map with what changed.
    #[must_use]
    pub fn changed(&self, changed: Changed) -> Self {
        let mut map = self.clone();
        let mut moved = Changed::new();
        for (provider, bundle) in changed {
            let layer = if map.replaced.contains(&provider) { &mut map.over } else { &mut map.base };
            if !bundle.as_ref().is_some_and(|bundle| layer.restate(bundle)) {
                moved.insert(provider, bundle);
            }
        }
        if !moved.is_empty() {
            map.lay_over(moved);
        }
        map
    }

    /// Makes the small snapshot anew, with the providers of `moved` as they are there.
    fn lay_over(&mut self, moved: Changed) {
        self.replaced.extend(moved.keys());
        let mut over = self.over.bundles(|provider| moved.contains_key(&provider));
        over.extend(moved.into_values().flatten());
        self.over = Arc::new(Snapshot::of(Arc::clone(self.ground()), over, self.base_date));
        let replaced = self.replaced.iter().flat_map(|provider| self.base.places_of(*provider));
        self.replaced_places = replaced.copied().collect();
    }

    /// One snapshot of all that is on the map, whose index begins on `base_date`.
    pub fn merged(&self, base_date: NaiveDate) -> Snapshot {
        let mut bundles = self.base.bundles(|provider| self.replaced.contains(&provider));
        bundles.extend(self.over.bundles(|_| false));
        Snapshot::of(Arc::clone(self.ground()), bundles, base_date)
    }

    /// The date on which the index begins.
    pub const fn base_date(&self) -> NaiveDate {
        self.base_date
    }

    /// What it lies on.
    pub fn ground(&self) -> &Arc<Ground> {
        self.base.ground()
    }

    /// How many places lie in the small snapshot or are replaced by it: what a search pays for them.
    pub fn overlay_size(&self) -> usize {
        self.replaced_places.len().max(self.over.place_count())
    }

    /// How many places there are.
    pub fn place_count(&self) -> usize {
        self.base.place_count() - self.replaced_places.len() + self.over.place_count()
    }

    /// The memory that the indexes hold, in bytes.
    pub fn index_bytes(&self) -> usize {
        [&self.base, &self.over].iter().flat_map(|layer| layer.index().bytes()).sum()
    }

    /// The snapshot that a provider lies in, and the number of its first place.
    fn layer_of(&self, provider: ProviderId) -> (&Snapshot, u32) {
        if self.replaced.contains(&provider) { (&self.over, self.split) } else { (&self.base, 0) }
    }

    /// A place with all that it hangs on, by its number on this map.
    #[inline]
    pub fn facts(&self, place: u32) -> Option<PlaceFacts<'_>> {
        match place.checked_sub(self.split) {
            Some(place) => self.over.facts(place),
            None => self.base.facts(place),
        }
    }

    /// Reads a little of all that answers say of these places. Memory that is in no cache is then waited for once, for all of
    /// them together, and not place by place while the answer is written.
    pub fn read_ahead(&self, places: impl Iterator<Item = u32>) {
        let mut facts = Vec::with_capacity(places.size_hint().0);
        facts.extend(places.filter_map(|place| self.facts(place)));
        for touch in PlaceFacts::TOUCH {
            black_box(facts.iter().map(touch).sum::<usize>());
        }
    }

    /// Whether the own vervoer of places that were found from `home` fetches people there.
    pub fn fetched<'a>(&self, found: impl Iterator<Item = &'a Hit>, home: &Destination) -> Vec<Truth> {
        let [base, over] = [&self.base, &self.over].map(|layer| Fetching::new(layer, home));
        let fetches = |hit: &Hit| match hit.ordinal.checked_sub(self.split) {
            Some(place) => over.fetches(place, hit),
            None => base.fetches(hit.ordinal, hit),
        };
        found.map(fetches).collect()
    }

    /// A place's number on this map.
    pub fn place(&self, id: PlaceId) -> Option<u32> {
        if let Some(place) = self.over.place(id) {
            return Some(self.split + place);
        }
        self.base.place(id).filter(|place| !self.replaced_places.has(*place))
    }

    /// A provider.
    pub fn provider(&self, id: ProviderId) -> Option<&Provider> {
        self.layer_of(id).0.provider(id)
    }

    /// Whether a provider has a location that may be shown as its area only.
    pub fn has_area_location(&self, id: ProviderId) -> bool {
        self.layer_of(id).0.has_area_location(id)
    }

    /// The places of a provider, by id.
    pub fn places_of(&self, id: ProviderId) -> impl Iterator<Item = u32> + '_ {
        let (layer, first) = self.layer_of(id);
        layer.places_of(id).iter().map(move |place| first + place)
    }

    /// The place with the lowest id that a provider has in a building.
    pub fn place_in(&self, provider: ProviderId, location: LocationId) -> Option<PlaceId> {
        let facts = self.places_of(provider).filter_map(|place| self.facts(place));
        facts.filter(|facts| facts.location.id == location).map(|facts| facts.place.id).min()
    }

    /// All providers in the order of name without case and accents (which is given), then id.
    pub fn providers_by_name(&self) -> impl Iterator<Item = &(String, ProviderId)> + '_ {
        let mut base = self.base.providers_by_name().iter().filter(|(_, id)| !self.replaced.contains(id)).peekable();
        let mut over = self.over.providers_by_name().iter().peekable();
        std::iter::from_fn(move || match (base.peek(), over.peek()) {
            (Some(one), Some(other)) if other < one => over.next(),
            (None, _) => over.next(),
            _ => base.next(),
        })
    }

    /// How many places lie where, in the order of cells.
    ///
    /// # Errors
    /// When there would be too many cells.
    pub fn clusters(&self, count: &Count, moment: Moment) -> Result<Vec<Cluster>, TooManyClusters> {
        let mut clusters = count.run(&self.base, moment, &self.replaced_places)?;
        let over = count.run(&self.over, moment, &Ordinals::default())?.into_iter();
        clusters.extend(over.map(|cluster| Cluster { nearest: self.split + cluster.nearest, ..cluster }));
        clusters.sort_unstable_by_key(|cluster| cluster.cell);
        clusters.dedup_by(|other, cluster| {
            let same = other.cell == cluster.cell;
            if same {
                let (count, nearer) =
                    (cluster.count + other.count, (other.distance_km, other.id) < (cluster.distance_km, cluster.id));
                *cluster = Cluster { count, ..if nearer { *other } else { *cluster } };
            }
            same
        });
        if clusters.len() > MOST_CLUSTERS { Err(TooManyClusters) } else { Ok(clusters) }
    }

    /// The nearest places that a search takes, nearest first, ties by id.
    pub fn search(&self, search: &Search, moment: Moment) -> Vec<Hit> {
        let mut hits = search.run(&self.base, moment, &self.replaced_places);
        if self.replaced.is_empty() {
            return hits;
        }
        let over = search.run(&self.over, moment, &Ordinals::default()).into_iter();
        hits.extend(over.map(|hit| Hit { ordinal: self.split + hit.ordinal, ..hit }));
        hits.sort_unstable();
        hits.truncate(search.limit);
        hits
    }
}
