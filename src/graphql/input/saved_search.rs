//! What somebody waits for.

use async_graphql::InputObject;

use super::{
    super::error::{ApiError, Result},
    NearInput, PlaceFilter, idempotency_key, radius_km,
};
use crate::{
    care::{alert::Watch, vervoer::Destination},
    store::{IdempotencyKey, SaveSearch, View},
};

/// What you wait for.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct SaveSearchInput {
    /// Where from. Only the four digits of the postcode there are kept, and their point counts.
    near: NearInput,
    /// The greatest distance, km: more than 0 and at most 200; left out: no limit.
    radius_km: Option<f64>,
    /// What is asked of a place. With dates (`stay`, `staySeries`, `dagdelen`, `freeOn`) you are told when a place has room on
    /// all of them; without, when a place that fits gets room on any date. Of `vervoerTo`, too, only the four digits of the
    /// postcode are kept.
    filter: Option<PlaceFilter>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl SaveSearchInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Result<(SaveSearch, Option<IdempotencyKey>)> {
        let near = coarse("input.near", &self.near.destination("input.near", view)?, view)?;
        let (filter, asked) = self.filter.unwrap_or_default().kept(view)?;
        let watch = Watch { near, radius_km: radius_km("input.radiusKm", self.radius_km)?, filter };
        Ok((SaveSearch { watch, asked }, idempotency_key(self.idempotency_key)?))
    }
}

/// What may be kept of where somebody is: their PC4.
pub(super) fn coarse(argument: &str, exact: &Destination, view: &View) -> Result<Destination> {
    let postcode = exact.pc4.and_then(|pc4| view.reference().postcodes.get(&pc4));
    let postcode = postcode.ok_or_else(|| ApiError::input(argument, "This lies in no Dutch postcode; give one."))?;
    Ok(view.destination(postcode.point, Some(postcode.pc4)))
}
