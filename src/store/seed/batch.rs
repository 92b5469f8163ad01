//! Writing many providers at once.

use chrono::{DateTime, Utc};
use entity::{
    availability, care_group, care_group_capability, kwaliteitseis_claim, location, location_facility, place,
    place_leveringsvorm, provider, vervoer, vervoer_gemeente, vervoer_postcode,
};
use sea_orm::DatabaseTransaction;

use super::super::{error::StoreError, insert::insert, rows::vervoer_rows};
use crate::{
    care::place::{Bundle, CareGroup, Location, Place},
    geo::Cell,
};

/// Who wrote the rows.
pub(super) const AUTHOR: &str = "seed";
/// How many rows of free spots make a batch worth writing.
const FULL: usize = 50_000;

/// Rows of providers that are not written yet.
#[derive(Debug, Default)]
pub(super) struct Batch {
    at: DateTime<Utc>,
    providers: Vec<provider::Model>,
    locations: Vec<location::Model>,
    facilities: Vec<location_facility::Model>,
    groups: Vec<care_group::Model>,
    capabilities: Vec<care_group_capability::Model>,
    places: Vec<place::Model>,
    leveringsvormen: Vec<place_leveringsvorm::Model>,
    claims: Vec<kwaliteitseis_claim::Model>,
    availability: Vec<availability::Model>,
    vervoer: Vec<vervoer::Model>,
    vervoer_postcodes: Vec<vervoer_postcode::Model>,
    vervoer_gemeenten: Vec<vervoer_gemeente::Model>,
}

impl Batch {
    /// An empty batch whose rows are stated at `at`.
    pub(super) fn new(at: DateTime<Utc>) -> Self {
        Self { at, ..Self::default() }
    }

    /// Whether it is time to write.
    pub(super) fn is_full(&self) -> bool {
        self.availability.len() >= FULL
    }

    /// Adds a provider with all that hangs on it.
    pub(super) fn add(&mut self, bundle: Bundle) {
        let provider = bundle.provider;
        self.providers.push(provider::Model {
            id: provider.id,
            name: provider.name.into(),
            kind: provider.kind,
            phone: provider.phone,
            email: provider.email,
            website: provider.website,
            kvk_number: provider.kvk_number,
            agb_code: provider.agb_code,
            fieldlab: provider.fieldlab,
            withdrawn_at: None,
            version: 1,
            updated_at: self.at,
            updated_by: AUTHOR.into(),
        });
        bundle.locations.into_iter().for_each(|location| self.add_location(location));
        bundle.groups.into_iter().for_each(|group| self.add_group(group));
        bundle.places.into_iter().for_each(|place| self.add_place(place));
    }

    fn add_location(&mut self, location: Location) {
        let id = location.id;
        self.locations.push(location::Model {
            id,
            provider_id: location.provider_id,
            street: location.street,
            house_number: location.house_number,
            postcode: location.postcode.into(),
            pc4: location.postcode.pc4().to_string(),
            city: location.city.into(),
            gemeente_code: location.gemeente_code,
            lat: location.point.lat(),
            lng: location.point.lng(),
            precision: location.precision,
            h3_cell: Cell::stored(location.point),
            withdrawn_at: None,
            version: 1,
            updated_at: self.at,
            updated_by: AUTHOR.into(),
        });
        self.facilities.extend(location.facilities.into_iter().map(|(facility, present)| location_facility::Model {
            location_id: id,
            facility,
            present,
        }));
    }

    fn add_group(&mut self, group: CareGroup) {
        let id = group.id;
        self.groups.push(care_group::Model {
            id,
            location_id: group.location_id,
            name: group.name.into(),
            homogeneity: group.homogeneity,
            size: group.size,
            staff_per_ten: group.staff_per_ten,
            nurses: group.nurses,
            challenging_behaviour_excluded: group.challenging_behaviour_excluded,
            withdrawn_at: None,
            version: 1,
            updated_at: self.at,
            updated_by: AUTHOR.into(),
        });
        self.capabilities.extend(
            group.capabilities.into_iter().map(|(capability, offered)| care_group_capability::Model {
                care_group_id: id,
                capability,
                offered,
            }),
        );
    }

    fn add_place(&mut self, place: Place) {
        let id = place.id;
        self.places.push(place::Model {
            id,
            care_group_id: place.care_group_id,
            name: place.name.into(),
            care_form: place.care_form,
            capacity: place.capacity,
            phone: place.phone,
            email: place.email,
            min_age: place.min_age,
            max_age: place.max_age,
            waiting_list_length: place.waiting_list.and_then(|list| list.length),
            waiting_list_weeks: place.waiting_list.and_then(|list| list.expected_weeks),
            waiting_list_updated_at: place.waiting_list.map(|list| list.updated_at),
            vervoer_known: place.vervoer.is_some(),
            confirmed_at: place.confirmed_at,
            withdrawn_at: None,
            version: 1,
            updated_at: self.at,
            updated_by: AUTHOR.into(),
        });
        let known = place.leveringsvormen.into_iter().flatten();
        self.leveringsvormen
            .extend(known.map(|leveringsvorm| place_leveringsvorm::Model { place_id: id, leveringsvorm }));
        self.claims.extend(place.claims.into_iter().map(|claim| kwaliteitseis_claim::Model {
            place_id: id,
            code: claim.code,
            source: claim.source,
            status: claim.status,
            explanation: claim.explanation,
            assessed_at: claim.assessed_at,
        }));
        self.availability.extend(place.availability.into_iter().map(|run| availability::Model {
            place_id: id,
            slot: run.slot,
            from_date: run.from,
            to_date: run.to,
            free: run.free,
            stated_at: run.stated_at,
            stated_by: AUTHOR.into(),
        }));
        for one in place.vervoer.into_iter().flatten() {
            let (row, postcodes, gemeenten) = vervoer_rows(one, id);
            self.vervoer.push(row);
            self.vervoer_postcodes.extend(postcodes);
            self.vervoer_gemeenten.extend(gemeenten);
        }
    }

    /// Writes all rows, parents first.
    pub(super) async fn write(self, tx: &DatabaseTransaction) -> Result<(), StoreError> {
        insert::<provider::Entity>(tx, self.providers).await?;
        insert::<location::Entity>(tx, self.locations).await?;
        insert::<location_facility::Entity>(tx, self.facilities).await?;
        insert::<care_group::Entity>(tx, self.groups).await?;
        insert::<care_group_capability::Entity>(tx, self.capabilities).await?;
        insert::<place::Entity>(tx, self.places).await?;
        insert::<place_leveringsvorm::Entity>(tx, self.leveringsvormen).await?;
        insert::<kwaliteitseis_claim::Entity>(tx, self.claims).await?;
        insert::<availability::Entity>(tx, self.availability).await?;
        insert::<vervoer::Entity>(tx, self.vervoer).await?;
        insert::<vervoer_postcode::Entity>(tx, self.vervoer_postcodes).await?;
        insert::<vervoer_gemeente::Entity>(tx, self.vervoer_gemeenten).await
    }
}
