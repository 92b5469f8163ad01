//! Searching the map: nearest first, by the index or, for one provider, by its places; counting it; and whether the vervoer of what is
//! found comes to where it was searched from.

use super::{
    brief::{Rest, To},
    columns::Asked,
    filter::{Filter, Moment},
    ordinals::Ordinals,
    snapshot::Snapshot,
    truth::Truth,
    vervoer::{self, Destination},
    vocabulary::TripFrom,
    wishes::Wish,
};
use crate::geo::{
    Surroundings,
    distance::distance_km,
    index::{After, Among, Candidate, Cluster, Clustering, Hit, Promising, Query, TooManyClusters},
};

/// A search for places.
#[derive(Clone, Debug)]
pub struct Search {
    /// Where from.
    pub near: Destination,
    /// The greatest distance, km, inclusive; none: no cut-off.
    pub radius_km: Option<f64>,
    /// What is asked of a place.
    pub filter: Filter,
    /// What is hoped for.
    pub wishes: Vec<Wish>,
    /// Only what comes after this one.
    pub after: Option<After>,
    /// How many to answer at most.
    pub limit: usize,
}

impl Search {
    /// The nearest places of `snapshot` that are not among `replaced` and that the filter takes, nearest first, ties by id.
    pub fn run(&self, snapshot: &Snapshot, moment: Moment, replaced: &Ordinals) -> Vec<Hit> {
        let deciding = Deciding::new(&self.filter, snapshot, moment, replaced);
        if let Some(provider) = self.filter.provider {
            let takes = |ordinal| !replaced.has(ordinal) && deciding.takes(ordinal);
            return self.among(snapshot, snapshot.places_of(provider), takes);
        }
        let may_take = |among: &Among<'_>| deciding.may_take(among);
        let query = Query {
            origin: self.near.point,
            which: deciding.asked.which(),
            radius_km: self.radius_km,
            after: self.after,
            limit: self.limit,
            promising: deciding.rest.as_ref().map(|_| &may_take as Promising<'_>),
        };
        let mut accept = |candidate| deciding.accepts(candidate);
        snapshot.index.search(&query, deciding.is_asked().then_some(&mut accept))
    }

    /// One provider has few places: looking at each is faster than walking the whole map for them.
    fn among(&self, snapshot: &Snapshot, ordinals: &[u32], takes: impl Fn(u32) -> bool) -> Vec<Hit> {
        let mut hits: Vec<Hit> = ordinals
            .iter()
            .filter(|ordinal| takes(**ordinal))
            .filter_map(|ordinal| {
                let facts = snapshot.facts(*ordinal)?;
                Some(Hit {
                    ordinal: *ordinal,
                    distance_km: distance_km(self.near.point, facts.point()),
                    id: facts.place.id.0.as_u128(),
                })
            })
            .filter(|hit| self.radius_km.is_none_or(|radius| hit.distance_km <= radius))
            .filter(|hit| self.after.is_none_or(|after| (hit.distance_km, hit.id) > (after.distance_km, after.id)))
            .collect();
        hits.sort_unstable();
        hits.truncate(self.limit);
        hits
    }
}

/// How many places that `filter` takes lie in each cell.
#[derive(Clone, Debug)]
pub struct Count {
    /// Cells whose centre lies here.
    pub bounds: Surroundings,
    /// The resolution of the cells, 0 to 15.
    pub resolution: u8,
    /// What is asked of a place.
    pub filter: Filter,
}

impl Count {
    /// Counts the places of `snapshot` that are not among `replaced`, in the order of cells.
    ///
    /// # Errors
    /// When there would be too many cells.
    pub fn run(
        &self,
        snapshot: &Snapshot,
        moment: Moment,
        replaced: &Ordinals,
    ) -> Result<Vec<Cluster>, TooManyClusters> {
        let deciding = Deciding::new(&self.filter, snapshot, moment, replaced);
        let asked = Clustering { bounds: self.bounds, resolution: self.resolution, which: deciding.asked.which() };
        let of_provider = self.filter.provider.map(|provider| snapshot.places_of(provider));
        let own: Option<Ordinals> = of_provider.map(|ordinals| ordinals.iter().copied().collect());
        let mut accept = |candidate: Candidate| {
            let is_own = |own: &Ordinals| snapshot.index.ordinal(candidate.number).is_some_and(|one| own.has(one));
            own.as_ref().is_none_or(is_own) && deciding.accepts(candidate)
        };
        snapshot.index.clusters(&asked, (own.is_some() || deciding.is_asked()).then_some(&mut accept))
    }
}

/// Whether the own vervoer of places fetches people at a home: asked of one place after the other.
pub(super) struct Fetching<'a> {
    snapshot: &'a Snapshot,
    home: &'a Destination,
    to: To<'a>,
}

impl<'a> Fetching<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, home: &'a Destination) -> Self {
        Self { snapshot, home, to: To::from(home) }
    }

    /// Whether that of a place does that was found from this home; by its number in the snapshot.
    pub(super) fn fetches(&self, place: u32, found: &Hit) -> Truth {
        let by_numbers = |candidate| self.snapshot.briefs().fetches_at_home(candidate, &self.to);
        let stated = || {
            let place = self.snapshot.stated(place)?;
            Some(vervoer::fetches(place.vervoer.as_deref(), found.distance_km, TripFrom::Home, self.home))
        };
        self.snapshot.candidate(place).and_then(by_numbers).or_else(stated).unwrap_or(Truth::Unknown)
    }
}

/// What decides about a place that bits let through.
struct Deciding<'a> {
    filter: &'a Filter,
    snapshot: &'a Snapshot,
    moment: Moment,
    replaced: &'a Ordinals,
    asked: Asked,
    rest: Option<Rest<'a>>,
}

impl<'a> Deciding<'a> {
    fn new(filter: &'a Filter, snapshot: &'a Snapshot, moment: Moment, replaced: &'a Ordinals) -> Self {
        let asked = snapshot.columns().asked(filter);
        Self { filter, snapshot, moment, replaced, asked, rest: Rest::of(filter, moment) }
    }

    /// Whether it has anything to say.
    const fn is_asked(&self) -> bool {
        !self.asked.decided || self.rest.is_some() || !self.replaced.is_empty()
    }

    /// Whether one of these places may be accepted.
    fn may_take(&self, among: &Among<'_>) -> bool {
        self.rest.as_ref().is_none_or(|rest| rest.may_be_had(self.snapshot.briefs(), among))
    }

    fn accepts(&self, candidate: Candidate) -> bool {
        let Candidate { number, at } = candidate;
        // Memory that is read of each candidate: not before it must be.
        let ordinal = || self.snapshot.index.ordinal(number);
        if !self.replaced.is_empty() && ordinal().is_none_or(|one| self.replaced.has(one)) {
            return false;
        }
        let takes = || ordinal().is_some_and(|one| self.takes(one));
        let Some(rest) = &self.rest else { return self.asked.decided || takes() };
        match rest.has(self.snapshot.briefs(), candidate) {
            Some(has) if self.asked.decided => self.filter.answers(has),
            Some(Truth::No) => false,
            // What numbers leave open is vervoer.
            None if self.asked.decided => {
                let stated = ordinal().and_then(|one| self.snapshot.stated(one));
                stated.is_some_and(|place| self.filter.answers(rest.is_reached(place, at)))
            }
            _ => takes(),
        }
    }

    /// By all that is stated.
    fn takes(&self, ordinal: u32) -> bool {
        self.snapshot.facts(ordinal).is_some_and(|facts| self.filter.takes(&facts, self.moment))
    }
}
