//! What everybody may know of where a location is.

use std::borrow::Cow;

use super::super::{place::Location, postcode::Pc4, reference::Reference, vocabulary::LocationPrecision};
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
    pub postcode: ShownPostcode<'a>,
    /// The place.
    pub city: &'a str,
    /// The gemeente, by code.
    pub gemeente_code: &'a str,
}

/// A postcode, as far as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownPostcode<'a> {
    /// All that is known of it.
    Whole(&'a str),
    /// The four digits alone.
    Area(Pc4),
}

impl<'a> ShownPostcode<'a> {
    /// Its text, such as `3511AB` or `3511`.
    pub fn text(self) -> Cow<'a, str> {
        match self {
            Self::Whole(postcode) => postcode.into(),
            Self::Area(pc4) => pc4.to_string().into(),
        }
    }
}

impl<'a> PublicLocation<'a> {
    /// None where the PC4 of an AREA is not known, which a foreign key rules out.
    // Inlined, so that nobody makes what nobody asks for.
    #[inline]
    pub fn of(location: &'a Location, reference: &'a Reference) -> Option<Self> {
        Some(match location.precision {
            LocationPrecision::Area => {
                let area = reference.postcodes.get(&location.pc4)?;
                Self {
                    point: area.point,
                    street: None,
                    house_number: None,
                    postcode: ShownPostcode::Area(area.pc4),
                    city: &area.place_name,
                    gemeente_code: &area.gemeente_code,
                }
            }
            LocationPrecision::Exact => Self {
                point: location.point,
                street: location.street.as_deref(),
                house_number: location.house_number.as_deref(),
                postcode: ShownPostcode::Whole(&location.postcode),
                city: &location.city,
                gemeente_code: &location.gemeente_code,
            },
        })
    }
}
