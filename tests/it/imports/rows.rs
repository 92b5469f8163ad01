//! What rows do.

use std::{io::Write, sync::Mutex};

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use zorgkaart::{
    auth::Scope,
    care::{contact::file::Reason, id::ProviderId},
    graphql::id::GlobalId,
    store::{Access, ImportOptions, Phase},
};

use super::{Bulk, counts};
use crate::support::databases::on_both_databases;

const HEADER: &str = "external_id,name,organisation,organisation_kind,email,expertise,gemeenten,status,consent_on,\
                      consent_source\n";

/// Two new entries: a draft, and one that is published at once.
fn two() -> String {
    format!(
        "{HEADER}D-1,Demo Zonneling,Demo Loket,GEMEENTE,een@loket.example,sondevoeding;epilepsie,GM0344,,,\n\
         D-2,\"Demo \"\"Twee\"\", A.\",Demo Huis,ZORGAANBIEDER,,,,PUBLISHED,2026-11-30,formulier\n"
    )
}

async fn found(bulk: &Bulk, words: &str) -> Value {
    let question = format!(
        "{{ contacts(filter: {{ text: \"{words}\" }}, first: 10) {{ edges {{ node {{ name email expertise \
         gemeenten {{ code }} }} }} }} }}"
    );
    let edges = bulk.service.ask(Some(&bulk.token), &question).await.data("/contacts/edges");
    edges.as_array().unwrap().iter().map(|edge| edge["node"].clone()).collect()
}

/// A place of the demo, and whose it is.
async fn place(bulk: &Bulk) -> (String, ProviderId) {
    let question = "{ placesNear(near: { postcode: \"3511\" }, first: 1) { edges { node { id provider { id } } } } }";
    let node = bulk.service.ask(None, question).await.data("/placesNear/edges/0/node");
    match GlobalId::parse(node["provider"]["id"].as_str().unwrap()) {
        Some(GlobalId::Provider(provider)) => (node["id"].as_str().unwrap().to_owned(), provider),
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    async fn a_file_makes_and_changes_entries_once(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        let before = bulk.state().await;
        assert_eq!(bulk.import("?dryRun=true", &two()).await, json!([2, 2, 0, 0, 0]));
        assert_eq!(bulk.state().await, before, "a dry run");
        assert_eq!(bulk.import("", &two()).await, json!([2, 2, 0, 0, 0]));
        let made = bulk.state().await;
        assert_eq!(made, [before[0] + 2, before[1] + 2, before[2] + 2]);
        assert_eq!(
            found(&bulk, "demo zonneling").await,
            json!([{ "name": "Demo Zonneling", "email": "een@loket.example", "expertise": ["epilepsie", "sondevoeding"],
                     "gemeenten": [{ "code": "GM0344" }] }])
        );
        assert_eq!(found(&bulk, "demo \\\"twee\\\"").await[0]["name"], "Demo \"Twee\", A.");
        let holder = bulk.service.holder("DEMO-0001").await;
        let question = r#"{ contacts(filter: { text: "demo \"twee\"" }, first: 10) { edges { node { name } } } }"#;
        assert!(bulk.service.ask(Some(&holder), question).await.text.contains("Twee"), "published");

        // The same again changes nothing, and leaves nothing.
        assert_eq!(bulk.import("", &two()).await, json!([2, 0, 0, 2, 0]));
        assert_eq!(bulk.state().await, made);
        // What a file has no column for stays; an empty cell takes away.
        let changed = "name,external_id,organisation_kind,organisation,email\nDemo Zonneling,D-1,GEMEENTE,Demo Loket,\n";
        assert_eq!(bulk.import("", changed).await, json!([1, 0, 1, 0, 0]));
        assert_eq!(bulk.state().await, [made[0], made[1] + 1, made[2] + 1]);
        let one = &found(&bulk, "demo zonneling").await[0];
        assert_eq!((&one["email"], &one["expertise"]), (&Value::Null, &json!(["epilepsie", "sondevoeding"])));
        let lists = "external_id,name,organisation,organisation_kind,expertise,gemeenten\n\
                     D-1,Demo Zonneling,Demo Loket,GEMEENTE,tillen,\n";
        assert_eq!(bulk.import("", lists).await, json!([1, 0, 1, 0, 0]));
        let one = &found(&bulk, "demo zonneling").await[0];
        assert_eq!((&one["gemeenten"], &one["expertise"]), (&json!([]), &json!(["tillen"])));

        // Each change is in the history of its entry.
        let history = "select count(*) from contact_change h join contact c on c.id = h.contact_id where \
                       h.action = 'IMPORT' and h.changed_by = 'KENNISCENTRUM:kenniscentrum' and c.external_id";
        assert_eq!(bulk.count(&format!("{history} = 'D-1'")).await, 3);
        assert_eq!(bulk.count(&format!("{history} = 'D-2'")).await, 1);
        assert_eq!(bulk.count("select count(*) from contact_change where version = 3").await, 1);
        assert_eq!(bulk.count("select count(*) from contact where external_id = 'D-1' and version = 3").await, 1);
    }

    async fn an_entry_is_published_withdrawn_and_left_alone(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        bulk.import("", &two()).await;
        let status = async |row: &str| {
            let head = "external_id,name,organisation,organisation_kind,status,consent_on,consent_source\n";
            bulk.send("", format!("{head}{row}\n")).await
        };
        let published = status("D-1,Demo Zonneling,Demo Loket,GEMEENTE,PUBLISHED,2026-11-01,telefoongesprek").await;
        assert_eq!(counts(&published.json()), json!([1, 0, 1, 0, 0]));
        // A later consent takes the place of the first, an older one does not; nothing said leaves it.
        assert_eq!(status("D-1,Demo Zonneling,Demo Loket,GEMEENTE,,2026-10-31,formulier").await.status, 422);
        let again = status("D-1,Demo Zonneling,Demo Loket,GEMEENTE,,2026-12-01,formulier").await;
        assert_eq!(counts(&again.json()), json!([1, 0, 1, 0, 0]));
        assert_eq!(counts(&status("D-1,Demo Zonneling,Demo Loket,GEMEENTE,,,").await.json()), json!([1, 0, 0, 1, 0]));
        let consent = "select count(*) from contact where external_id = 'D-1' and consent_source = 'formulier' and status";
        assert_eq!(bulk.count(&format!("{consent} = 'PUBLISHED'")).await, 1);
        let withdrawn = status("D-1,Demo Zonneling,Demo Loket,GEMEENTE,WITHDRAWN,,").await;
        assert_eq!(counts(&withdrawn.json()), json!([1, 0, 1, 0, 0]));
        let other = "withdrawn_on = '2026-12-01' and withdrawal_reason = 'OTHER' and status";
        assert_eq!(bulk.count(&format!("select count(*) from contact where {other} = 'WITHDRAWN' and external_id = 'D-1'")).await, 1);
        assert_eq!(counts(&status("D-1,Demo Zonneling,Demo Loket,GEMEENTE,WITHDRAWN,,").await.json()), json!([1, 0, 0, 1, 0]));
        for row in ["D-1,Demo Zonneling,Demo Loket,GEMEENTE,PUBLISHED,2026-12-01,formulier", "D-1,Demo Ander,Demo Loket,GEMEENTE,,,"] {
            assert_eq!(status(row).await.status, 422);
        }
    }

    async fn a_place_says_where_somebody_works(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        let (place, provider) = place(&bulk).await;
        let head = "external_id,name,organisation,organisation_kind";
        let row = "D-1,Demo Een,Demo Huis,ZORGAANBIEDER";
        let works = async || {
            let at = "select count(*) from contact where external_id = 'D-1' and provider_id is not null and location_id";
            [bulk.count(&format!("{at} is not null")).await, bulk.count(&format!("{at} is null")).await]
        };
        bulk.import("", &format!("{head},place\n{row},{place}\n")).await;
        assert_eq!(works().await, [1, 0]);
        let question = format!("{{ place(id: \"{place}\") {{ contacts {{ name }} }} }}");
        assert!(bulk.service.ask(Some(&bulk.token), &question).await.text.contains("Demo Een"));
        // The same provider without a word of the place: the building stays. An empty place takes it away.
        let own = GlobalId::Provider(provider).to_string();
        let both = |place: &str| format!("{head},provider,place\n{row},{own},{place}\n");
        assert_eq!(bulk.import("", &format!("{head},provider\n{row},{own}\n")).await, json!([1, 0, 0, 1, 0]));
        assert_eq!(bulk.import("", &both(&place)).await, json!([1, 0, 0, 1, 0]));
        assert_eq!(bulk.import("", &both("")).await, json!([1, 0, 1, 0, 0]));
        assert_eq!(works().await, [0, 1]);
        bulk.import("", &both(&place)).await;
        assert_eq!(bulk.import("", &format!("{head},provider\n{row},\n")).await, json!([1, 0, 1, 0, 0]));
        assert_eq!(works().await, [0, 0]);
        // A provider that is not the place's is a mistake.
        let view = bulk.service.store.view(Scope::anonymous(), bulk.service.clock.now());
        let other = view.providers_by_name().map(|(_, id)| *id).find(|id| *id != provider).unwrap();
        let other = GlobalId::Provider(other).to_string();
        let wrong = bulk.mistakes(format!("{head},provider,place\n{row},{other},{place}\n")).await;
        assert_eq!(wrong, [(2, "provider".to_owned(), "the place is not one of this provider".to_owned())]);
    }

    async fn an_import_is_recorded_without_what_it_says(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        bulk.import("?dryRun=true", &two()).await;
        bulk.import("", &two()).await;
        bulk.import("", &two()).await;
        bulk.import("", &two().replace("een@", "eentje@")).await;
        bulk.send("", format!("{HEADER}x\n")).await;
        let question = "select count(*) from audit_event where purpose = 'importContacts' and outcome = 'success' and \
                        actor = 'kenniscentrum' and auth_method = 'bearer' and ";
        for (rest, expected) in [
            ("event_type = 'read' and result_count = 0", 3),
            ("event_type = 'create' and result_count = 2", 1),
            ("event_type = 'update' and result_count = 1", 1),
            ("cast(objects as text) like '%EMAIL%'", 1),
            ("cast(objects as text) like '%Demo%'", 0),
            ("cast(objects as text) like '%loket%'", 0),
        ] {
            assert_eq!(bulk.count(&format!("{question}{rest}")).await, expected, "{rest}");
        }
        let named = "select count(*) from audit_object o join contact c on o.object_id = ";
        let hex = if bulk.is_postgres() {
            "replace(cast(c.id as text), '-', '')"
        } else {
            "lower(hex(c.id))"
        };
        assert_eq!(bulk.count(&format!("{named}{hex} where o.object_type = 'contact' and c.external_id = 'D-1'")).await, 2);
        let verdict = bulk.service.store.database().verify_trail(None, |_| {}).await.unwrap();
        assert!(verdict.faults.is_empty() && verdict.records == 5, "{verdict:?}");
    }

    async fn whoever_changes_an_entry_between_the_readings_is_not_overwritten(db: TestDatabase) {
        let url = db.url.clone();
        let bulk = Bulk::of(db).await;
        bulk.import("", &two()).await;
        let mut file = tempfile::tempfile().unwrap();
        let head = "external_id,name,organisation,organisation_kind,version\n";
        write!(file, "{head}D-1,Demo Anders,Demo Loket,GEMEENTE,1\nD-3,Demo Drie,Demo Loket,GEMEENTE,\n").unwrap();
        let before = bulk.state().await;
        let phases = Mutex::new(Vec::new());
        let change = "update contact set version = 7 where external_id = 'D-1'";
        let progress = |phase, _| {
            phases.lock().unwrap().push(phase);
            if phase == Phase::Checking {
                let url = url.clone();
                let changing = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async {
                        let connection = sea_orm::Database::connect(url).await.unwrap();
                        connection.execute_unprepared(change).await.unwrap();
                    });
                });
                changing.join().unwrap();
            }
        };
        let service = &bulk.service;
        let view = service.store.view(Scope::operator(), service.clock.now());
        let options = ImportOptions::default();
        let report =
            service.store.import_contacts(&view, &Access::default(), &file, options, &progress).await.unwrap();
        assert_eq!((report.applied, report.bad, report.created), (false, 1, 1));
        assert_eq!(report.mistakes.len(), 1);
        assert_eq!((report.mistakes[0].line, report.mistakes[0].reason), (2, Reason::Outdated));
        assert_eq!(*phases.lock().unwrap(), [Phase::Checking, Phase::Writing]);
        assert_eq!(bulk.state().await, [before[0], before[1], before[2] + 6], "nothing of the file");
    }

    async fn two_at_the_same_time_lose_nothing(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        let rows: Vec<String> =
            (0..300).map(|n| format!("T-{n},Demo Tegelijk {n},Demo Loket,GEMEENTE,,,,,,")).collect();
        let file = format!("{HEADER}{}\n", rows.join("\n"));
        let (one, other) = tokio::join!(bulk.send("", file.clone()), bulk.send("", file.clone()));
        let done = [&one, &other].into_iter().filter(|answer| answer.status == 200).count();
        for answer in [&one, &other] {
            assert!(answer.status == 200 || answer.code() == "UNAVAILABLE", "{}", answer.text);
        }
        assert!(done > 0);
        assert_eq!(bulk.count("select count(*) from contact where external_id like 'T-%'").await, 300);
        assert_eq!(bulk.import("", &file).await, json!([300, 0, 0, 300, 0]));
    }
}

impl Bulk {
    fn is_postgres(&self) -> bool {
        self.database.get_database_backend() == sea_orm::DbBackend::Postgres
    }
}
