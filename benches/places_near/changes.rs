//! How soon the next question sees that nights were set.

use std::{sync::Arc, time::Instant};

use kaart::care::{
    availability::Run,
    map::{Changed, Map},
    place::Bundle,
    snapshot::Snapshot,
    vocabulary::Slot,
};

use crate::{
    data::START,
    figures::Figures,
    searches::{moment, nights},
};

/// How many providers change, one after the other.
const CHANGES: usize = 500;

pub(crate) fn measure(snapshot: Snapshot) {
    let mut bundles = snapshot.bundles(|provider| snapshot.places_of(provider).is_empty());
    // From all over the list, and no two beside each other.
    let step = (bundles.len() / CHANGES).max(1);
    bundles = bundles.into_iter().step_by(step).take(CHANGES).collect();
    let mut map = Map::new(Arc::new(snapshot), START);
    let mut took = Vec::new();
    for Bundle { provider, locations, groups, mut places } in bundles {
        let (from, to) = nights();
        places[0].availability = vec![Run { slot: Slot::Night, from, to, free: 1, stated_at: moment().now }];
        let changed = Changed::from([(provider.id, Some(Bundle { provider, locations, groups, places }))]);
        let began = Instant::now();
        map = map.changed(changed);
        took.push(began.elapsed());
    }
    assert_eq!(map.overlay_size(), 0, "a place was laid anew");
    let took = Figures::from(took);
    println!("Nights that are set are on the map after {:.0} µs (p99: {:.0}).\n", took.median(), took.p99());
}
