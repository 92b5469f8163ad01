//! Reference data: regions, gemeenten, postcodes, kwaliteitseisen.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::postcode::Pc4;
use crate::geo::Point;

/// A zorgkantoorregio: the area for which one zorgkantoor buys Wlz care.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Region {
    /// `ZK01` and so on (Statistics Netherlands).
    pub code: String,
    /// Its name.
    pub name: String,
    /// The insurer that holds the concession.
    pub concession_holder: String,
    /// The first valid day.
    pub valid_from: NaiveDate,
    /// The last valid day; none: until further notice.
    pub valid_to: Option<NaiveDate>,
}

/// A gemeente.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Gemeente {
    /// `GM0344` and so on (Statistics Netherlands).
    pub code: String,
    /// Its name.
    pub name: String,
    /// The zorgkantoorregio that it lies in.
    pub region_code: String,
    /// The first valid day.
    pub valid_from: NaiveDate,
    /// The last valid day; none: until further notice.
    pub valid_to: Option<NaiveDate>,
}

/// A PC4 with the point that stands for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Postcode {
    /// The four digits.
    pub pc4: Pc4,
    /// The place that it belongs to.
    pub place_name: String,
    /// The point that stands for it.
    pub point: Point,
    /// The gemeente that it lies in.
    pub gemeente_code: String,
    /// False: post boxes or too new for the areas of Statistics Netherlands.
    pub cbs_area: bool,
    /// Inhabitants, estimated.
    pub population: u32,
}

/// A kwaliteitseis (AEF, p. 6).
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Kwaliteitseis {
    /// `1.a` to `8`.
    pub code: String,
    /// The requirement, shortened.
    pub title: String,
    /// The theme it stands under.
    pub theme: String,
}

/// All reference data, in the order of its codes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// The zorgkantoorregio's by code.
    pub regions: BTreeMap<String, Region>,
    /// The gemeenten by code.
    pub gemeenten: BTreeMap<String, Gemeente>,
    /// The postcodes by PC4.
    pub postcodes: BTreeMap<Pc4, Postcode>,
    /// The kwaliteitseisen by code.
    pub kwaliteitseisen: BTreeMap<String, Kwaliteitseis>,
}

impl Reference {
    /// The known PC4 with the number nearest to `pc4`: the lower of two that are as near.
    pub fn nearest_pc4(&self, pc4: Pc4) -> Option<Pc4> {
        let below = self.postcodes.range(..=pc4).next_back();
        let above = self.postcodes.range(pc4..).next();
        below
            .into_iter()
            .chain(above)
            .map(|(known, _)| *known)
            .min_by_key(|known| known.number().abs_diff(pc4.number()))
    }
}
