//! Many rows: the report is exact, and what is good is there. `benches/import.rs` measures a larger file.

use std::fmt::Write;

use serde_json::json;

use super::{Bulk, counts, mistakes};
use crate::support::databases::on_both_databases;

const ROWS: u64 = 20_000;

/// A file of which every hundredth row has no mail address where one should be.
fn file() -> String {
    let mut file = "external_id,name,organisation,organisation_kind,email,expertise\n".to_owned();
    for n in 0..ROWS {
        let email = if n % 100 == 99 { "geen".to_owned() } else { format!("p{n}@demo.example") };
        writeln!(file, "M-{n},Demo Persoon {n},Demo Organisatie {},OVERIG,{email},tillen;epilepsie", n % 50).unwrap();
    }
    file
}

on_both_databases! {
    async fn a_large_file_is_reported_exactly(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        let before = bulk.state().await[0];
        let answer = bulk.send("", file()).await;
        assert_eq!(answer.status, 422);
        let (bad, good) = (ROWS / 100, ROWS - ROWS / 100);
        assert_eq!(counts(&answer.json()), json!([ROWS, good, 0, 0, bad]));
        assert_eq!(bulk.state().await[0], before);
        let found = mistakes(&answer.json());
        let lines: Vec<u64> = found.iter().map(|(line, ..)| *line).collect();
        // The row with number 99 is on line 101.
        assert_eq!(lines, (0..bad).map(|n| n * 100 + 101).collect::<Vec<_>>());
        assert!(found.iter().all(|(_, column, _)| column == "email"));

        let answer = bulk.send("?partial=true", file()).await;
        assert_eq!((answer.status.as_u16(), mistakes(&answer.json())), (200, found));
        assert_eq!(bulk.state().await[0], before + i64::try_from(good).unwrap());
        let recorded = "select cast(sum(result_count) as bigint) from audit_event where event_type = 'create'";
        assert_eq!(bulk.count(recorded).await, i64::try_from(good).unwrap());
        let again = bulk.send("?partial=true", file()).await;
        assert_eq!(counts(&again.json()), json!([ROWS, 0, 0, good, bad]));
    }
}
