//! Where to search from.

use async_graphql::{InputObject, OneofObject};

use super::super::{
    error::{ApiError, Result},
    scalars::H3Cell,
};
use crate::{
    care::{postcode::Pc4, vervoer::Destination},
    geo::{Point, SURROUNDINGS, Surroundings},
    store::View,
};

/// Where to search from: exactly one field.
#[derive(OneofObject, Clone, Debug)]
pub(in crate::graphql) enum NearInput {
    /// A postcode: four digits, with or without its two letters. The point is that of the four digits.
    Postcode(String),
    /// A point in or near the Netherlands.
    Point(PointInput),
    /// An H3 cell of resolution 5 or finer, in or near the Netherlands; its centre counts.
    Cell(H3Cell),
}

/// A point in WGS84 degrees.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct PointInput {
    /// Degrees north.
    pub(super) lat: f64,
    /// Degrees east.
    pub(super) lng: f64,
}

/// A cell of a coarser resolution is larger than a region; its centre says nothing of where somebody lives.
const COARSEST_RESOLUTION: u8 = 5;

impl NearInput {
    /// The place meant; `argument` names it in an error.
    pub(in crate::graphql) fn destination(&self, argument: &str, view: &View) -> Result<Destination> {
        match self {
            Self::Postcode(text) => {
                let argument = format!("{argument}.postcode");
                let pc4: Pc4 = text.parse().map_err(|error| ApiError::input(&argument, format!("{error}.")))?;
                let reference = view.reference();
                let Some(postcode) = reference.postcodes.get(&pc4) else {
                    let nearest = reference
                        .nearest_pc4(pc4)
                        .map_or_else(String::new, |known| format!(" The nearest that is known is {known}."));
                    return Err(ApiError::input(argument, format!("The postcode {pc4} is not known.{nearest}")));
                };
                Ok(view.destination(postcode.point, Some(pc4)))
            }
            Self::Point(PointInput { lat, lng }) => {
                let point = Point::new(*lat, *lng).map_err(|error| {
                    let coordinate = if error == crate::geo::PointError::Latitude { "lat" } else { "lng" };
                    ApiError::input(format!("{argument}.point.{coordinate}"), format!("{error}."))
                })?;
                Ok(view.destination(surrounding(&format!("{argument}.point"), point)?, None))
            }
            Self::Cell(cell) => {
                let argument = format!("{argument}.cell");
                let cell = cell.parse_as(&argument)?;
                if cell.resolution() < COARSEST_RESOLUTION {
                    return Err(ApiError::input(
                        argument,
                        format!(
                            "A cell of resolution {} is too large to search from; take resolution \
                             {COARSEST_RESOLUTION} to 15.",
                            cell.resolution()
                        ),
                    ));
                }
                Ok(view.destination(surrounding(&argument, cell.centre())?, None))
            }
        }
    }
}

fn surrounding(argument: &str, point: Point) -> Result<Point> {
    if SURROUNDINGS.hold(point.lat(), point.lng()) {
        Ok(point)
    } else {
        let Surroundings { south, north, west, east } = SURROUNDINGS;
        Err(ApiError::input(
            argument,
            format!(
                "This is too far from the Netherlands; latitude (degrees north) from {south} to {north} and longitude \
                 (degrees east) from {west} to {east}."
            ),
        ))
    }
}

/// Checks a radius in km.
pub(in crate::graphql) fn radius_km(argument: &str, radius: Option<f64>) -> Result<Option<f64>> {
    match radius {
        Some(radius) if !(radius > 0.0 && radius <= 200.0) => {
            Err(ApiError::input(argument, "The radius is more than 0 and at most 200 km; leave it out for no limit."))
        }
        radius => Ok(radius),
    }
}
