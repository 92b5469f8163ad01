//! Two logeerplekken of which everything is known: one at a home (precision AREA), one in the open (EXACT).
//!
//! The demo leaves much unsaid, and its homes lie in the gemeente of their PC4, so that a mask could not be told from
//! the truth. So the rows of two demo places are completed here, and the home gets an address of its own.

mod rows;

use std::sync::{Arc, atomic::AtomicU32};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, Value};
use serde_json::json;
use uuid::Uuid;
use zorgkaart::{
    care::{
        alert::Watch,
        contact::Contact,
        demo::{Demo, demo},
        filter::Filter,
        id::{ContactId, LocationId, PlaceId, ProviderId, SuggestionId},
        place::{Bundle, Place},
        reference::{Postcode, Reference},
        shipped::reference,
        vervoer::Destination,
        vocabulary::{CareForm, ContactStatus, ProviderKind},
    },
    clock::Clock,
    geo::{Area, Cell, Point, distance::distance_km},
    graphql::id::GlobalId,
};

use super::databases::{DEMO_DATE, TestDatabase};
use rows::Rows;

/// An address, as somebody who may see it reads it.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) street: String,
    pub(crate) house_number: String,
    pub(crate) postcode: String,
    pub(crate) city: String,
    pub(crate) gemeente: String,
    pub(crate) region: String,
    pub(crate) point: Point,
}

/// A place of which everything is known, and what belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) place: PlaceId,
    pub(crate) provider: ProviderId,
    pub(crate) provider_name: String,
    pub(crate) location: LocationId,
    /// Some dagbesteding.
    pub(crate) dagbesteding: PlaceId,
    /// Where it is.
    pub(crate) address: Address,
    /// Where it is, as its PC4 says.
    pub(crate) area: Address,
    pub(crate) kvk_number: String,
    pub(crate) website: String,
    /// Those who work there: a draft, a published and a withdrawn entry.
    pub(crate) contacts: [ContactId; 3],
    /// How often somebody has tried to change it.
    pub(crate) changes: Arc<AtomicU32>,
    /// How many buildings, groups, places, places off the map and reviews were used up.
    pub(crate) used: Arc<[AtomicU32; 5]>,
}

/// The demo with the two of them.
pub(crate) struct KnownPlaces {
    pub(crate) home: Known,
    pub(crate) open: Known,
    /// The contactenbestand after the change.
    pub(crate) contacts: Vec<Contact>,
    /// A provider that none of this is of.
    pub(crate) stranger: ProviderId,
    pub(crate) reference: Reference,
}

/// How many passports there are to use up.
pub(crate) const FRESH: u32 = 300;
/// How many contacts, and how many proposals, there are to use up: version 2, with a change that can be undone.
pub(crate) const FRESH_CONTACTS: u32 = 3_000;

/// How many buildings, groups, places and places off the map each of the two providers has to use up, of version 1.
pub(crate) const FRESH_OBJECTS: u32 = 200;
/// How many changes of each of the two providers wait for review, to use up.
pub(crate) const FRESH_REVIEWS: u32 = 150;

/// The number of a passport of which everything is known that can be.
pub(crate) const FULL: &str = "FULL-1";

/// An area that vervoer reaches, near nobody.
const DRAWN: &str = r#"{"type":"Polygon","coordinates":[[[5,52],[5.1,52],[5.1,52.1],[5,52]]]}"#;

const STATUSES: [ContactStatus; 3] = [ContactStatus::Draft, ContactStatus::Published, ContactStatus::Withdrawn];

impl Known {
    pub(crate) fn place_id(&self) -> String {
        GlobalId::Place(self.place).to_string()
    }

    pub(crate) fn provider_id(&self) -> String {
        GlobalId::Provider(self.provider).to_string()
    }

    pub(crate) fn dagbesteding_id(&self) -> String {
        GlobalId::Place(self.dagbesteding).to_string()
    }

    /// The entry that is published.
    pub(crate) fn contact_id(&self) -> String {
        GlobalId::Contact(self.contacts[1]).to_string()
    }
}

impl KnownPlaces {
    /// Completes the two places in `database`.
    pub(crate) async fn prepare(database: &TestDatabase) -> Self {
        let reference = reference().unwrap();
        let Demo { bundles, mut contacts, .. } = demo(&reference, 1, DEMO_DATE).unwrap();
        let db = Rows::open(database).await;
        db.run("UPDATE passport_agreement SET since = $1", [DEMO_DATE.into()]).await;
        db.sign_in().await;
        db.issue_fresh().await;
        let home = chosen(&bundles, ProviderKind::Zzp, &reference);
        let open = chosen(&bundles, ProviderKind::Kleinschalig, &reference);
        let stranger = bundles.iter().rfind(|bundle| bundle.provider.kind == ProviderKind::Kleinschalig).unwrap();
        assert_ne!(stranger.provider.id, open.0.provider.id);

        let home_area = area(home.0, home.1, &reference);
        let away = reference.gemeenten.values().find(|gemeente| gemeente.region_code != home_area.region).unwrap();
        let hidden = Address {
            street: "Demo Geheimlaan".into(),
            house_number: "4711bis".into(),
            postcode: format!("{}ZX", home_area.postcode),
            city: "Demo Geheimstad".into(),
            gemeente: away.code.clone(),
            region: away.region_code.clone(),
            point: location_of(home.0, home.1).point,
        };
        assert!(distance_km(hidden.point, home_area.point) > 0.2, "this home lies too near to the point of its PC4");
        let shown = Address {
            street: "Demo Openbareweg".into(),
            house_number: "12".into(),
            postcode: format!("{}ZZ", location_of(open.0, open.1).postcode.pc4()),
            point: location_of(open.0, open.1).point,
            ..area(open.0, open.1, &reference)
        };
        let dagbesteding = bundles.iter().flat_map(|bundle| &bundle.places);
        let dagbesteding = dagbesteding.filter(|place| place.care_form == CareForm::Dagbesteding).map(|place| place.id);
        let dagbesteding = dagbesteding.min().unwrap();
        let home = complete(&db, home, (hidden, home_area), ("0998", dagbesteding), &mut contacts).await;
        let open_area = area(open.0, open.1, &reference);
        let open = complete(&db, open, (shown, open_area), ("0999", dagbesteding), &mut contacts).await;
        db.close().await;
        Self { home, open, contacts, stranger: stranger.provider.id, reference }
    }
}

/// The id of a contact, or a proposal, to use up.
pub(crate) fn fresh_id(number: u32) -> Uuid {
    Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0000 + u128::from(number))
}

/// The id of a building, group, place or review to use up; after those of all others.
pub(crate) fn fresh_object(number: u32) -> Uuid {
    Uuid::from_u128(0xffff_ffff_ffff_7fff_8000_0000_0000_0000 + u128::from(number))
}

/// Adds contacts and proposals that tests may use up, of a provider that nothing else is about.
pub(crate) async fn add_fresh_contacts(database: &TestDatabase, known: &KnownPlaces) {
    let db = Rows::open(database).await;
    let Demo { bundles, .. } = demo(&known.reference, 1, DEMO_DATE).unwrap();
    let others = [known.home.provider, known.open.provider, known.stranger];
    let bundle = bundles.iter().find(|bundle| !others.contains(&bundle.provider.id)).unwrap();
    let location = location_of(bundle, &bundle.places[0]).id;
    db.fresh_contacts(bundle.provider.id, location).await;
    // One of them works for the stranger.
    let theirs = ContactId(fresh_id(FRESH_CONTACTS - 1));
    let moved = "UPDATE contact SET provider_id = $2, location_id = NULL WHERE id = $1";
    db.run(moved, [theirs.0.into(), known.stranger.0.into()]).await;
    db.open_for_a_search([known.home.place, known.open.place]).await;
    for (provider, contact) in others.into_iter().zip([known.home.contacts[1], known.open.contacts[1], theirs]) {
        db.decided_proposal(provider, contact).await;
    }
    for (from, about) in [(0, &known.home), (FRESH_OBJECTS, &known.open)] {
        db.fresh_objects(from, about).await;
        db.claimed(about).await;
    }
    for provider in others {
        db.decided_review(provider).await;
    }
    db.suggestion().await;
    db.close().await;
}

/// A proposal where places would help, which somebody else asked for.
pub(crate) const SUGGESTION: SuggestionId = SuggestionId(Uuid::from_u128(0x0193_a1f0_0000_7000_8000_0000_0000_0001));

/// Writes the true address of a location.
pub(crate) async fn move_to(database: &TestDatabase, location: LocationId, address: &Address) {
    let db = Rows::open(database).await;
    db.write_address(location, address).await;
    db.close().await;
}

/// Withdraws a location.
pub(crate) async fn withdraw(database: &TestDatabase, location: LocationId) {
    let db = Rows::open(database).await;
    let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
    db.run("UPDATE location SET withdrawn_at = $2 WHERE id = $1", [location.0.into(), now.into()]).await;
    db.close().await;
}

/// Leaves a place with one vervoer arrangement that states its reach as a radius alone.
pub(crate) async fn reach_by_radius(database: &TestDatabase, place: PlaceId, radius_km: f64) {
    let db = Rows::open(database).await;
    for table in ["vervoer_postcode", "vervoer_gemeente"] {
        let of_place = format!("DELETE FROM {table} WHERE vervoer_id IN (SELECT id FROM vervoer WHERE place_id = $1)");
        db.run(&of_place, [place.0.into()]).await;
    }
    let others =
        "DELETE FROM vervoer WHERE place_id = $1 AND id <> (SELECT id FROM vervoer WHERE place_id = $1 LIMIT 1)";
    db.run(others, [place.0.into()]).await;
    let reach =
        "UPDATE vervoer SET radius_km = $2, area_outline = NULL, area_cells = NULL, trips = NULL WHERE place_id = $1";
    db.run(reach, [place.0.into(), radius_km.into()]).await;
    db.close().await;
}

/// The first demo place of a kind of provider that already says most, and its provider.
fn chosen<'a>(bundles: &'a [Bundle], kind: ProviderKind, reference: &Reference) -> (&'a Bundle, &'a Place) {
    let says_most = |bundle: &&Bundle, place: &&Place| {
        let group = bundle.groups.iter().find(|group| group.id == place.care_group_id).unwrap();
        let location = location_of(bundle, place);
        place.care_form == CareForm::Logeren
            && place.leveringsvormen.is_some()
            && place.vervoer.as_ref().is_some_and(|vervoer| !vervoer.is_empty())
            && !place.availability.is_empty()
            && !place.claims.is_empty()
            && !group.capabilities.is_empty()
            && !location.facilities.is_empty()
            && distance_km(location.point, reference.postcodes[&location.postcode.pc4()].point) > 0.2
    };
    bundles
        .iter()
        .filter(|bundle| bundle.provider.kind == kind && bundle.places.len() <= 3)
        .find_map(|bundle| Some((bundle, bundle.places.iter().find(|place| says_most(&bundle, place))?)))
        .expect("a place that says most")
}

fn location_of<'a>(bundle: &'a Bundle, place: &Place) -> &'a zorgkaart::care::place::Location {
    let group = bundle.groups.iter().find(|group| group.id == place.care_group_id).unwrap();
    bundle.locations.iter().find(|location| location.id == group.location_id).unwrap()
}

/// What the PC4 of a place says.
fn area(bundle: &Bundle, place: &Place, reference: &Reference) -> Address {
    let Postcode { pc4, place_name, point, gemeente_code, .. } =
        &reference.postcodes[&location_of(bundle, place).postcode.pc4()];
    Address {
        street: String::new(),
        house_number: String::new(),
        postcode: pc4.to_string(),
        city: place_name.clone(),
        gemeente: gemeente_code.clone(),
        region: reference.gemeenten[gemeente_code].region_code.clone(),
        point: *point,
    }
}

/// States everything of a place that can be stated.
async fn complete(
    db: &Rows,
    (bundle, place): (&Bundle, &Place),
    (address, area): (Address, Address),
    (number, dagbesteding): (&str, PlaceId),
    contacts: &mut [Contact],
) -> Known {
    let location = location_of(bundle, place).id;
    let stated: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now() - TimeDelta::days(3);
    let id = Value::from(place.id.0);
    let set_place = "UPDATE place SET phone = '088 0000001', email = 'plek@demo.example', min_age = 4, max_age = 40, \
         waiting_list_length = 3, waiting_list_weeks = 26, waiting_list_updated_at = $2, confirmed_at = $2 \
         WHERE id = $1";
    db.run(set_place, [id.clone(), stated.into()]).await;
    db.run("UPDATE availability SET free = 1 WHERE place_id = $1", [id.clone()]).await;
    db.run("UPDATE kwaliteitseis_claim SET explanation = 'Demo: gezien.' WHERE place_id = $1", [id.clone()]).await;
    let set_vervoer = "UPDATE vervoer SET radius_km = 10, bags_and_aids = $2, power_sockets = $2, nurse_aboard = $2, \
         wheelchairs = 2, oxygen = $2, medicine_fridge = $2, air_conditioning = $2, paid_by = 'ouders', \
         area_outline = $3, area_cells = $4, trips = $5 WHERE place_id = $1";
    let drawn = Area::from_geojson(DRAWN).unwrap();
    let trips = json!([{ "from": "HOME", "pick_up": [{ "weekdays": ["Fri"], "from": "15:00:00", "to": "18:00:00" }] },
        { "from": "DAGBESTEDING", "pick_up": [] }]);
    let values = [id.clone(), true.into(), drawn.outline().into(), drawn.cells().into(), trips.into()];
    db.run(set_vervoer, values).await;
    for (table, column, value) in
        [("vervoer_postcode", "pc4", &area.postcode), ("vervoer_gemeente", "gemeente_code", &area.gemeente)]
    {
        let reached = format!(
            "INSERT INTO {table} (vervoer_id, {column}) SELECT id, $2 FROM vervoer WHERE place_id = $1 \
             AND NOT EXISTS (SELECT 1 FROM {table} WHERE vervoer_id = vervoer.id AND {column} = $2)"
        );
        db.run(&reached, [id.clone(), value.as_str().into()]).await;
    }
    let set_group = "UPDATE care_group SET staff_per_ten = 6.5, nurses = 2, challenging_behaviour_excluded = $2 \
         WHERE id = $1";
    db.run(set_group, [place.care_group_id.0.into(), true.into()]).await;
    let kvk_number = format!("{number}1234");
    let website = format!("https://geheim{number}.example");
    let set_provider = "UPDATE provider SET phone = '088 0000002', email = 'zorg@demo.example', website = $2, \
         kvk_number = $3, agb_code = '00000099' WHERE id = $1";
    db.run(set_provider, [bundle.provider.id.0.into(), website.as_str().into(), kvk_number.as_str().into()]).await;
    db.write_address(location, &address).await;
    let mut at_place = [ContactId(Uuid::nil()); 3];
    for (at, status) in at_place.iter_mut().zip(STATUSES) {
        *at = db.employ(bundle, location, &area, status, contacts).await;
    }
    Known {
        place: place.id,
        provider: bundle.provider.id,
        provider_name: bundle.provider.name.to_string(),
        location,
        dagbesteding,
        address,
        area,
        kvk_number,
        website,
        contacts: at_place,
        changes: Arc::default(),
        used: Arc::default(),
    }
}
