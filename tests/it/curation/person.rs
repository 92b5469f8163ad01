//! The rights of a person in the contactenbestand: to know, and to be forgotten.

use std::{process::Output, sync::Arc};

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use zorgkaart::{auth::Subject, graphql::id::GlobalId, store::Erased};

use super::{Curator, found};
use crate::support::{
    databases::{TestDatabase, on_both_databases},
    program::program,
    service::Service,
};

/// What `zorgkaart contact export` prints for an address.
fn export(database: &TestDatabase, email: &str) -> Value {
    exported(database, &["--email", email]).0
}

/// What `zorgkaart contact export` prints, and what it says beside.
fn exported(database: &TestDatabase, whose: &[&str]) -> (Value, String) {
    let directory = tempfile::tempdir().unwrap();
    let Output { status, stdout, stderr } = program(directory.path())
        .env("DATABASE_URL", &database.url)
        .args(["contact", "export"])
        .args(whose)
        .output()
        .unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    let export: Value = serde_json::from_slice(&stdout).unwrap();
    let nothing = export["entries"] == json!([]) && export["proposals"] == json!([]);
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(said.contains("Nothing is held"), nothing);
    (export, said)
}

async fn connect(database: &TestDatabase) -> DatabaseConnection {
    sea_orm::Database::connect(&database.url).await.unwrap()
}

async fn run(connection: &DatabaseConnection, sql: &str) {
    connection.execute_unprepared(sql).await.unwrap();
}

/// The rows of a query as text, in any order.
async fn texts(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    let mut texts: Vec<String> = rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect();
    texts.sort_unstable();
    texts
}

on_both_databases! {
    async fn a_person_gets_all_that_is_held_and_who_read_it(db: TestDatabase) {
        let db = Arc::new(db);
        let service = Service::start(Arc::clone(&db)).await;
        let curator = Curator::of(&service);
        let provider = service.first_provider().await;
        let own = GlobalId::Provider(provider).to_string();
        let entry = curator.publish(&curator.add(json!({ "provider": own, "organisationKind": "ZORGAANBIEDER" })).await).await;
        let input = json!({ "contact": entry["id"], "expectedVersion": 2, "set": { "email": "nieuw@noord.example" } });
        curator.change("editContact", input).await.data("/editContact/version");
        let holder = service.holder("DEMO-0001").await;
        assert_eq!(found(&service, &holder, "alida").await.len(), 1);
        let staff = Curator { service: &service, token: service.token(&Subject::Provider(provider)) };
        let propose = "mutation($input: ProposeContactInput!) { proposeContact(input: $input) { proposal { id } } }";
        let seen = json!({ "contact": entry["id"], "version": 3 });
        let input = json!({ "contact": seen, "set": { "phone": "030 999 99 99" }, "note": "Demo: nieuw nummer" });
        staff.ask(propose, json!({ "input": input })).await.data("/proposeContact/proposal/id");
        // A second entry of the same person, that went into the first, and one of somebody else.
        let second = curator.add(json!({ "email": "oud@noord.example" })).await;
        let input = json!({ "keep": { "contact": entry["id"], "version": 3 }, "other": { "contact": second["id"], "version": 1 } });
        curator.change("mergeContacts", input).await.data("/mergeContacts/version");
        curator.add(json!({ "name": "Demo Ander", "email": "xalida@noord.example" })).await;
        // Somebody new, whom nobody has decided about.
        let set = json!({ "name": "Demo Nieuw", "organisation": "Demo", "email": "alida@noord.example" });
        staff.ask(propose, json!({ "input": { "set": set } })).await.data("/proposeContact/proposal/id");

        let held = export(&db, " ALIDA@noord.example ");
        let entries = held["entries"].as_array().unwrap();
        let mut ids: Vec<String> = entries.iter().map(|one| one["entry"]["ID"].as_str().unwrap().replace('-', "")).collect();
        let mut both = [&entry["id"], &second["id"]].map(|id| id.as_str().unwrap().replace("contact_", ""));
        ids.sort_unstable();
        both.sort_unstable();
        assert_eq!(ids, both, "by the address of before, with what was merged, and nobody else");
        let first = entries.iter().find(|one| one["entry"]["EMAIL"] == "nieuw@noord.example").unwrap();
        assert_eq!(first["entry"]["CONSENT"], json!({ "on": "2026-11-01", "source": "formulier" }));
        let actions: Vec<&Value> = first["history"].as_array().unwrap().iter().map(|change| &change["action"]).collect();
        assert_eq!(actions, ["CREATE", "PUBLISH", "EDIT", "MERGE"]);
        assert_eq!(first["proposals"][0]["note"], "Demo: nieuw nummer");
        let accesses = first["accesses"].as_array().unwrap();
        let read = accesses.iter().find(|access| access["role"] == "PASSPORT_HOLDER").expect("the holder has read it");
        assert_eq!((&read["kind"], &read["purpose"]), (&json!("search"), &json!("contactenbestand")));
        assert!(accesses.iter().any(|access| access["role"] == "PROVIDER" && access["organisation"] != Value::Null));
        // Who has a passport is nobody's business.
        assert!(!held.to_string().contains("passport:") && read.get("actor").is_none(), "{held:#}");
        let new = &held["proposals"];
        assert_eq!((new.as_array().unwrap().len(), &new[0]["status"]), (1, &json!("OPEN")));
        assert_eq!(export(&db, "alida%@noord.example")["entries"], json!([]), "nothing is a wildcard");
        assert_eq!(export(&db, "_lida@noord.example")["entries"], json!([]));

        // By an address that a provider proposes for somebody who is in it, too.
        let seen = json!({ "contact": entry["id"], "version": 4 });
        let input = json!({ "contact": seen, "set": { "email": "voorgesteld@noord.example" } });
        staff.ask(propose, json!({ "input": input })).await.data("/proposeContact/proposal/id");
        assert_eq!(export(&db, "voorgesteld@noord.example")["entries"].as_array().unwrap().len(), 2);
        // Accents make another address.
        assert_eq!(export(&db, "álida@noord.example")["entries"], json!([]));
        // Colleagues who share one get each their own.
        let poli = [curator.add(json!({ "name": "Demo Een", "email": "poli@noord.example" })).await,
            curator.add(json!({ "name": "Demo Twee", "email": "poli@noord.example" })).await];
        let (shared, said) = exported(&db, &["--email", "poli@noord.example"]);
        assert_eq!(shared["entries"].as_array().unwrap().len(), 2);
        assert!(said.contains("--contact"), "{said}");
        let (alone, said) = exported(&db, &["--contact", poli[0]["id"].as_str().unwrap()]);
        assert_eq!((alone["entries"].as_array().unwrap().len(), said.as_str()), (1, ""));
        assert_eq!(alone["entries"][0]["entry"]["NAME"], "Demo Een");

        // And that was recorded.
        let query = "query($id: String!) { auditTrail(subject: $id, from: \"2026-12-01\", to: \"2026-12-01\", first: 100) {
            edges { node { kind purpose actor } } } }";
        let edges = curator.ask(query, json!({ "id": entry["id"] })).await.data("/auditTrail/edges");
        let export = json!({ "node": { "kind": "export", "purpose": "contact export", "actor": "operator" } });
        assert_eq!(edges.as_array().unwrap().iter().filter(|edge| **edge == export).count(), 2);
    }

    async fn what_was_withdrawn_long_ago_is_erased(db: TestDatabase) {
        let db = Arc::new(db);
        let service = Service::start(Arc::clone(&db)).await;
        let curator = Curator::of(&service);
        let connection = connect(&db).await;
        let before = texts(&connection, "SELECT name FROM contact").await;
        let entry = curator.publish(&curator.add(json!({ "name": "Demo Wisser" })).await).await;
        let second = curator.add(json!({ "name": "Demo Wisser Twee" })).await;
        let input = json!({ "keep": { "contact": entry["id"], "version": 2 }, "other": { "contact": second["id"], "version": 1 } });
        curator.change("mergeContacts", input).await.data("/mergeContacts/version");
        let input = json!({ "contact": entry["id"], "expectedVersion": 3, "reason": "CONSENT_WITHDRAWN" });
        curator.change("withdrawContact", input).await.data("/withdrawContact/version");
        let lately = curator.add(json!({ "name": "Demo Onlangs" })).await;
        let input = json!({ "contact": lately["id"], "expectedVersion": 1, "reason": "OTHER" });
        curator.change("withdrawContact", input).await.data("/withdrawContact/version");
        // The clock of the demo stands: these were withdrawn a year ago, one a day later.
        run(&connection, "UPDATE contact SET withdrawn_on = '2025-12-01' WHERE name LIKE 'Demo Wisser%'").await;
        run(&connection, "UPDATE contact SET withdrawn_on = '2025-12-02' WHERE name = 'Demo Onlangs'").await;
        assert_eq!(service.store.erase_contacts(366).await.unwrap(), Erased::default());
        assert_eq!(service.store.erase_contacts(365).await.unwrap(), Erased { contacts: 2, proposals: 0 });
        assert_eq!(service.store.erase_contacts(365).await.unwrap(), Erased::default());
        let mut left = before.clone();
        left.push("Demo Onlangs".into());
        left.sort_unstable();
        assert_eq!(texts(&connection, "SELECT name FROM contact").await, left);
        let id = match db.engine {
            crate::support::databases::Engine::Postgres => "contact_id::text",
            crate::support::databases::Engine::Sqlite => "lower(hex(contact_id))",
        };
        let erased: Vec<String> =
            texts(&connection, &format!("SELECT {id} FROM contact_erasure")).await.iter().map(|id| id.replace('-', "")).collect();
        let mut ids = [&entry["id"], &second["id"]].map(|id| id.as_str().unwrap().replace("contact_", ""));
        ids.sort_unstable();
        assert_eq!(erased, ids);
        // Nothing of the person is anywhere in the database.
        for table in ["contact_change", "contact_expertise", "contact_gemeente", "contact_region"] {
            let rest = texts(&connection, &format!("SELECT {id} FROM {table}")).await;
            assert!(rest.iter().all(|one| !ids.contains(&one.replace('-', ""))), "{table}");
        }
        for (table, column) in [("idempotency_key", "response"), ("audit_event", "objects"), ("contact_change", "fields"), ("contact_proposal", "fields")] {
            let rest = texts(&connection, &format!("SELECT CAST({column} AS TEXT) FROM {table} WHERE {column} IS NOT NULL")).await;
            assert!(rest.iter().all(|text| !text.contains("Wisser")), "{table}.{column}");
        }
        assert_eq!(curator.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": entry["id"] })).await.data("/node"), Value::Null);
        // The trail still says that somebody was erased, and who had read the entry.
        let query = "query($id: String!) { auditTrail(subject: $id, from: \"2026-12-01\", to: \"2026-12-01\", first: 100) {
            edges { node { kind purpose } } } }";
        let edges = curator.ask(query, json!({ "id": entry["id"] })).await.data("/auditTrail/edges");
        assert!(edges.as_array().unwrap().contains(&json!({ "node": { "kind": "delete", "purpose": "eraseContacts" } })));
        assert_eq!(service.store.database().verify_trail(None, |_| {}).await.unwrap().faults, []);
    }

    async fn what_was_merged_stays_as_long_as_what_it_went_into(db: TestDatabase) {
        let db = Arc::new(db);
        let service = Service::start(Arc::clone(&db)).await;
        let curator = Curator::of(&service);
        let connection = connect(&db).await;
        let mut entries = Vec::new();
        for name in ["Demo Keten Een", "Demo Keten Twee", "Demo Keten Drie"] {
            entries.push(curator.add(json!({ "name": name })).await);
        }
        for (keep, version, other) in [(1, 1, 0), (2, 1, 1)] {
            let other_version = if other == 0 { 1 } else { 2 };
            let input = json!({ "keep": { "contact": entries[keep]["id"], "version": version },
                "other": { "contact": entries[other]["id"], "version": other_version } });
            curator.change("mergeContacts", input).await.data("/mergeContacts/version");
        }
        run(&connection, "UPDATE contact SET withdrawn_on = '2020-01-01' WHERE name LIKE 'Demo Keten%' AND status = 'WITHDRAWN'").await;
        assert_eq!(service.store.erase_contacts(365).await.unwrap(), Erased::default());
        assert_eq!(curator.history(&entries[2]["id"]).await.len(), 7, "the whole chain");
        let input = json!({ "contact": entries[2]["id"], "expectedVersion": 2, "reason": "OTHER" });
        curator.change("withdrawContact", input).await.data("/withdrawContact/version");
        run(&connection, "UPDATE contact SET withdrawn_on = '2020-01-01' WHERE name LIKE 'Demo Keten%'").await;
        assert_eq!(service.store.erase_contacts(365).await.unwrap(), Erased { contacts: 3, proposals: 0 });
    }

    async fn a_draft_that_nobody_takes_up_is_erased(db: TestDatabase) {
        let db = Arc::new(db);
        let service = Service::start(Arc::clone(&db)).await;
        let curator = Curator::of(&service);
        for name in ["Demo Blijft Liggen", "Demo Wordt Opgepakt"] {
            curator.add(json!({ "name": name })).await;
        }
        let connection = connect(&db).await;
        run(&connection, "UPDATE contact SET updated_at = '2025-11-30 12:00:00+00:00' WHERE name = 'Demo Blijft Liggen'").await;
        assert_eq!(service.store.erase_contacts(365).await.unwrap(), Erased { contacts: 1, proposals: 0 });
        assert_eq!(texts(&connection, "SELECT name FROM contact WHERE name LIKE 'Demo Wordt%'").await.len(), 1);
    }

    async fn a_service_erases_by_itself(db: TestDatabase) {
        let db = Arc::new(db);
        let connection = connect(&db).await;
        run(&connection, "UPDATE contact SET withdrawn_on = '2020-01-01' WHERE status = 'WITHDRAWN'").await;
        let service = Service::start(db).await;
        let open = "SELECT name FROM contact WHERE status <> 'WITHDRAWN'";
        let expected = texts(&connection, open).await;
        let gone = async {
            while texts(&connection, "SELECT name FROM contact").await != expected {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_mins(1), gone).await.expect("erased");
        drop(service);
    }

    async fn what_was_proposed_long_ago_is_erased_too(db: TestDatabase) {
        let db = Arc::new(db);
        let service = Service::start(Arc::clone(&db)).await;
        let curator = Curator::of(&service);
        let staff = Curator { service: &service, token: service.token(&Subject::Provider(service.first_provider().await)) };
        let propose = "mutation($input: ProposeContactInput!) { proposeContact(input: $input) { proposal { id } } }";
        for name in ["Demo Open", "Demo Afgewezen"] {
            let set = json!({ "name": name, "organisation": "Demo" });
            let id = staff.ask(propose, json!({ "input": { "set": set } })).await.data("/proposeContact/proposal/id");
            if name == "Demo Afgewezen" {
                let decide = "mutation($input: DecideContactProposalInput!) { decideContactProposal(input: $input) { proposal { id } } }";
                let input = json!({ "proposal": id, "accept": false, "reason": "Demo" });
                curator.ask(decide, json!({ "input": input })).await.data("/decideContactProposal/proposal/id");
            }
        }
        let connection = connect(&db).await;
        assert_eq!(service.store.erase_contacts(365).await.unwrap(), Erased::default());
        run(&connection, "UPDATE contact_proposal SET proposed_at = '2020-01-01 00:00:00+00:00'").await;
        run(&connection, "UPDATE contact_proposal SET decided_at = '2020-01-01 00:00:00+00:00' WHERE decided_at IS NOT NULL").await;
        let set = json!({ "name": "Demo Vers", "organisation": "Demo" });
        staff.ask(propose, json!({ "input": { "set": set } })).await.data("/proposeContact/proposal/id");
        assert_eq!(service.store.erase_contacts(365).await.unwrap(), Erased { contacts: 0, proposals: 2 });
        let left = texts(&connection, "SELECT CAST(fields AS TEXT) FROM contact_proposal").await;
        assert!(left.len() == 1 && left[0].contains("Demo Vers"));
    }
}
