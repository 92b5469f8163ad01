//! Small worlds of places, what is asked of them, and the answer that looking at every place gives.

use std::collections::HashMap;

use proptest::{
    prelude::*,
    sample::{Index, select},
};
use zorgkaart::geo::{
    Point,
    distance::{Ecef, distance_km},
    index::{APART, After, Among, Candidate, Column, Entry, Hit, Pair, PlaceIndex, Query, Which, Width},
};

use super::adversarial;
use crate::geo::{FAR_KM, ROUNDING_KM, TOLERANCE, anywhere, karney_km, netherlands};

/// How many columns each partition has: more than a word of them, a few, none.
pub(super) const COLUMNS: [Width; 4] = [
    Width { near: 70, apart: 3 },
    Width { near: 5, apart: 66 },
    Width { near: 0, apart: 0 },
    Width { near: 64, apart: 64 },
];
/// Columns that are set and asked for; some exist in no partition.
const ASKED: std::ops::Range<Column> = 0..75;

/// A place, as a test knows it.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) id: u128,
    pub(super) point: Point,
    pub(super) partition: usize,
    pub(super) columns: Vec<Column>,
    pub(super) accepted: bool,
}

/// What is asked, and how many to a page.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) origin: Point,
    pub(super) partitions: Vec<usize>,
    pub(super) clauses: Vec<Vec<Column>>,
    pub(super) ways: Option<Vec<Vec<Pair>>>,
    pub(super) radius_km: Option<f64>,
    /// Whether each candidate is asked about, or bits decide.
    pub(super) asks: bool,
}

/// Places with an index over them. A place's ordinal is no place's position, so that the two are not taken for each
/// other.
#[derive(Clone)]
pub(super) struct World {
    pub(super) spots: Vec<Spot>,
    index: PlaceIndex,
}

impl Spot {
    /// What a place has: nothing in a column that its partition does not have.
    fn has(&self, column: Column) -> bool {
        let is_there = |all: &Width| match column.checked_sub(APART) {
            None => usize::from(column) < all.near,
            Some(column) => usize::from(column) < all.apart,
        };
        self.columns.contains(&column) && COLUMNS.get(self.partition).is_some_and(is_there)
    }
}

impl World {
    pub(super) fn new(spots: Vec<Spot>) -> Self {
        let entries: Vec<Entry> = (0..)
            .zip(&spots)
            .map(|(at, spot)| Entry { ordinal: ordinal(at), id: spot.id, point: spot.point, partition: spot.partition })
            .collect();
        let index = PlaceIndex::build(&COLUMNS, &entries, |entry, row| {
            spots[position(entry.ordinal)].columns.iter().for_each(|column| row.set(*column));
        });
        Self { spots, index }
    }

    /// Has a place, chosen among those that are indexed, have these columns from now on.
    pub(super) fn change(&mut self, one: Index, columns: &[Column]) {
        if self.index.is_empty() {
            return;
        }
        let number = one.index(self.index.len());
        let ordinal = self.index.ordinals().nth(number).unwrap();
        self.spots[position(ordinal)].columns = columns.to_vec();
        self.index.set(number, |row| columns.iter().for_each(|column| row.set(*column)));
    }

    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    pub(super) fn spot(&self, hit: &Hit) -> &Spot {
        &self.spots[position(hit.ordinal)]
    }

    /// What the index answers; asks about no place twice, nor about one that does not satisfy the clauses.
    pub(super) fn search(&self, question: &Question, after: Option<After>, limit: usize) -> Vec<Hit> {
        self.search_and_count(question, after, limit).0
    }

    /// The same, and about how many it asked.
    pub(super) fn search_and_count(
        &self,
        question: &Question,
        after: Option<After>,
        limit: usize,
    ) -> (Vec<Hit>, usize) {
        let mut asked: HashMap<u32, u32> = HashMap::new();
        let promising = |among: &Among<'_>| {
            let spots =
                || among.places.clone().map(|number| &self.spots[position(self.index.ordinal(number).unwrap())]);
            for to in [question.origin, crate::geo::at(50.85, 5.69)].map(Ecef::from) {
                let nearest = among.nearest(to);
                let mut chords = spots().map(|spot| to.chord_squared(spot.point.into()));
                assert!(chords.all(|chord| nearest <= chord * (1.0 + 1e-12)), "one is nearer than {nearest}");
            }
            spots().any(|spot| spot.accepted)
        };
        let query = Query {
            origin: question.origin,
            which: Which {
                partitions: &question.partitions,
                clauses: &question.clauses,
                ways: question.ways.as_deref(),
            },
            radius_km: question.radius_km,
            after,
            limit,
            promising: question.asks.then_some(&promising),
        };
        let mut accept = |Candidate { at, number }: Candidate| {
            let ordinal = self.index.ordinal(number).unwrap();
            assert_eq!(self.index.ordinals().nth(number), Some(ordinal));
            *asked.entry(ordinal).or_default() += 1;
            let spot = &self.spots[position(ordinal)];
            assert_eq!(at, Ecef::from(spot.point));
            spot.accepted
        };
        let hits = self.index.search(&query, question.asks.then_some(&mut accept));
        assert!(asked.values().all(|times| *times == 1), "a place was asked about twice");
        for ordinal in asked.keys() {
            assert!(question.holds_for(&self.spots[position(*ordinal)]), "{ordinal} does not satisfy the clauses");
        }
        (hits, asked.len())
    }

    /// What looking at every place answers.
    pub(super) fn brute_force(&self, question: &Question) -> Vec<Hit> {
        let mut hits: Vec<Hit> = (0..)
            .zip(&self.spots)
            .filter(|(_, spot)| (spot.accepted || !question.asks) && question.holds_for(spot))
            .map(|(at, spot)| Hit {
                ordinal: ordinal(at),
                distance_km: distance_km(question.origin, spot.point),
                id: spot.id,
            })
            .filter(|hit| question.radius_km.is_none_or(|radius| hit.distance_km <= radius))
            .collect();
        hits.sort_by(|a, b| a.distance_km.total_cmp(&b.distance_km).then(a.id.cmp(&b.id)));
        hits
    }

    /// Checks an answer of at most `limit` by Karney's distances alone: the right lengths, in the right order, and
    /// nothing nearer left out, as far as the tolerance can tell.
    pub(super) fn assert_nearest_by_karney(&self, question: &Question, hits: &[Hit], limit: usize) {
        let karney = |spot: &Spot| karney_km(question.origin, spot.point);
        let at_least = |km: f64| km * (1.0 - TOLERANCE) - ROUNDING_KM;
        let at_most = |km: f64| km * (1.0 + TOLERANCE) + ROUNDING_KM;
        let mut before = 0.0_f64;
        for hit in hits {
            let km = karney(self.spot(hit));
            if km > FAR_KM {
                break;
            }
            assert!((at_least(km)..=at_most(km)).contains(&hit.distance_km), "{} for {km}", hit.distance_km);
            assert!(at_least(before) <= at_most(km), "{before} came before {km}");
            before = before.max(km);
        }
        let answered: Vec<u128> = hits.iter().map(|hit| hit.id).collect();
        let reach = match hits.last() {
            Some(worst) if hits.len() == limit => worst.distance_km,
            _ => question.radius_km.unwrap_or(f64::INFINITY),
        };
        for spot in self.spots.iter().filter(|spot| spot.accepted && question.holds_for(spot)) {
            let km = karney(spot);
            assert!(
                km > FAR_KM || answered.contains(&spot.id) || at_most(km) >= reach || limit == 0,
                "left out at {km}"
            );
        }
    }
}

impl Question {
    fn holds_for(&self, spot: &Spot) -> bool {
        self.partitions.contains(&spot.partition)
            && self.clauses.iter().all(|clause| clause.iter().any(|column| spot.has(*column)))
            && self
                .ways
                .iter()
                .all(|ways| ways.iter().any(|way| way.iter().all(|pair| pair.iter().any(|column| spot.has(*column)))))
    }

    /// Everything, from `origin`.
    pub(super) fn everything(origin: Point) -> Self {
        let partitions = (0..COLUMNS.len()).collect();
        Self { origin, partitions, clauses: Vec::new(), ways: None, radius_km: None, asks: true }
    }
}

fn ordinal(position: u32) -> u32 {
    7 * position + 3
}

fn position(ordinal: u32) -> usize {
    assert_eq!(ordinal % 7, 3, "an ordinal that nobody gave");
    (ordinal / 7) as usize
}

/// A point: often one of few, so that places coincide, or one that H3 or the coordinates make hard.
fn point() -> impl Strategy<Value = Point> {
    prop_oneof![
        3 => netherlands(),
        2 => select(adversarial::POINTS.as_slice()),
        1 => select(&adversarial::POINTS[..4]),
        1 => anywhere(),
    ]
}

/// One that often is there, near or apart.
fn column() -> impl Strategy<Value = Column> {
    prop_oneof![3 => 0..6_u16, 1 => ASKED, 2 => APART..APART + 6, 1 => ASKED.prop_map(|column| APART + column)]
}

pub(super) fn columns() -> impl Strategy<Value = Vec<Column>> {
    prop::collection::vec(column(), 0..9)
}

fn spot() -> impl Strategy<Value = Spot> {
    (any::<u128>(), point(), 0..COLUMNS.len(), columns(), prop::bool::weighted(0.9))
        .prop_map(|(id, point, partition, columns, accepted)| Spot { id, point, partition, columns, accepted })
}

/// Places; ids differ, as they do in a database.
pub(super) fn spots(most: usize) -> impl Strategy<Value = Vec<Spot>> {
    prop::collection::vec(spot(), 0..=most).prop_map(|mut spots| {
        for (number, spot) in (0..).zip(&mut spots) {
            spot.id = spot.id << 16 | number;
        }
        spots
    })
}

/// A question about `spots`: from anywhere or from one of them; without a radius, with one, or with one that ends
/// exactly at a place.
pub(super) fn question(spots: &[Spot]) -> impl Strategy<Value = Question> + use<> {
    let points: Vec<Point> = spots.iter().map(|spot| spot.point).collect();
    let origin = {
        let points = points.clone();
        (any::<Option<Index>>(), point()).prop_map(move |(one, other)| match one {
            Some(one) if !points.is_empty() => *one.get(&points),
            _ => other,
        })
    };
    let clauses =
        prop::collection::vec(prop::collection::vec(prop_oneof![6 => column(), 1 => Just(Column::MAX)], 0..4), 0..3);
    let partitions = prop_oneof![
        2 => Just((0..COLUMNS.len()).collect::<Vec<_>>()),
        1 => prop::sample::subsequence(vec![0, 1, 2, 3, COLUMNS.len(), usize::MAX], 0..=6).prop_shuffle(),
    ];
    let pair =
        (column(), any::<Option<()>>(), column()).prop_map(|(one, same, other)| [one, same.map_or(other, |()| one)]);
    let pairs = prop::collection::vec(pair, 0..3);
    let ways = prop::option::weighted(0.3, prop::collection::vec(pairs, 0..3));
    (origin, partitions, (clauses, ways, any::<bool>()), radius_km(), any::<Index>()).prop_map(
        move |(origin, partitions, (clauses, ways, asks), radius, one)| {
            let radius_km = match radius {
                Radius::None => None,
                Radius::Km(km) => Some(km),
                Radius::AtPlace if points.is_empty() => Some(0.0),
                Radius::AtPlace => Some(distance_km(origin, *one.get(&points))),
            };
            Question { origin, partitions, clauses, ways, radius_km, asks }
        },
    )
}

#[derive(Clone, Debug)]
enum Radius {
    None,
    Km(f64),
    AtPlace,
}

fn radius_km() -> impl Strategy<Value = Radius> {
    prop_oneof![Just(Radius::None), (0.0..=600.0).prop_map(Radius::Km), Just(Radius::AtPlace)]
}
