//! Worlds of awkward sizes and shapes: full and almost full blocks and nodes, all in one point, one place, none.

use std::collections::BTreeSet;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use zorgkaart::geo::{
    Point,
    distance::distance_km,
    index::{APART, After, Column, Entry, PlaceIndex, Query, Which, Width},
};

use super::{
    adversarial,
    world::{COLUMNS, Question, Spot, World},
};
use crate::geo::at;

/// So many places of one partition in and around the Netherlands, some of them in the same points.
fn spots(number: usize, partition: usize) -> Vec<Spot> {
    let mut chance = ChaCha8Rng::seed_from_u64(number as u64);
    let mut points: Vec<Point> = Vec::new();
    (0..number)
        .map(|_| {
            let fresh = at(chance.random_range(50.7..53.6), chance.random_range(3.3..7.3));
            let point = match points.len() {
                0 => fresh,
                known if chance.random_bool(0.2) => points[chance.random_range(0..known)],
                _ => fresh,
            };
            points.push(point);
            Spot {
                id: chance.random(),
                point,
                partition,
                columns: (0..5).filter(|_| chance.random_bool(0.1)).collect(),
                accepted: chance.random_bool(0.95),
            }
        })
        .collect()
}

fn assert_equals_brute_force(world: &World, question: &Question) {
    let expected = world.brute_force(question);
    for limit in [0, 1, 2, 20, 64, 65, expected.len(), expected.len() + 1] {
        let found = world.search(question, None, limit);
        assert_eq!(found, expected[..limit.min(expected.len())], "limit {limit}");
        world.assert_nearest_by_karney(question, &found, limit);
    }
}

/// A block is 64 places, a node 16 blocks, a node of the next level 16 nodes.
#[test]
fn every_place_is_found_at_the_borders_of_blocks_and_nodes() {
    for number in [0, 1, 2, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 1088, 2049] {
        let world = World::new(spots(number, 1));
        assert_eq!(world.len(), number);
        let everything = Question::everything(at(52.09, 5.12));
        assert_equals_brute_force(&world, &everything);
        assert_equals_brute_force(&world, &Question { clauses: vec![vec![1, 3], vec![0, 2, 4]], ..everything.clone() });
        assert_equals_brute_force(&world, &Question { radius_km: Some(30.0), ..everything });
    }
}

#[test]
fn every_place_is_found_at_the_border_of_the_second_level() {
    for number in [64 * 16 * 16, 64 * 16 * 16 + 1] {
        let mut all = spots(number, 0);
        // The place that only one node of each level leads to.
        all[0].columns = vec![69];
        all[0].accepted = true;
        let world = World::new(all);
        assert_eq!(world.len(), number);
        let question = Question::everything(at(53.2, 6.57));
        let expected = world.brute_force(&question);
        assert_eq!(world.search(&question, None, 20), expected[..20]);
        assert_eq!(world.search(&question, None, number), expected);
        let (middle, rest) = (&expected[number / 2], &expected[number / 2 + 1..]);
        let after = After { distance_km: middle.distance_km, id: middle.id };
        assert_eq!(world.search(&question, Some(after), 50), rest[..50]);
        let rare = Question { clauses: vec![vec![69]], ..question };
        assert_eq!(world.search(&rare, None, 5).iter().map(|hit| hit.id).collect::<Vec<_>>(), [world.spots[0].id]);
    }
}

/// Each partition is cut into blocks on its own.
#[test]
fn partitions_do_not_mix() {
    let world = World::new([64, 65, 63, 1].into_iter().zip(0..).flat_map(|(n, part)| spots(n, part)).collect());
    for partitions in [vec![], vec![0], vec![3, 1], vec![2, 0], vec![0, 1, 2, 3], vec![7]] {
        let question = Question { partitions, ..Question::everything(at(52.09, 5.12)) };
        assert_equals_brute_force(&world, &question);
        assert_equals_brute_force(&world, &Question { clauses: vec![vec![4, 60]], ..question });
    }
}

/// Entries of a partition that does not exist are left out.
#[test]
fn places_of_no_partition_are_left_out() {
    let mut all = spots(10, 0);
    all.extend(spots(3, COLUMNS.len()));
    let world = World::new(all);
    assert_eq!(world.len(), 10);
    let found = world.search(&Question::everything(at(52.09, 5.12)), None, 100);
    assert!(found.iter().all(|hit| world.spot(hit).partition == 0));
}

/// With everything in one point, ids alone decide, over many blocks.
#[test]
fn coincident_places_come_by_id() {
    for point in [at(52.09, 5.12), at(90.0, 0.0), at(0.0, 180.0)] {
        let mut all = spots(300, 0);
        for spot in &mut all {
            spot.point = point;
        }
        let world = World::new(all);
        for origin in [point, at(51.0, 4.0)] {
            let question = Question::everything(origin);
            assert_equals_brute_force(&world, &question);
            assert_equals_brute_force(
                &world,
                &Question { radius_km: Some(distance_km(origin, point)), ..question.clone() },
            );
            assert_equals_brute_force(&world, &Question { clauses: vec![vec![2]], ..question });
        }
    }
}

/// Every adversarial point, from every adversarial point, with a radius that ends at the tenth.
#[test]
fn adversarial_places_are_found_from_each_other() {
    let points = &adversarial::POINTS;
    let all = (0..).zip(points.iter()).map(|(number, point)| Spot {
        id: number * 7919 % 104_729,
        point: *point,
        partition: 0,
        columns: vec![Column::try_from(number % 70).unwrap()],
        accepted: true,
    });
    let world = World::new(all.collect());
    for origin in points.iter().copied() {
        let question = Question::everything(origin);
        let expected = world.brute_force(&question);
        let found = world.search(&question, None, 25);
        assert_eq!(found, expected[..25]);
        world.assert_nearest_by_karney(&question, &found, 25);
        let to_the_tenth = Question { radius_km: Some(expected[9].distance_km), ..question };
        let found = world.search(&to_the_tenth, None, 1000);
        assert!(found.len() >= 10, "the radius is inclusive");
        assert_eq!(found, world.brute_force(&to_the_tenth));
    }
}

/// The other end of the earth: chords that are longer than the mean sphere's diameter.
#[test]
fn antipodes_are_found_in_order() {
    let all = (0..500_u32).map(|number| Spot {
        id: u128::from(number * 131 % 500),
        point: at(f64::from(number % 21) * 0.05 - 0.5, 179.0 + f64::from(number / 21) * 0.04),
        partition: 0,
        columns: Vec::new(),
        accepted: true,
    });
    let world = World::new(all.collect());
    assert_equals_brute_force(&world, &Question::everything(at(0.0, 0.0)));
    assert_equals_brute_force(&world, &Question { radius_km: Some(20_015.0), ..Question::everything(at(0.0, 0.0)) });
}

/// A change is seen in the nodes of all levels above, whether a place is the first or the last that has something.
#[test]
fn changes_are_seen_from_every_level() {
    const ALL: u32 = 17_000;
    let mut places = spots(ALL as usize, 1);
    for spot in &mut places {
        spot.columns.clear();
    }
    let entry = |(ordinal, spot): (u32, &Spot)| Entry { ordinal, id: spot.id, point: spot.point, partition: 0 };
    let entries: Vec<Entry> = (0..).zip(&places).map(entry).collect();
    let mut index = PlaceIndex::build(&[Width { near: 70, apart: 70 }], &entries, |_, _| {});
    let found = |index: &PlaceIndex, column| {
        let which = Which { partitions: &[0], clauses: &[vec![column]], ways: None };
        let query = Query {
            origin: at(52.09, 5.12),
            which,
            radius_km: None,
            after: None,
            limit: ALL as usize,
            promising: None,
        };
        let hits = index.search(&query, None);
        hits.iter().map(|hit| hit.ordinal).collect::<BTreeSet<u32>>()
    };
    let ordinals: Vec<u32> = index.ordinals().collect();
    let some = [0, 63, 64, 1_023, 1_024, 16_383, 16_384, 16_999];
    for number in some {
        index.set(number, |row| {
            row.set_all(3..69);
            row.set_all(APART + 1..APART + 65);
        });
    }
    let expected: BTreeSet<u32> = some.iter().map(|number| ordinals[*number]).collect();
    for column in [3, 63, 64, 68, APART + 1, APART + 63, APART + 64] {
        assert_eq!(found(&index, column), expected);
    }
    for column in [2, 69, 70, APART, APART + 65, APART + 70] {
        assert_eq!(found(&index, column), BTreeSet::new());
    }
    for (left, number) in (1..some.len()).rev().zip(some) {
        // What is near changes alone, then what is apart.
        index.set(number, |row| row.set_all(APART + 1..APART + 65));
        assert_eq!((found(&index, 63).len(), found(&index, APART + 64).len()), (left, left + 1));
        index.set(number, |row| row.set(2));
        assert_eq!((found(&index, 63).len(), found(&index, APART + 64).len()), (left, left));
    }
}

#[test]
fn an_index_of_nothing_answers_nothing() {
    let question = Question::everything(at(52.09, 5.12));
    let query = Query {
        origin: question.origin,
        which: Which { partitions: &question.partitions, clauses: &[], ways: None },
        radius_km: None,
        after: None,
        limit: 10,
        promising: None,
    };
    for index in [
        PlaceIndex::default(),
        PlaceIndex::build(&[], &[], |_, _| {}),
        PlaceIndex::build(&[Width { near: 3, apart: 0 }], &[], |_, _| {}),
    ] {
        assert!(index.is_empty());
        assert!(index.search(&query, None).is_empty());
    }
}

/// Where hardly anything is taken, only the nodes that hold it are looked into; nothing of it is missed.
#[test]
fn what_is_not_promising_is_not_asked_about() {
    let mut places = spots(20_000, 1);
    for (number, spot) in places.iter_mut().enumerate() {
        spot.accepted = number % 5_000 == 17;
    }
    let world = World::new(places);
    let question = Question { asks: true, ..Question::everything(at(52.09, 5.12)) };
    let question = Question { clauses: vec![vec![0, 1, 2, 3, 4]], ..question };
    assert_equals_brute_force(&world, &question);
    let (found, asked) = world.search_and_count(&question, None, 20);
    assert!(found.len() <= 4 && asked <= 4 * 1_024, "{asked} of 20,000 for {}", found.len());
}

/// "No limit" is a limit too.
#[test]
fn the_greatest_limit_is_no_trouble() {
    let world = World::new(spots(100, 0));
    let question = Question::everything(at(52.09, 5.12));
    assert_eq!(world.search(&question, None, usize::MAX), world.brute_force(&question));
}

/// A search for the nearest few does not look at everything.
#[test]
fn far_places_are_not_asked_about() {
    let all = spots(5000, 0);
    let entries: Vec<_> = (0..)
        .zip(&all)
        .map(|(ordinal, spot)| Entry { ordinal, id: spot.id, point: spot.point, partition: 0 })
        .collect();
    let index = PlaceIndex::build(&[Width::default()], &entries, |_, _| {});
    let origin = at(52.09, 5.12);
    let query = Query {
        origin,
        which: Which { partitions: &[0], clauses: &[], ways: None },
        radius_km: None,
        after: None,
        limit: 10,
        promising: None,
    };
    let mut asked = 0;
    let mut count = |_| {
        asked += 1;
        true
    };
    let found = index.search(&query, Some(&mut count));
    assert_eq!(found.len(), 10);
    assert!(asked <= 500, "{asked} of 5000");
}
