//! What a change of places would change.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{
    super::{demand::Surface, id::PlaceId, reference::Region},
    Gap,
    analysis::CellDemand,
    catchment::Change as PointChange,
    question::Question,
    supply::Supply,
};
use crate::geo::Point;

/// The most changes of one scenario.
pub const MOST_CHANGES: usize = 20;

/// A change of places.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Another place.
    Add(Supply),
    /// A place goes somewhere else.
    Move {
        /// Which.
        place: PlaceId,
        /// Where to.
        point: Point,
        /// The code of the region there.
        region: String,
    },
    /// A place closes.
    Close(PlaceId),
    /// A place gets another number of spots.
    Resize {
        /// Which.
        place: PlaceId,
        /// Its spots then.
        spots: f64,
    },
}

/// Why a scenario cannot be computed; the number is that of the change, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ScenarioError {
    /// The place is not among those that count.
    #[error(
        "this place does not count in the analysis: it is not on the map, of another care form, or left out by the filter"
    )]
    NotCounted(usize),
    /// A place is changed twice.
    #[error("this place is changed twice; say once what becomes of it")]
    Twice(usize),
}

/// Before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// As it is.
    pub before: Gap,
    /// As it would be.
    pub after: Gap,
    /// How many cells had to be computed anew: those that the changes reach.
    pub recomputed: usize,
}

/// The supply after `changes`, and what that is in points.
fn changed(supply: &[Supply], changes: &[Change]) -> Result<(Vec<Supply>, Vec<PointChange>), ScenarioError> {
    let mut after = supply.to_vec();
    let mut gone = Vec::new();
    let mut seen = Vec::new();
    let mut points = Vec::new();
    for (number, change) in changes.iter().enumerate() {
        let mut find = |place: PlaceId| {
            if seen.contains(&place) {
                return Err(ScenarioError::Twice(number));
            }
            seen.push(place);
            supply.iter().position(|one| one.place == Some(place)).ok_or(ScenarioError::NotCounted(number))
        };
        match change {
            Change::Add(new) => {
                points.push(PointChange::Add(new.into()));
                after.push(new.clone());
            }
            Change::Move { place, point, region } => {
                let at = find(*place)?;
                after[at] = Supply { point: *point, region: region.clone(), ..after[at].clone() };
                points.push(PointChange::Replace(at, (&after[at]).into()));
            }
            Change::Close(place) => {
                let at = find(*place)?;
                points.push(PointChange::Remove(at));
                gone.push(at);
            }
            Change::Resize { place, spots } => {
                let at = find(*place)?;
                after[at].spots = *spots;
                points.push(PointChange::Replace(at, (&after[at]).into()));
            }
        }
    }
    let mut at = 0;
    after.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
    Ok((after, points))
}

impl Scenario {
    /// Computes what `changes` of `supply` would change. Only cells that they reach are computed anew.
    ///
    /// # Errors
    /// When a place does not count, or is changed twice.
    pub fn of(
        question: &Question,
        surface: &Surface,
        regions: &BTreeMap<String, Region>,
        supply: &[Supply],
        changes: &[Change],
    ) -> Result<Self, ScenarioError> {
        let (after, points) = changed(supply, changes)?;
        let demand = CellDemand::of(question, surface);
        let access = demand.access(question, supply);
        let then = access.rescore(&points);
        Ok(Self {
            before: Gap::with(question, surface, regions, supply, &demand, &access.reach()),
            after: Gap::with(question, surface, regions, &after, &demand, &then.access.reach()),
            recomputed: then.demand,
        })
    }
}
