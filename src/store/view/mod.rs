//! The map in memory as one requester may see it: the way from a resolver to a place goes through here.

mod availability;
mod seen;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    auth::{Denied, Scope},
    care::{
        agreement::Agreement,
        calendar::dutch_date,
        filter::{Filter, Moment},
        freshness::Freshness,
        id::{LocationId, PlaceId, ProviderId},
        map::Map,
        plan::{Count, Search},
        postcode::Pc4,
        reference::Reference,
        snapshot::{PlaceFacts, SeenLocation},
        truth::Truth,
        vervoer::{self, Destination},
        vocabulary::{CareForm, TripFrom},
        wishes::{self, Wish},
    },
    geo::{
        Point,
        distance::distance_km,
        index::{Cluster, Hit, TooManyClusters},
    },
};

pub use seen::{SeenPlace, SeenProvider};

/// The map at one moment, as one requester may see it.
#[derive(Clone, Debug)]
pub struct View(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    map: Arc<Map>,
    scope: Scope,
    moment: Moment,
    today: NaiveDate,
}

impl View {
    pub(super) fn new(map: Arc<Map>, scope: Scope, moment: Moment) -> Self {
        Self(Arc::new(Inner { map, scope, moment, today: dutch_date(moment.now) }))
    }

    /// The map itself, for what the scope has been asked about.
    pub(super) fn map(&self) -> &Map {
        &self.0.map
    }

    /// When this is answered, and what is fresh then.
    pub(super) fn moment(&self) -> Moment {
        self.0.moment
    }

    /// The code of the zorgkantoorregio at `point`; none: no Dutch postcode is within `km`.
    pub fn region_at(&self, point: Point, km: f64) -> Option<String> {
        let postcode = self.0.map.ground().nearest_postcode(point).filter(|one| distance_km(one.point, point) <= km)?;
        self.reference().gemeenten.get(&postcode.gemeente_code).map(|gemeente| gemeente.region_code.clone())
    }

    /// Who asks.
    pub fn scope(&self) -> &Scope {
        &self.0.scope
    }

    /// The instant at which everything here is answered.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.moment.now
    }

    /// The Dutch date of that instant.
    pub fn today(&self) -> NaiveDate {
        self.0.today
    }

    /// Reference data.
    pub fn reference(&self) -> &Reference {
        &self.0.map.ground().reference
    }

    /// What passports open.
    pub fn agreements(&self) -> &[Agreement] {
        &self.0.map.ground().agreements
    }

    /// Searches places.
    ///
    /// # Errors
    /// When the filter asks what the requester may not know; it is then refused as a whole.
    pub fn search(&self, search: &Search) -> Result<Vec<Hit>, Denied> {
        if search.filter.asks_availability() {
            self.0.scope.filter_by_availability(search.filter.provider)?;
        }
        Ok(self.0.map.search(search, self.0.moment))
    }

    /// Searches places: those first that can be relied on most, as `from` and on, then nearest first, ties by id. One search
    /// per freshness, so each is as fast as any with that filter.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn search_fresh_first(&self, search: &Search, from: Freshness) -> Result<Vec<(Freshness, Hit)>, Denied> {
        let asked = |freshness: &Freshness| {
            *freshness >= from && (search.filter.freshness.is_empty() || search.filter.freshness.contains(freshness))
        };
        let mut hits = Vec::new();
        for freshness in Freshness::ALL.into_iter().filter(asked) {
            let pass = Search {
                filter: Filter { freshness: vec![freshness], ..search.filter.clone() },
                after: search.after.filter(|_| freshness == from),
                limit: search.limit - hits.len(),
                ..search.clone()
            };
            hits.extend(self.search(&pass)?.into_iter().map(|hit| (freshness, hit)));
            if hits.len() >= search.limit {
                break;
            }
        }
        Ok(hits)
    }

    /// Counts places per H3 cell.
    ///
    /// # Errors
    /// As [`search`](Self::search); `Ok(Err(_))` when there would be too many cells.
    pub fn clusters(&self, count: &Count) -> Result<Result<Vec<Cluster>, TooManyClusters>, Denied> {
        if count.filter.asks_availability() {
            self.0.scope.filter_by_availability(count.filter.provider)?;
        }
        Ok(self.0.map.clusters(count, self.0.moment))
    }

    /// Whether a place lies in a zorgkantoorregio, as far as everybody may know.
    pub(super) fn is_in_region(&self, place: u32, code: &str) -> bool {
        self.facts(place).is_some_and(|facts| facts.region_code() == code)
    }

    /// Gets ready to say what is known of these places.
    pub fn read_ahead(&self, places: impl Iterator<Item = u32>) {
        self.0.map.read_ahead(places);
    }

    /// A place's number in this view.
    pub fn place(&self, id: PlaceId) -> Option<u32> {
        self.0.map.place(id)
    }

    #[inline]
    fn facts(&self, place: u32) -> Option<PlaceFacts<'_>> {
        self.0.map.facts(place)
    }

    /// What everybody may see of a place.
    #[inline]
    pub fn seen_place(&self, place: u32) -> Option<SeenPlace<'_>> {
        let PlaceFacts { place, group, location, .. } = self.facts(place)?;
        Some(SeenPlace { place, group, location, seen: &self.0 })
    }

    /// Where a place is, as far as the requester may see it.
    #[inline]
    pub fn seen_location(&self, place: u32) -> Option<SeenLocation<'_>> {
        let location = self.facts(place)?.location;
        if self.0.scope.sees_home_of(location.provider_id) {
            return Some(SeenLocation::own(location));
        }
        SeenLocation::by_everybody(location, self.reference())
    }

    /// A provider, as far as the requester may see it.
    pub fn seen_provider(&self, id: ProviderId) -> Option<SeenProvider<'_>> {
        let provider = self.0.map.provider(id)?;
        Some(SeenProvider { provider, seen: &self.0 })
    }

    /// Whose a place is, as far as the requester may see it.
    #[inline]
    pub fn seen_provider_of(&self, place: u32) -> Option<SeenProvider<'_>> {
        let provider = self.facts(place)?.provider;
        Some(SeenProvider { provider, seen: &self.0 })
    }

    /// All providers in the order of name without case and accents (which is given), then id.
    pub fn providers_by_name(&self) -> impl Iterator<Item = &(String, ProviderId)> + '_ {
        self.0.map.providers_by_name()
    }

    /// The places of a provider, by id.
    pub fn places_of(&self, provider: ProviderId) -> impl Iterator<Item = u32> + '_ {
        self.0.map.places_of(provider)
    }

    /// A place of a provider in a building, the first by id.
    pub fn place_in(&self, provider: ProviderId, location: LocationId) -> Option<PlaceId> {
        self.0.map.place_in(provider, location)
    }

    /// Whether the own vervoer of each of the places that were found from `home` fetches people there.
    pub fn vervoer_reaches<'a>(&self, found: impl Iterator<Item = &'a Hit>, home: &Destination) -> Vec<Truth> {
        self.0.map.fetched(found, home)
    }

    /// Whether a place's own vervoer fetches people at `to`, on their way from home or from dagbesteding.
    pub fn vervoer_fetches(&self, place: u32, from: TripFrom, to: &Destination) -> Truth {
        let vervoer = |facts: PlaceFacts<'_>| {
            vervoer::fetches(facts.place.vervoer.as_deref(), distance_km(facts.point(), to.point), from, to)
        };
        self.facts(place).map_or(Truth::Unknown, vervoer)
    }

    /// Where people are fetched at a place of dagbesteding, as far as everybody may know; none: it is no dagbesteding on the
    /// map.
    pub fn dagbesteding(&self, id: PlaceId) -> Option<Destination> {
        let PlaceFacts { place, location, .. } = self.facts(self.place(id)?)?;
        let seen = SeenLocation::by_everybody(location, self.reference())?;
        (place.care_form == CareForm::Dagbesteding).then(|| Destination {
            point: seen.point(),
            pc4: Some(location.postcode.pc4()),
            gemeente_code: Some(seen.gemeente_code().to_owned()),
        })
    }

    /// How far a place meets wishes, 0 to 1; none without wishes.
    pub fn wish_score(&self, place: u32, wishes: &[Wish]) -> Option<f64> {
        wishes::score(self.facts(place)?.place, wishes)
    }

    /// Somewhere to search from or to be fetched from: a point, with the postcode there.
    pub fn destination(&self, point: Point, pc4: Option<Pc4>) -> Destination {
        let reference = self.reference();
        let postcode = match pc4 {
            Some(pc4) => reference.postcodes.get(&pc4),
            None => self.0.map.ground().nearest_postcode(point),
        };
        Destination {
            point,
            pc4: postcode.map(|postcode| postcode.pc4),
            gemeente_code: postcode.map(|postcode| postcode.gemeente_code.clone()),
        }
    }
}
