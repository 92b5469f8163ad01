//! What everybody may know of where a location is.

use super::super::{place::Location, postcode::AddressPostcode, reference::Reference, vocabulary::LocationPrecision};
use crate::geo::Point;

/// What everybody may know of where a location is. With precision AREA everything is that of its PC4, so that no
/// distance, order, cell, gemeente or name says more (DESIGN, section 5).
#[derive(Clone, Debug, PartialEq)]
pub struct PublicLocation<'a> {
    /// The point for distance, order, cells and filters, for every viewer alike.
    pub point: Point,
    /// The street; none where it may not be shown.
    pub street: Option<&'a str>,
    /// The house number; none where it may not be shown.
    pub house_number: Option<&'a str>,
    /// The postcode, or its PC4.
    pub postcode: AddressPostcode,
    /// The place.
    pub city: &'a str,
    /// The gemeente, by code.
    pub gemeente_code: &'a str,
}

impl<'a> PublicLocation<'a> {
    /// None where the PC4 of an AREA is not known, which a foreign key rules out.
    // Inlined, so that nobody makes what nobody asks for.
    #[inline]
    pub fn of(location: &'a Location, reference: &'a Reference) -> Option<Self> {
        Some(match location.precision {
            LocationPrecision::Area => {
                let area = reference.postcodes.get(&location.postcode.pc4())?;
                Self {
                    point: area.point,
                    street: None,
                    house_number: None,
                    postcode: area.pc4.into(),
                    city: &area.place_name,
                    gemeente_code: &area.gemeente_code,
                }
            }
            LocationPrecision::Exact => Self {
                point: location.point,
                street: location.street.as_deref(),
                house_number: location.house_number.as_deref(),
                postcode: location.postcode,
                city: &location.city,
                gemeente_code: &location.gemeente_code,
            },
        })
    }
}
