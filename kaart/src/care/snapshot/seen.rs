//! What may be known of where a location is.

use super::super::{
    id::LocationId,
    place::Location,
    postcode::AddressPostcode,
    reference::{Postcode, Reference},
    vocabulary::{Facility, LocationPrecision},
};
use crate::geo::Point;

/// What somebody may know of a location. For everybody, with precision AREA, everything is that of its PC4, so that no
/// distance, order, cell, gemeente or name says more (DESIGN, section 5).
// Nothing is read of a location but what is asked of it.
#[derive(Clone, Copy, Debug)]
pub struct SeenLocation<'a> {
    location: &'a Location,
    shown: Shown<'a>,
}

/// What is shown of where it is.
#[derive(Clone, Copy, Debug)]
enum Shown<'a> {
    /// All of it, to those who may change it.
    Own,
    /// Its address.
    Exact,
    /// The PC4 that it lies in.
    Area(&'a Postcode),
}

impl<'a> SeenLocation<'a> {
    /// As everybody sees it. None where the PC4 of an AREA is not known, which a foreign key rules out.
    #[inline]
    pub fn by_everybody(location: &'a Location, reference: &'a Reference) -> Option<Self> {
        let shown = match location.precision {
            LocationPrecision::Area => Shown::Area(reference.postcodes.get(&location.postcode.pc4())?),
            LocationPrecision::Exact => Shown::Exact,
        };
        Some(Self { location, shown })
    }

    /// As those see it who may change it.
    pub const fn own(location: &'a Location) -> Self {
        Self { location, shown: Shown::Own }
    }

    /// The area that is shown in its place.
    const fn area(&self) -> Option<&'a Postcode> {
        match self.shown {
            Shown::Area(area) => Some(area),
            Shown::Own | Shown::Exact => None,
        }
    }

    /// The point; for everybody that for distance, order, cells and filters.
    pub fn point(&self) -> Point {
        self.area().map_or(self.location.point, |area| area.point)
    }

    /// The street; none where it may not be shown.
    pub fn street(&self) -> Option<&'a str> {
        self.location.street.as_deref().filter(|_| self.area().is_none())
    }

    /// The house number; none where it may not be shown.
    pub fn house_number(&self) -> Option<&'a str> {
        self.location.house_number.as_deref().filter(|_| self.area().is_none())
    }

    /// The postcode, or its PC4.
    pub fn postcode(&self) -> AddressPostcode {
        self.area().map_or(self.location.postcode, |area| area.pc4.into())
    }

    /// The place.
    pub fn city(&self) -> &'a str {
        self.area().map_or(&*self.location.city, |area| &area.place_name)
    }

    /// The gemeente, by code.
    pub fn gemeente_code(&self) -> &'a str {
        self.area().map_or(&self.location.gemeente_code, |area| &area.gemeente_code)
    }

    /// Whether the address may be shown to all.
    pub const fn precision(&self) -> LocationPrecision {
        self.location.precision
    }

    /// What is known of its facilities.
    pub fn facilities(&self) -> &'a [(Facility, bool)] {
        &self.location.facilities
    }

    /// Its id and version, for those who may change it: which homes are one says something of where they are.
    pub const fn changeable(&self) -> Option<(LocationId, i32)> {
        match self.shown {
            Shown::Own => Some((self.location.id, self.location.version)),
            Shown::Exact | Shown::Area(_) => None,
        }
    }
}
