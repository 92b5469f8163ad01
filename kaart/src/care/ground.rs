//! What the map lies on: reference data and what passports open. They change by the year, not by the day.

use super::{
    agreement::Agreement,
    postcode::Pc4,
    reference::{Postcode, Reference},
};
use crate::geo::{
    Point,
    index::{Entry, PlaceIndex, Query, Which, Width},
};

/// How far from the point of a postcode its area may reach, km: the widest Dutch ones are water and polder.
const POSTCODE_REACH_KM: f64 = 10.0;

/// What the map lies on. Immutable.
#[derive(Debug)]
pub struct Ground {
    /// Reference data.
    pub reference: Reference,
    /// What passports open.
    pub agreements: Vec<Agreement>,
    /// The postcodes, numbered by their PC4.
    postcodes: PlaceIndex,
}

impl Ground {
    /// Indexes the postcodes of `reference`.
    pub fn new(reference: Reference, agreements: Vec<Agreement>) -> Self {
        let entries: Vec<Entry> = reference
            .postcodes
            .values()
            .filter(|postcode| postcode.cbs_area)
            .map(|postcode| Entry {
                ordinal: postcode.pc4.number().into(),
                id: postcode.pc4.number().into(),
                point: postcode.point,
                partition: 0,
            })
            .collect();
        let postcodes = PlaceIndex::build(&[Width::default()], &entries, |_, _| {});
        Self { reference, agreements, postcodes }
    }

    /// The postcode of the area that `point` lies in, as near as points tell: the one whose point is nearest, ties by
    /// number. None farther than 10 km from all; post boxes are nowhere and do not count.
    pub fn nearest_postcode(&self, point: Point) -> Option<&Postcode> {
        let query = Query {
            origin: point,
            which: Which { partitions: &[0], clauses: &[], ways: None },
            radius_km: Some(POSTCODE_REACH_KM),
            after: None,
            limit: 1,
            promising: None,
        };
        let hit = self.postcodes.search(&query, None).pop()?;
        let pc4 = Pc4::from_number(u16::try_from(hit.ordinal).ok()?)?;
        self.reference.postcodes.get(&pc4)
    }
}
