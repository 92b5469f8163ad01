//! What goes out, and comes back.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Bulk, EXPORT, headers};
use crate::support::databases::on_both_databases;

/// The cells of a file.
fn cells(file: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

on_both_databases! {
    async fn an_export_changes_nothing_when_it_comes_back(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        let before = bulk.state().await;
        let export = bulk.export().await;
        let rows = cells(&export);
        assert_eq!(rows.len(), 1 + usize::try_from(before[0]).unwrap());
        let ids: Vec<&String> = rows[1..].iter().map(|row| &row[0]).collect();
        assert!(ids.is_sorted(), "in the order of id");
        assert!(rows[1..].iter().any(|row| row[7].starts_with("place_")), "places are written");
        for query in ["?dryRun=true", ""] {
            assert_eq!(bulk.import(query, &export).await, json!([before[0], 0, 0, before[0], 0]));
        }
        assert_eq!(bulk.state().await, before);
        assert_eq!(bulk.export().await, export);
        // And comes back as a spreadsheet may save it.
        let saved = format!("\u{feff}{}", export.replace('\n', "\r\n"));
        assert_eq!(bulk.import("", &saved).await, json!([before[0], 0, 0, before[0], 0]));
    }

    async fn no_cell_begins_as_a_formula(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        let names = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "a;=1", "'t Demo", "\"=1\"", "=\"\"x\"\",y"];
        let head = "external_id,name,organisation,organisation_kind,phone,expertise\n";
        let rows = names.iter().enumerate().map(|(n, name)| {
            let name = if name.contains(['"', ',']) { format!("\"{}\"", name.trim_matches('"')) } else { (*name).into() };
            format!("=F-{n},{name},=Demo,OVERIG,+31 30 1234567,=x;-y\n")
        });
        let file = format!("{head}{}", rows.collect::<String>());
        assert_eq!(bulk.import("", &file).await, json!([names.len(), names.len(), 0, 0, 0]));
        let export = bulk.export().await;
        let written = cells(&export);
        for cell in written.iter().flatten().flat_map(|cell| cell.split(';')) {
            assert!(!cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
        let found: BTreeSet<&str> =
            written.iter().filter(|row| row[1].starts_with("'=F-")).map(|row| row[2].as_str()).collect();
        for name in ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "a;'=1", "'t Demo"] {
            assert!(found.contains(name), "{name}: {found:?}");
        }
        assert!(export.contains("'+31 30 1234567"));
        // What the map holds is what was sent, without the guard.
        let question = "{ contacts(filter: { text: \"=1+1\" }, first: 5) { edges { node { name phone expertise } } } }";
        let node = bulk.service.ask(Some(&bulk.token), question).await.data("/contacts/edges/0/node");
        assert_eq!(node, json!({ "name": "=1+1", "phone": "+31 30 1234567", "expertise": ["-y", "=x"] }));
        let all = written.len() - 1;
        assert_eq!(bulk.import("", &export).await, json!([all, 0, 0, all, 0]));
    }

    async fn an_export_is_recorded_batch_by_batch(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        let head = "external_id,name,organisation,organisation_kind\n";
        let rows: Vec<String> = (0..2_500).map(|n| format!("N-{n},Demo Veel {n},Demo Huis,OVERIG")).collect();
        bulk.import("", &format!("{head}{}\n", rows.join("\n"))).await;
        let export = bulk.export().await;
        let all = bulk.state().await[0];
        assert_eq!(cells(&export).len(), 1 + usize::try_from(all).unwrap());
        let exported = "from audit_event where event_type = 'export' and purpose = 'exportContacts'";
        assert_eq!(bulk.count(&format!("select count(*) {exported}")).await, 3);
        assert_eq!(bulk.count(&format!("select cast(sum(result_count) as bigint) {exported}")).await, all);
        let answer = bulk.service.send(Method::GET, EXPORT, headers(&[], Some(&bulk.token)), "").await;
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(header("cache-control"), "no-store");
        assert!(header("content-disposition").starts_with("attachment"));
        assert_eq!(bulk.import("", &export).await, json!([all, 0, 0, all, 0]));
    }

    async fn what_cannot_be_recorded_is_neither_exported_nor_imported(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        let before = bulk.state().await;
        sea_orm::ConnectionTrait::execute_unprepared(&bulk.database, "alter table audit_event rename to elsewhere")
            .await
            .unwrap();
        let file = "external_id,name,organisation,organisation_kind\nN-1,Demo Een,Demo Huis,OVERIG\n";
        let export = bulk.service.send(Method::GET, EXPORT, headers(&[], Some(&bulk.token)), "").await;
        for answer in [export, bulk.send("", file).await, bulk.send("?dryRun=true", file).await] {
            let body: Value = answer.json();
            assert_eq!((answer.status.as_u16(), answer.code()), (503, json!("UNAVAILABLE")), "{body}");
            assert!(answer.headers.contains_key("retry-after"));
        }
        assert_eq!(bulk.state().await, before);
    }
}
