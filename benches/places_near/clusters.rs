//! Counts of places per cell, for the whole country.

use kaart::{
    care::{filter::Filter, ordinals::Ordinals, plan::Count, snapshot::Snapshot, vervoer::Destination},
    geo::SURROUNDINGS,
};

use crate::{
    figures::Figures,
    searches::{moment, search},
};

const ROUNDS: usize = 20;

pub(crate) fn measure(snapshot: &Snapshot, home: &Destination) {
    println!("| `placeClusters` of the country, ms | all | care form + homogeneity, 2 free nights |\n|---|---|---|");
    for resolution in [3, 5, 6, 7] {
        let took = [Filter::default(), search(2, home).filter].map(|filter| {
            let count = Count { bounds: SURROUNDINGS, resolution, filter };
            Figures::of(&[count], ROUNDS, |count| count.run(snapshot, moment(), &Ordinals::default())).median() / 1e3
        });
        println!("| resolution {resolution} | {:.2} | {:.2} |", took[0], took[1]);
    }
    println!();
}
