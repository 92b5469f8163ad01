//! Random worlds and questions.

use proptest::{prelude::*, sample::Index};
use zorgkaart::geo::index::Hit;

use super::world::{Question, Spot, World, columns, question, spots};

fn world_and_question(most: usize) -> impl Strategy<Value = (Vec<Spot>, Question)> {
    spots(most).prop_flat_map(|spots| {
        let question = question(&spots);
        (Just(spots), question)
    })
}

fn limit() -> impl Strategy<Value = usize> {
    prop_oneof![Just(0), Just(1), 2..30_usize, Just(100_000)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_index_equals_brute_force((spots, question) in world_and_question(300), limit in limit()) {
        let world = World::new(spots);
        let mut expected = world.brute_force(&question);
        expected.truncate(limit);
        let found = world.search(&question, None, limit);
        prop_assert_eq!(&found, &expected);
        world.assert_nearest_by_karney(&question, &found, limit);
    }

    /// Few places, so that a failure is small, and many questions.
    #[test]
    fn the_index_equals_brute_force_for_few_places((spots, question) in world_and_question(6), limit in limit()) {
        let world = World::new(spots);
        let mut expected = world.brute_force(&question);
        expected.truncate(limit);
        prop_assert_eq!(world.search(&question, None, limit), expected);
    }

    /// What places have changes, and a clone from before does not.
    #[test]
    fn the_index_equals_brute_force_after_changes(
        (spots, question) in world_and_question(300),
        changes in prop::collection::vec((any::<Index>(), columns()), 1..40),
    ) {
        let old = World::new(spots);
        let mut new = old.clone();
        for (one, columns) in changes {
            new.change(one, &columns);
        }
        for world in [old, new] {
            prop_assert_eq!(world.search(&question, None, 100_000), world.brute_force(&question));
        }
    }

    /// The order of the entries means nothing.
    #[test]
    fn the_order_of_entries_is_not_seen(
        (spots, shuffled, question) in world_and_question(150)
            .prop_flat_map(|(spots, question)| (Just(spots.clone()), Just(spots).prop_shuffle(), Just(question))),
    ) {
        let answer = |spots| {
            let hits = World::new(spots).search(&question, None, 40);
            hits.iter().map(|hit: &Hit| (hit.id, hit.distance_km)).collect::<Vec<_>>()
        };
        prop_assert_eq!(answer(spots), answer(shuffled));
    }
}
