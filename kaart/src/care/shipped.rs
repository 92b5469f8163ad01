//! The reference data that ships inside the binary, from `seed/reference/`.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use thiserror::Error;

use super::{
    agreement::Agreement,
    postcode::Pc4,
    reference::{Gemeente, Kwaliteitseis, Postcode, Reference, Region},
};
use crate::geo::Point;

/// Why a shipped table cannot be read: somebody edited it wrongly.
#[derive(Debug, Error)]
#[error("seed/{file}: {reason}")]
pub struct ShippedError {
    pub(super) file: &'static str,
    pub(super) reason: String,
}

/// The reference tables.
///
/// # Errors
/// When a table has a row that cannot be read; the error names file and row.
pub fn reference() -> Result<Reference, ShippedError> {
    Ok(Reference {
        regions: keyed(
            table(
                "reference/zorgkantoor_region.csv",
                include_str!("../../../seed/reference/zorgkantoor_region.csv"),
                Ok,
            )?,
            |region: &Region| region.code.clone(),
        ),
        gemeenten: keyed(
            table("reference/gemeente.csv", include_str!("../../../seed/reference/gemeente.csv"), Ok)?,
            |gemeente: &Gemeente| gemeente.code.clone(),
        ),
        postcodes: keyed(
            table(
                "reference/postcode.csv",
                include_str!("../../../seed/reference/postcode.csv"),
                PostcodeRow::into_postcode,
            )?,
            |postcode: &Postcode| postcode.pc4,
        ),
        kwaliteitseisen: keyed(
            table("reference/kwaliteitseis.csv", include_str!("../../../seed/reference/kwaliteitseis.csv"), Ok)?,
            |eis: &Kwaliteitseis| eis.code.clone(),
        ),
    })
}

/// What passports open.
///
/// # Errors
/// When the table has a row that cannot be read.
pub fn agreements() -> Result<Vec<Agreement>, ShippedError> {
    table("reference/passport_agreement.csv", include_str!("../../../seed/reference/passport_agreement.csv"), Ok)
}

/// The rows of a shipped table; `parse` says what is wrong with one.
pub(super) fn table<Row: DeserializeOwned, T>(
    file: &'static str,
    text: &str,
    parse: impl Fn(Row) -> Result<T, String>,
) -> Result<Vec<T>, ShippedError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(|row| row.map_err(|error| error.to_string()).and_then(&parse))
        .collect::<Result<_, String>>()
        .map_err(|reason| ShippedError { file, reason })
}

fn keyed<K: Ord, T>(rows: Vec<T>, key: impl Fn(&T) -> K) -> BTreeMap<K, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

#[derive(Deserialize)]
struct PostcodeRow {
    pc4: String,
    place_name: String,
    lat: f64,
    lng: f64,
    gemeente_code: String,
    cbs_area: bool,
    population: u32,
}

impl PostcodeRow {
    fn into_postcode(self) -> Result<Postcode, String> {
        Ok(Postcode {
            pc4: self.pc4.parse::<Pc4>().map_err(|error| format!("{}: {error}", self.pc4))?,
            place_name: self.place_name,
            point: Point::new(self.lat, self.lng).map_err(|error| format!("{}: {error}", self.pc4))?,
            gemeente_code: self.gemeente_code,
            cbs_area: self.cbs_area,
            population: self.population,
        })
    }
}
