//! Rows to the domain: what the database holds, read into types that cannot hold nonsense.

use entity::{
    availability, care_group, kwaliteitseis_claim, location, passport, passport_agreement, place, postcode, provider,
    vervoer, vervoer_gemeente, vervoer_postcode, zorgkantoor_region,
};
use serde_json::json;

use super::error::StoreError;
use crate::{
    care::{
        agreement::Agreement,
        availability::Run,
        id::PlaceId,
        passport::Passport,
        place::{CareGroup, Claim, Location, Place, Provider, Voices, WaitingList},
        postcode::{MalformedPostcode, Pc4},
        reference::{Gemeente, Kwaliteitseis, Postcode, Region},
        vervoer::Vervoer,
    },
    geo::{Area, Point},
};

/// A type of the domain, read of a row of the database.
pub(super) trait FromRow<R> {
    fn from_row(row: R) -> Self;
}

/// A type of the domain, read of a row of the database that may hold what it cannot.
pub(super) trait TryFromRow<R>: Sized {
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] where the row holds what the domain cannot.
    fn try_from_row(row: R) -> Result<Self, StoreError>;
}

pub(super) fn pc4(text: &str) -> Result<Pc4, StoreError> {
    text.parse().map_err(|error| StoreError::Corrupt(format!("{error}")))
}

fn point(lat: f64, lng: f64) -> Result<Point, StoreError> {
    Point::new(lat, lng).map_err(|error| StoreError::Corrupt(error.to_string()))
}

impl FromRow<zorgkantoor_region::Model> for Region {
    fn from_row(row: zorgkantoor_region::Model) -> Self {
        Self {
            code: row.code,
            name: row.name,
            concession_holder: row.concession_holder,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }
}

impl FromRow<entity::gemeente::Model> for Gemeente {
    fn from_row(row: entity::gemeente::Model) -> Self {
        Self {
            code: row.code,
            name: row.name,
            region_code: row.region_code,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }
}

impl TryFromRow<postcode::Model> for Postcode {
    fn try_from_row(row: postcode::Model) -> Result<Self, StoreError> {
        Ok(Self {
            pc4: pc4(&row.pc4)?,
            place_name: row.place_name,
            point: point(row.lat, row.lng)?,
            gemeente_code: row.gemeente_code,
            cbs_area: row.cbs_area,
            population: row.population.try_into().unwrap_or(0),
        })
    }
}

/// A postcode as its row.
pub(super) fn postcode_row(postcode: Postcode) -> postcode::Model {
    postcode::Model {
        pc4: postcode.pc4.to_string(),
        place_name: postcode.place_name,
        lat: postcode.point.lat(),
        lng: postcode.point.lng(),
        gemeente_code: postcode.gemeente_code,
        cbs_area: postcode.cbs_area,
        population: i32::try_from(postcode.population).unwrap_or(i32::MAX),
    }
}

impl FromRow<entity::kwaliteitseis::Model> for Kwaliteitseis {
    fn from_row(row: entity::kwaliteitseis::Model) -> Self {
        Self { code: row.code, title: row.title, theme: row.theme }
    }
}

impl FromRow<passport_agreement::Model> for Agreement {
    fn from_row(row: passport_agreement::Model) -> Self {
        Self {
            code: row.code,
            title: row.title,
            organisation: row.organisation,
            description: row.description,
            since: row.since,
            kind: row.kind,
        }
    }
}

impl FromRow<provider::Model> for Provider {
    fn from_row(row: provider::Model) -> Self {
        Self {
            id: row.id,
            name: row.name.into(),
            kind: row.kind,
            phone: row.phone,
            email: row.email,
            website: row.website,
            kvk_number: row.kvk_number,
            agb_code: row.agb_code,
            fieldlab: row.fieldlab,
            version: row.version,
        }
    }
}

impl TryFromRow<location::Model> for Location {
    fn try_from_row(row: location::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            provider_id: row.provider_id,
            street: row.street,
            house_number: row.house_number,
            postcode: row
                .postcode
                .parse()
                .map_err(|error: MalformedPostcode| StoreError::Corrupt(error.to_string()))?,
            city: row.city.into(),
            gemeente_code: row.gemeente_code,
            point: point(row.lat, row.lng)?,
            precision: row.precision,
            facilities: Vec::new(),
            version: row.version,
        })
    }
}

impl FromRow<care_group::Model> for CareGroup {
    fn from_row(row: care_group::Model) -> Self {
        Self {
            id: row.id,
            location_id: row.location_id,
            name: row.name.into(),
            homogeneity: row.homogeneity,
            size: row.size,
            staff_per_ten: row.staff_per_ten,
            nurses: row.nurses,
            challenging_behaviour_excluded: row.challenging_behaviour_excluded,
            capabilities: Vec::new(),
            version: row.version,
        }
    }
}

impl FromRow<place::Model> for Place {
    fn from_row(row: place::Model) -> Self {
        Self {
            id: row.id,
            care_group_id: row.care_group_id,
            name: row.name.into(),
            care_form: row.care_form,
            version: row.version,
            capacity: row.capacity,
            phone: row.phone,
            email: row.email,
            min_age: row.min_age,
            max_age: row.max_age,
            leveringsvormen: None,
            waiting_list: row.waiting_list_updated_at.map(|updated_at| WaitingList {
                length: row.waiting_list_length,
                expected_weeks: row.waiting_list_weeks,
                updated_at,
            }),
            vervoer: row.vervoer_known.then(Vec::new),
            claims: Vec::new(),
            confirmed_at: row.confirmed_at,
            availability: Vec::new(),
        }
    }
}

impl FromRow<availability::Model> for Run {
    fn from_row(row: availability::Model) -> Self {
        Self { slot: row.slot, from: row.from_date, to: row.to_date, free: row.free, stated_at: row.stated_at }
    }
}

impl TryFromRow<vervoer::Model> for Vervoer {
    fn try_from_row(row: vervoer::Model) -> Result<Self, StoreError> {
        let unreadable = || StoreError::Corrupt("an area of vervoer cannot be read".into());
        let area = match (row.area_outline, row.area_cells) {
            (Some(outline), Some(cells)) => Some(Area::stored(outline, &cells).ok_or_else(unreadable)?),
            (None, None) => None,
            _ => return Err(unreadable()),
        };
        let trips = row.trips.map(serde_json::from_value).transpose();
        Ok(Self {
            id: row.id,
            radius_km: row.radius_km,
            postcodes: None,
            gemeenten: None,
            area,
            trips: trips.map_err(|error| StoreError::Corrupt(format!("trips of vervoer: {error}")))?,
            bags_and_aids: row.bags_and_aids,
            power_sockets: row.power_sockets,
            nurse_aboard: row.nurse_aboard,
            wheelchairs: row.wheelchairs,
            oxygen: row.oxygen,
            medicine_fridge: row.medicine_fridge,
            air_conditioning: row.air_conditioning,
            paid_by: row.paid_by,
        })
    }
}

/// An arrangement of a place as rows: its own, its postcodes and its gemeenten.
pub(super) fn vervoer_rows(
    one: Vervoer,
    place_id: PlaceId,
) -> (vervoer::Model, Vec<vervoer_postcode::Model>, Vec<vervoer_gemeente::Model>) {
    let vervoer_id = one.id;
    let row = vervoer::Model {
        id: vervoer_id,
        place_id,
        radius_km: one.radius_km,
        area_outline: one.area.as_ref().map(|area| area.outline().to_owned()),
        area_cells: one.area.as_ref().map(Area::cells),
        trips: one.trips.map(|trips| json!(trips)),
        bags_and_aids: one.bags_and_aids,
        power_sockets: one.power_sockets,
        nurse_aboard: one.nurse_aboard,
        wheelchairs: one.wheelchairs,
        oxygen: one.oxygen,
        medicine_fridge: one.medicine_fridge,
        air_conditioning: one.air_conditioning,
        paid_by: one.paid_by,
    };
    let postcodes = one.postcodes.into_iter().flatten();
    let gemeenten = one.gemeenten.into_iter().flatten();
    (
        row,
        postcodes.map(|pc4| vervoer_postcode::Model { vervoer_id, pc4: pc4.to_string() }).collect(),
        gemeenten.map(|gemeente_code| vervoer_gemeente::Model { vervoer_id, gemeente_code }).collect(),
    )
}

impl FromRow<kwaliteitseis_claim::Model> for Claim {
    fn from_row(row: kwaliteitseis_claim::Model) -> Self {
        Self {
            code: row.code,
            source: row.source,
            status: row.status,
            explanation: row.explanation,
            assessed_at: row.assessed_at,
            voices: Voices::default(),
        }
    }
}

impl FromRow<passport::Model> for Passport {
    fn from_row(row: passport::Model) -> Self {
        Self {
            id: row.id,
            outcome: row.outcome,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            revoked_at: row.revoked_at,
        }
    }
}
