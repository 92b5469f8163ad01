//! Two logeerplekken of which everything is known: one at a home (precision AREA), one in the open (EXACT).
//!
//! The demo leaves much unsaid, and its homes lie in the gemeente of their PC4, so that a mask could not be told from
//! the truth. So the rows of two demo places are completed here, and the home gets an address of its own.

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
            postcode: format!("{}ZZ", location_of(open.0, open.1).pc4),
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

impl Rows {
    async fn suggestion(&self) {
        let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
        let asked = json!({
            "question": { "care_form": "LOGEREN", "source": "Estimate", "quarter": null, "catchment":
                { "km": 30.0, "decay": "None", "method": "TwoStep" }, "supply": "Capacity", "filter": {},
                "spots_per_family": 0.25 },
            "region": "ZK23", "n": 1, "size": 4, "goal": "MostFamilies",
        });
        let answer = json!({
            "note": "Demo", "unmet_families": 3.0, "sites": [{ "cell": 0x0871_9692_31ff_ffff_u64, "gain": 3.0 }], "value": 3.0,
            "optimal": true, "bound": 3.0, "gap": 0.0,
        });
        let sql =
            "INSERT INTO site_suggestion (id, asked_by, asked, state, progress, answer, asked_at, seen_at, ended_at)
                   VALUES ($1, 'somebody else', $2, 'DONE', 1, $3, $4, $4, $4)";
        self.run(sql, [SUGGESTION.0.into(), asked.into(), answer.into(), now.into()]).await;
    }
}

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
            && distance_km(location.point, reference.postcodes[&location.pc4].point) > 0.2
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
    let Postcode { pc4, place_name, point, gemeente_code, .. } = &reference.postcodes[&location_of(bundle, place).pc4];
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
        provider_name: bundle.provider.name.clone(),
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

struct Rows(DatabaseConnection);

impl Rows {
    async fn open(database: &TestDatabase) -> Self {
        let mut options = ConnectOptions::new(&database.url);
        options.max_connections(1).sqlx_logging(false);
        Self(Database::connect(options).await.unwrap())
    }

    async fn close(self) {
        self.0.close().await.unwrap();
    }

    async fn run(&self, sql: &str, values: impl IntoIterator<Item = Value>) {
        let statement = Statement::from_sql_and_values(self.0.get_database_backend(), sql, values);
        self.0.execute_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Lets the holders of the first passports be signed in somewhere.
    async fn sign_in(&self) {
        let signed = "INSERT INTO session (id, passport_id, refresh_hash, client, created_at, used_at, expires_at) \
             SELECT $1, id, '-', 'Demo', $2, $2, $3 FROM passport WHERE number = $4";
        let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
        for (id, number) in (1..).zip(["DEMO-0001", "DEMO-0002", "DEMO-0003"]) {
            let until = now + TimeDelta::days(1);
            self.run(signed, [Uuid::from_u128(id).into(), now.into(), until.into(), number.into()]).await;
        }
    }

    /// Issues passports of a fixed term, `FRESH-0` and so on, which tests may use up.
    async fn issue_fresh(&self) {
        let id = match self.0.get_database_backend() {
            DbBackend::Postgres => "gen_random_uuid()",
            _ => "randomblob(16)",
        };
        let fresh = format!(
            "INSERT INTO passport (id, number, outcome, valid_from, valid_until, home_pc4, birth_year, reissue, version, \
             updated_at, updated_by) WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x < {FRESH}) \
             SELECT {id}, 'FRESH-' || x, 'ZEVMB_MET_HERBEOORDELING', $1, $2, '3511', 2018, $3, 1, $4, 'test' FROM n"
        );
        let (from, until) = (DEMO_DATE, DEMO_DATE + chrono::Days::new(700));
        let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
        self.run(&fresh, [from.into(), until.into(), false.into(), now.into()]).await;
        let full = "UPDATE passport SET number = $1, revoked_at = $2, revoked_reason = 'Demo', replaces_id = (SELECT id FROM \
             passport AS first WHERE first.number = 'DEMO-0001') WHERE number = $3";
        self.run(full, [FULL.into(), now.into(), format!("FRESH-{FRESH}").into()]).await;
        let seeks = "INSERT INTO passport_care_form (passport_id, care_form) SELECT id, 'LOGEREN' FROM passport WHERE number = $1";
        self.run(seeks, [FULL.into()]).await;
    }

    /// What makes a column of the ids of [`fresh_id`].
    fn fresh_ids(&self) -> &'static str {
        match self.0.get_database_backend() {
            DbBackend::Postgres => "('00000000-0000-7000-8000-' || lpad(to_hex(x), 12, '0'))::uuid",
            _ => "unhex('00000000000070008000' || printf('%012x', x))",
        }
    }

    /// Saves a search of the holder of the first passport, for which places have opened.
    async fn open_for_a_search(&self, places: [PlaceId; 2]) {
        let watch = Watch {
            near: Destination {
                point: Point::new(52.09, 5.12).unwrap(),
                pc4: "3511".parse().ok(),
                gemeente_code: None,
            },
            radius_km: Some(30.0),
            filter: Filter::default(),
        };
        let watch = Value::Json(Some(Box::new(serde_json::to_value(&watch).unwrap())));
        let asked = Value::Json(Some(Box::new(serde_json::json!({ "includeUnknown": false }))));
        let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
        let search = "INSERT INTO saved_search (id, passport_id, radius_km, asked, watch, saved_at) \
             SELECT $1, id, 30, $2, $3, $4 FROM passport WHERE number = 'DEMO-0001'";
        self.run(search, [fresh_id(0).into(), asked, watch, now.into()]).await;
        let alert = "INSERT INTO alert (search_seq, place_id, distance_km, opened_at) \
             SELECT seq, $2, 3.5, $3 FROM saved_search WHERE id = $1";
        for place in places {
            self.run(alert, [fresh_id(0).into(), place.0.into(), now.into()]).await;
        }
    }

    async fn fresh_contacts(&self, provider: ProviderId, location: LocationId) {
        let id = self.fresh_ids();
        let all =
            format!("WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x < {FRESH_CONTACTS}) ");
        let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
        let contacts = format!(
            "INSERT INTO contact (id, external_id, name, function, organisation, organisation_kind, provider_id, location_id, \
             email, phone, work_pc4, work_city, status, consent_on, consent_source, verified_at, due_on, version, updated_at, \
             updated_by) {all} SELECT {id}, 'vers-' || x, 'Demo Vers ' || x, 'begeleider', 'Demo Vers', 'ZORGAANBIEDER', $1, \
             $2, 'vers' || x || '@demo.example', '088 0000003', '3511', 'Utrecht', 'DRAFT', $3, 'formulier', $4, $5, 2, $4, \
             'test' FROM n"
        );
        let due = DEMO_DATE + chrono::Days::new(300);
        let values: [Value; 5] = [provider.0.into(), location.0.into(), DEMO_DATE.into(), now.into(), due.into()];
        self.run(&contacts, values).await;
        for (table, column, value) in [
            ("expertise", "expertise", "epilepsie"),
            ("gemeente", "gemeente_code", "GM0344"),
            ("region", "region_code", "ZK23"),
        ] {
            let lists = format!("INSERT INTO contact_{table} (contact_id, {column}) {all} SELECT {id}, $1 FROM n");
            self.run(&lists, [value.into()]).await;
        }
        let changes = format!(
            "INSERT INTO contact_change (contact_id, version, action, fields, changed_at, changed_by) {all} SELECT {id}, 2, \
             'EDIT', $1, $2, 'KENNISCENTRUM:test' FROM n"
        );
        let fields = json!([{ "field": "PHONE", "from": "088 0000009", "to": "088 0000003" }]);
        self.run(&changes, [fields.into(), now.into()]).await;
        let proposals = format!(
            "INSERT INTO contact_proposal (id, provider_id, fields, note, status, proposed_at, proposed_by) {all} \
             SELECT {id}, $1, $2, 'Demo', 'OPEN', $3, 'PROVIDER:test' FROM n"
        );
        let new = json!([{ "field": "NAME", "from": null, "to": "Demo Nieuw" },
            { "field": "ORGANISATION", "from": null, "to": "Demo Vers" },
            { "field": "ORGANISATION_KIND", "from": null, "to": "ZORGAANBIEDER" }]);
        self.run(&proposals, [provider.0.into(), new.into(), now.into()]).await;
    }

    /// A proposal of a provider that was decided long ago.
    async fn decided_proposal(&self, provider: ProviderId, contact: ContactId) {
        let row = "INSERT INTO contact_proposal (id, provider_id, contact_id, base_version, fields, note, status, reason, \
             proposed_at, proposed_by, decided_at, decided_by) VALUES ($1, $2, $3, 1, $4, 'Demo', 'REJECTED', 'Demo', $5, \
             'PROVIDER:test', $5, 'KENNISCENTRUM:test')";
        let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
        let fields = json!([{ "field": "NAME", "from": "Demo Oud", "to": "Demo Nieuw" }]);
        let history = "UPDATE contact_change SET fields = $2 WHERE contact_id = $1";
        self.run(history, [contact.0.into(), fields.clone().into()]).await;
        // Before all others.
        let id = Uuid::from_u128(provider.0.as_u128() >> 64);
        let values: [Value; 5] = [id.into(), provider.0.into(), contact.0.into(), fields.into(), now.into()];
        self.run(row, values).await;
    }

    /// Buildings, groups and places of a provider, and places off the map, with changes that wait for review.
    async fn fresh_objects(&self, from: u32, about: &Known) {
        let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
        let (cell, author) = (Cell::stored(about.area.point), "test");
        let location = "INSERT INTO location (id, provider_id, postcode, pc4, city, gemeente_code, lat, lng, precision, h3_cell, \
             withdrawn_at, version, updated_at, updated_by) VALUES ($1, $2, $3, $3, 'Demo Vers', $4, $5, $6, 'EXACT', $7, $8, 1, \
             $9, $10)";
        let building = |id: Uuid, gone: Option<DateTime<Utc>>| -> [Value; 10] {
            [
                id.into(),
                about.provider.0.into(),
                about.area.postcode.as_str().into(),
                about.area.gemeente.as_str().into(),
                about.area.point.lat().into(),
                about.area.point.lng().into(),
                cell.into(),
                gone.into(),
                now.into(),
                author.into(),
            ]
        };
        // The groups are in a building that is off the map: nobody finds their places among those that are asked about.
        let away = fresh_object(from + 4 * FRESH_OBJECTS);
        self.run(location, building(away, Some(now))).await;
        for number in from..from + FRESH_OBJECTS {
            let id = fresh_object(number);
            self.run(location, building(id, None)).await;
            let group = "INSERT INTO care_group (id, location_id, name, homogeneity, size, version, updated_at, updated_by) \
                 VALUES ($1, $2, 'Demo Vers', 'HETEROGENEOUS', 4, 1, $3, $4)";
            self.run(group, [id.into(), away.into(), now.into(), author.into()]).await;
            let place = "INSERT INTO place (id, care_group_id, name, care_form, capacity, vervoer_known, withdrawn_at, version, \
                 updated_at, updated_by) VALUES ($1, $2, 'Demo Vers', 'WONEN', 4, $3, $4, 1, $5, $6)";
            for (place_id, gone) in [(id, None), (fresh_object(number + 2 * FRESH_OBJECTS), Some(now))] {
                let values: [Value; 6] =
                    [place_id.into(), id.into(), false.into(), gone.into(), now.into(), author.into()];
                self.run(place, values).await;
            }
            if number < from + FRESH_REVIEWS {
                let review = "INSERT INTO review (id, provider_id, object_type, object_id, gemeente_code, fields, status, \
                     proposed_at, proposed_by, version) VALUES ($1, $2, 'LOCATION', $1, $3, $4, 'WAITING', $5, 'PROVIDER:test', 1)";
                let fields = serde_json::json!([{ "field": "CITY", "from": "Demo Vers", "to": "Demo Elders" }]);
                let values: [Value; 5] = [
                    id.into(),
                    about.provider.0.into(),
                    about.area.gemeente.as_str().into(),
                    fields.into(),
                    now.into(),
                ];
                self.run(review, values).await;
            }
        }
        let change = "INSERT INTO map_change (id, object_type, object_id, provider_id, version, field, from_value, to_value, \
             changed_at, changed_by) VALUES ($1, 'PLACE', $2, $3, 1, 'PHONE', $4, $5, $6, 'PROVIDER:test')";
        let [was, is] = ["088 0000009", "088 0000001"].map(|phone| Value::from(serde_json::json!(phone)));
        let id = fresh_object(from);
        self.run(change, [id.into(), about.place.0.into(), about.provider.0.into(), was, is, now.into()]).await;
    }

    /// A claim of a place, which parents confirm and dispute.
    async fn claimed(&self, about: &Known) {
        let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
        let claim = "INSERT INTO kwaliteitseis_claim (place_id, code, source, status, explanation, assessed_at) VALUES \
             ($1, '1.a', 'PROVIDER', 'MET', 'Demo: gezien.', $2) ON CONFLICT (place_id, code, source) DO UPDATE SET status = 'MET'";
        self.run(claim, [about.place.0.into(), now.into()]).await;
        let voice = "INSERT INTO claim_voice (passport_id, place_id, code, source, status, agrees) \
             SELECT id, $1, '1.a', 'PROVIDER', 'MET', $2 FROM passport WHERE number = $3";
        for number in 0..6 {
            let values: [Value; 3] = [about.place.0.into(), (number < 3).into(), format!("FRESH-{number}").into()];
            self.run(voice, values).await;
        }
    }

    /// A change of a provider that was decided long ago.
    async fn decided_review(&self, provider: ProviderId) {
        let row = "INSERT INTO review (id, provider_id, object_type, object_id, parent_id, gemeente_code, fields, note, status, \
             reason, proposed_at, proposed_by, decided_at, decided_by, version) VALUES ($1, $2, 'LOCATION', $1, $2, 'GM0344', $3, \
             'Demo', 'REJECTED', 'Demo', $4, 'PROVIDER:test', $4, 'KENNISCENTRUM:test', 2)";
        let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
        let fields = serde_json::json!([{ "field": "CITY", "from": "Demo Oud", "to": "Demo Nieuw" }]);
        // Before all others.
        let id = Uuid::from_u128(provider.0.as_u128() >> 64);
        self.run(row, [id.into(), provider.0.into(), fields.into(), now.into()]).await;
    }

    async fn write_address(&self, location: LocationId, address: &Address) {
        let set = "UPDATE location SET street = $2, house_number = $3, postcode = $4, city = $5, gemeente_code = $6, \
             lat = $7, lng = $8, h3_cell = $9 WHERE id = $1";
        let values: [Value; 9] = [
            location.0.into(),
            address.street.as_str().into(),
            address.house_number.as_str().into(),
            address.postcode.as_str().into(),
            address.city.as_str().into(),
            address.gemeente.as_str().into(),
            address.point.lat().into(),
            address.point.lng().into(),
            Cell::stored(address.point).into(),
        ];
        self.run(set, values).await;
    }

    /// Lets a contact of nobody on the map, with gemeenten and regions, work at a location.
    async fn employ(
        &self,
        bundle: &Bundle,
        location: LocationId,
        area: &Address,
        status: ContactStatus,
        contacts: &mut [Contact],
    ) -> ContactId {
        let fits = |one: &&mut Contact| {
            one.status == status
                && one.provider_id.is_none()
                && !one.gemeenten.is_empty()
                && (status != ContactStatus::Published || !one.regions.is_empty())
        };
        let contact = contacts.iter_mut().find(fits).expect("a contact of this status");
        contact.provider_id = Some(bundle.provider.id);
        contact.location_id = Some(location);
        let set = "UPDATE contact SET provider_id = $2, location_id = $3, organisation_kind = 'ZORGAANBIEDER', \
             function = 'begeleider', email = 'mens@demo.example', phone = '088 0000003', work_pc4 = $4, \
             work_city = $5, verified_at = $6, due_on = $7, external_id = $8, consent_on = $7, consent_source = 'formulier' WHERE id = $1";
        let verified: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now() - TimeDelta::days(9);
        // Longest due of all.
        let due = DEMO_DATE - chrono::Days::new(300);
        let values: [Value; 8] = [
            contact.id.0.into(),
            bundle.provider.id.0.into(),
            location.0.into(),
            area.postcode.as_str().into(),
            area.city.as_str().into(),
            verified.into(),
            due.into(),
            format!("demo-{}", contact.id.0.simple()).into(),
        ];
        self.run(set, values).await;
        contact.id
    }
}
