//! Searching the map: nearest first, by the index or, for one provider, by its places.

use super::{
    columns::Columns,
    filter::{Filter, Moment},
    snapshot::{PlaceFacts, Snapshot},
    vervoer::Destination,
    wishes::Wish,
};
use crate::geo::{
    distance::distance_km,
    index::{After, Hit, Query},
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
    /// The nearest places of `snapshot` that `counts` and that the filter takes, nearest first, ties by id.
    pub fn run(&self, snapshot: &Snapshot, moment: Moment, counts: impl Fn(&PlaceFacts<'_>) -> bool) -> Vec<Hit> {
        let takes =
            |ordinal| snapshot.facts(ordinal).is_some_and(|facts| counts(&facts) && self.filter.takes(&facts, moment));
        if let Some(provider) = self.filter.provider {
            return self.among(snapshot, snapshot.places_of(provider), takes);
        }
        let query = Query {
            origin: self.near.point,
            partitions: &Columns::partitions(&self.filter),
            clauses: &snapshot.columns.clauses(&self.filter),
            radius_km: self.radius_km,
            after: self.after,
            limit: self.limit,
        };
        snapshot.index.search(&query, takes)
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
                    distance_km: distance_km(self.near.point, facts.public.point),
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
