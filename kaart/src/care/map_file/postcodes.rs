//! The PC4 file of Statistics Netherlands: where postcodes lie, and in which gemeente.

use super::{Cells, Kind, Reason, cells::number};
use crate::{
    care::{
        file::columns,
        postcode::Pc4,
        reference::{Postcode, Reference},
    },
    geo::Point,
};

columns! {
    /// A column of the file.
    Column {
        /// The four digits.
        Pc4 = "pc4",
        /// The longitude of the centroid.
        Lon = "lon_cbs_centroid",
        /// Its latitude.
        Lat = "lat_cbs_centroid",
        /// The gemeente, by code.
        GemeenteCode = "gm_code_2025",
        /// Its name, for whoever reads the file.
        Gemeente = "gemeente",
        /// The zorgkantoorregio, by code.
        RegionCode = "zk_code",
        /// Its name, for whoever reads the file.
        Region = "zorgkantoorregio",
        /// How many people live there.
        Inhabitants = "inwoners",
        /// How many of them are under 20: not kept.
        Young = "inwoners_0_19",
    }
    needed [Pc4, Lon, Lat, GemeenteCode, RegionCode]
    either []
}

/// The kind of file.
#[derive(Debug)]
pub struct Postcodes;

/// What a row says.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The postcode.
    pub pc4: Pc4,
    point: Point,
    gemeente_code: String,
    region_code: String,
    inhabitants: Option<u32>,
}

impl Kind for Postcodes {
    type Column = Column;
    type Said = Said;

    fn read(cells: &mut Cells<Self>) -> Option<Said> {
        let pc4 = cells.need(Column::Pc4, |text| Ok(text.parse()?));
        let lng = cells.need(Column::Lon, |text| number(text, Reason::NoDegrees));
        let lat = cells.need(Column::Lat, |text| number(text, Reason::NoDegrees));
        let gemeente_code = cells.need(Column::GemeenteCode, |text| Ok(text.to_owned()));
        let region_code = cells.need(Column::RegionCode, |text| Ok(text.to_owned()));
        let inhabitants = cells.read_if(Column::Inhabitants, |text| number(text, Reason::NoCount));
        let point = point(cells, (Column::Lat, lat?), (Column::Lon, lng?))?;
        Some(Said { pc4: pc4?, point, gemeente_code: gemeente_code?, region_code: region_code?, inhabitants })
    }
}

/// A point in the Netherlands.
pub(super) fn point<K: Kind>(
    cells: &mut Cells<K>,
    (lat_column, lat): (K::Column, f64),
    (lng_column, lng): (K::Column, f64),
) -> Option<Point> {
    let here = [(lat_column, (50.0..=54.0).contains(&lat)), (lng_column, (3.0..=8.0).contains(&lng))];
    for (column, _) in here.iter().filter(|(_, here)| !here) {
        cells.wrong(*column, Reason::Abroad);
    }
    Point::new(lat, lng).ok().filter(|_| here.iter().all(|(_, here)| *here))
}

impl Said {
    /// What the postcode is from now on.
    ///
    /// # Errors
    /// What is wrong, and in which column.
    pub fn decide(&self, reference: &Reference) -> Result<Postcode, (Column, Reason)> {
        let gemeente =
            reference.gemeenten.get(&self.gemeente_code).ok_or((Column::GemeenteCode, Reason::NoGemeente))?;
        if !reference.regions.contains_key(&self.region_code) {
            return Err((Column::RegionCode, Reason::NoRegion));
        }
        if gemeente.region_code != self.region_code {
            return Err((Column::RegionCode, Reason::OtherRegion));
        }
        let before = reference.postcodes.get(&self.pc4);
        Ok(Postcode {
            pc4: self.pc4,
            // The file names no places: a postcode that is new bears the name of its gemeente.
            place_name: before.map_or_else(|| gemeente.name.clone(), |before| before.place_name.clone()),
            point: self.point,
            gemeente_code: self.gemeente_code.clone(),
            cbs_area: true,
            population: self.inhabitants.or(before.map(|before| before.population)).unwrap_or(0),
        })
    }
}
