//! The rows that make known what is known.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, Value};
use serde_json::json;
use uuid::Uuid;
use zorgkaart::{
    care::{
        alert::Watch,
        contact::Contact,
        filter::Filter,
        id::{ContactId, LocationId, PlaceId, ProviderId},
        place::Bundle,
        vervoer::Destination,
        vocabulary::ContactStatus,
    },
    clock::Clock,
    geo::{Cell, Point},
};

use super::{
    Address, FRESH, FRESH_CONTACTS, FRESH_OBJECTS, FRESH_REVIEWS, FULL, Known, SUGGESTION, fresh_id, fresh_object,
};
use crate::support::databases::{DEMO_DATE, TestDatabase};

/// A connection to the database of a test.
pub(super) struct Rows(DatabaseConnection);

impl Rows {
    pub(super) async fn open(database: &TestDatabase) -> Self {
        let mut options = ConnectOptions::new(&database.url);
        options.max_connections(1).sqlx_logging(false);
        Self(Database::connect(options).await.unwrap())
    }

    pub(super) async fn close(self) {
        self.0.close().await.unwrap();
    }

    pub(super) async fn run(&self, sql: &str, values: impl IntoIterator<Item = Value>) {
        let statement = Statement::from_sql_and_values(self.0.get_database_backend(), sql, values);
        self.0.execute_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Lets the holders of the first passports be signed in somewhere.
    pub(super) async fn sign_in(&self) {
        let signed = "INSERT INTO session (id, passport_id, refresh_hash, client, created_at, used_at, expires_at) \
             SELECT $1, id, '-', 'Demo', $2, $2, $3 FROM passport WHERE number = $4";
        let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
        for (id, number) in (1..).zip(["DEMO-0001", "DEMO-0002", "DEMO-0003"]) {
            let until = now + TimeDelta::days(1);
            self.run(signed, [Uuid::from_u128(id).into(), now.into(), until.into(), number.into()]).await;
        }
    }

    /// Issues passports of a fixed term, `FRESH-0` and so on, which tests may use up.
    pub(super) async fn issue_fresh(&self) {
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
    pub(super) fn fresh_ids(&self) -> &'static str {
        match self.0.get_database_backend() {
            DbBackend::Postgres => "('00000000-0000-7000-8000-' || lpad(to_hex(x), 12, '0'))::uuid",
            _ => "unhex('00000000000070008000' || printf('%012x', x))",
        }
    }

    /// Saves a search of the holder of the first passport, for which places have opened.
    pub(super) async fn open_for_a_search(&self, places: [PlaceId; 2]) {
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

    pub(super) async fn fresh_contacts(&self, provider: ProviderId, location: LocationId) {
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
    pub(super) async fn decided_proposal(&self, provider: ProviderId, contact: ContactId) {
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
    pub(super) async fn fresh_objects(&self, from: u32, about: &Known) {
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
    pub(super) async fn claimed(&self, about: &Known) {
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
    pub(super) async fn decided_review(&self, provider: ProviderId) {
        let row = "INSERT INTO review (id, provider_id, object_type, object_id, parent_id, gemeente_code, fields, note, status, \
             reason, proposed_at, proposed_by, decided_at, decided_by, version) VALUES ($1, $2, 'LOCATION', $1, $2, 'GM0344', $3, \
             'Demo', 'REJECTED', 'Demo', $4, 'PROVIDER:test', $4, 'KENNISCENTRUM:test', 2)";
        let now: DateTime<Utc> = Clock::standing_on(DEMO_DATE).now();
        let fields = serde_json::json!([{ "field": "CITY", "from": "Demo Oud", "to": "Demo Nieuw" }]);
        // Before all others.
        let id = Uuid::from_u128(provider.0.as_u128() >> 64);
        self.run(row, [id.into(), provider.0.into(), fields.into(), now.into()]).await;
    }

    pub(super) async fn write_address(&self, location: LocationId, address: &Address) {
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
    pub(super) async fn employ(
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

    /// A proposal where places would help, which somebody else asked for.
    pub(super) async fn suggestion(&self) {
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
