//! Paging: neither skips nor repeats a place, also while others come and go.

use std::collections::HashSet;

use proptest::prelude::*;
use zorgkaart::geo::index::{After, Hit};

use super::world::{Question, Spot, World, question, spots};

fn last(page: &[Hit], before: Option<After>) -> Option<After> {
    page.last().map(|hit| After { distance_km: hit.distance_km, id: hit.id }).or(before)
}

/// All pages until an empty one; `sizes` come round again and again.
fn pages(world: &World, question: &Question, sizes: &[usize], mut after: Option<After>) -> Vec<Hit> {
    let mut all: Vec<Hit> = Vec::new();
    for size in sizes.iter().cycle() {
        let page = world.search(question, after, *size);
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= *size);
        after = last(&page, after);
        all.extend(page);
        assert!(all.len() <= world.len(), "pages repeat");
    }
    all
}

fn ids(hits: &[Hit], of: &HashSet<u128>) -> Vec<u128> {
    hits.iter().map(|hit| hit.id).filter(|id| of.contains(id)).collect()
}

/// Two worlds that share places: those of the first and those of the second.
fn worlds() -> impl Strategy<Value = (Vec<Spot>, Vec<Spot>, Question)> {
    spots(120).prop_flat_map(|spots| {
        let number = spots.len();
        let question = question(&spots);
        (Just(spots), prop::collection::vec(0..4_u8, number), question).prop_map(|(spots, when, question)| {
            let those =
                |gone: u8| spots.iter().zip(&when).filter(|(_, w)| **w != gone).map(|(s, _)| s.clone()).collect();
            (those(0), those(1), question)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn pages_together_are_the_whole(
        (spots, question) in spots(150).prop_flat_map(|spots| { let q = question(&spots); (Just(spots), q) }),
        sizes in prop::collection::vec(1..12_usize, 1..6),
    ) {
        let world = World::new(spots);
        prop_assert_eq!(pages(&world, &question, &sizes, None), world.brute_force(&question));
    }

    #[test]
    fn places_that_stay_are_neither_skipped_nor_repeated(
        (before, after, question) in worlds(),
        sizes in prop::collection::vec(1..12_usize, 1..6),
        pages_before in 0..6_usize,
    ) {
        let (first, second) = (World::new(before), World::new(after));
        let known: HashSet<u128> = first.spots.iter().map(|spot| spot.id).collect();
        let stay: HashSet<u128> = second.spots.iter().map(|spot| spot.id).filter(|id| known.contains(id)).collect();
        let mut seen: Vec<Hit> = Vec::new();
        let mut cursor = None;
        for size in sizes.iter().cycle().take(pages_before) {
            let page = first.search(&question, cursor, *size);
            cursor = last(&page, cursor);
            seen.extend(page);
        }
        seen.extend(pages(&second, &question, &sizes, cursor));
        prop_assert_eq!(ids(&seen, &stay), ids(&first.brute_force(&question), &stay));
        let distinct: HashSet<u128> = seen.iter().map(|hit| hit.id).collect();
        prop_assert_eq!(distinct.len(), seen.len());
    }

    /// A cursor need not be a place that is there: what comes after it is well defined.
    #[test]
    fn any_cursor_cuts_the_whole(
        (spots, question) in spots(100).prop_flat_map(|spots| { let q = question(&spots); (Just(spots), q) }),
        distance_km in prop_oneof![Just(0.0), 0.0..=600.0_f64],
        id in any::<u128>(),
    ) {
        let world = World::new(spots);
        let mut expected = world.brute_force(&question);
        expected.retain(|hit| hit.distance_km.total_cmp(&distance_km).then(hit.id.cmp(&id)).is_gt());
        prop_assert_eq!(world.search(&question, Some(After { distance_km, id }), usize::from(u16::MAX)), expected);
    }
}
