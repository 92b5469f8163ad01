//! A part of the map.

use async_graphql::InputObject;

use super::super::error::{ApiError, Result};
use crate::geo::Surroundings;

/// A part of the map, in WGS84 degrees, its edges included.
#[derive(InputObject, Clone, Copy, Debug)]
pub(in crate::graphql) struct BoundsInput {
    /// The southern edge, degrees north: -90 to 90.
    south: f64,
    /// The western edge, degrees east: -180 to 180.
    west: f64,
    /// The northern edge, degrees north: not below `south`.
    north: f64,
    /// The eastern edge, degrees east: not below `west`.
    east: f64,
}

impl BoundsInput {
    /// The bounds; `argument` names them in an error.
    pub(in crate::graphql) fn read(self, argument: &str) -> Result<Surroundings> {
        let Self { south, west, north, east } = self;
        let within = |edge: &str, degrees: f64, most: f64| {
            if (-most..=most).contains(&degrees) {
                return Ok(());
            }
            Err(ApiError::input(
                format!("{argument}.{edge}"),
                format!("This is a number of degrees from -{most} to {most}."),
            ))
        };
        for (edge, degrees, most) in
            [("south", south, 90.0), ("north", north, 90.0), ("west", west, 180.0), ("east", east, 180.0)]
        {
            within(edge, degrees, most)?;
        }
        let in_order = |low: (&str, f64), high: (&str, f64)| {
            if low.1 <= high.1 {
                return Ok(());
            }
            let said = format!("`{}` must not be below `{}`: {} is below {}.", high.0, low.0, high.1, low.1);
            Err(ApiError::input(format!("{argument}.{}", high.0), said))
        };
        in_order(("south", south), ("north", north))?;
        in_order(("west", west), ("east", east))?;
        Ok(Surroundings { south, north, west, east })
    }
}
