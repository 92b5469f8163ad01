//! How far a contact is from somebody: to the work address, or, of who has none on record, to where the person works for.

use std::collections::HashMap;

use crate::{
    care::{postcode::Pc4, reference::Reference},
    geo::{Point, distance::distance_km},
};

/// Distances from one point.
#[derive(Debug)]
pub struct Nearness<'a> {
    reference: &'a Reference,
    from: Point,
    /// To the nearest postcode of each gemeente and of each region, by code.
    areas: HashMap<&'a str, f64>,
}

impl<'a> Nearness<'a> {
    /// Distances from `from`.
    pub fn new(from: Point, reference: &'a Reference) -> Self {
        let mut areas: HashMap<&str, f64> = HashMap::new();
        for postcode in reference.postcodes.values() {
            let distance = distance_km(from, postcode.point);
            let Some(gemeente) = reference.gemeenten.get(&postcode.gemeente_code) else { continue };
            for code in [&gemeente.code, &gemeente.region_code] {
                areas.entry(code).and_modify(|least| *least = least.min(distance)).or_insert(distance);
            }
        }
        Self { reference, from, areas }
    }

    /// To the point of a postcode, km; none: there is no such postcode.
    pub fn to_postcode(&self, pc4: Pc4) -> Option<f64> {
        self.reference.postcodes.get(&pc4).map(|postcode| distance_km(self.from, postcode.point))
    }

    /// To the nearest postcode of any of these gemeenten and regions, km; none: there are none.
    pub fn to_areas<'c>(&self, codes: impl IntoIterator<Item = &'c str>) -> Option<f64> {
        codes.into_iter().filter_map(|code| self.areas.get(code)).copied().min_by(f64::total_cmp)
    }
}
